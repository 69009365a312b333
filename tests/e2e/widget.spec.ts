import { expect, type Page } from '@playwright/test'
import { accept_by_key, make_center, sign_in_and_be_ready, test } from './center'
import { mail_sink } from './sink'
import { visitor } from './visitor'

const bubble = (page: Page, words: string) => page.getByTestId('chat-bubble').filter({ hasText: words })

async function answer(page: Page, words: string) {
  await page.getByTestId('reply-text').fill(words)
  await expect(page.getByTestId('send')).toBeEnabled() // files are there
  await page.getByTestId('reply-text').press('Enter')
  await expect(bubble(page, words)).toBeVisible()
}

test('a page that is loaded anew has its chat as it was: open or closed, read or not, and typing', async ({
  page,
  request,
  context,
}) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await guest.say('Do you sell kettles?')
  await accept_by_key(page)
  await expect(guest.chat).toContainText('Wren Calloway has joined the chat.')
  await answer(page, 'We do.')
  await expect(guest.chat).toContainText('We do.')

  await guest.reload()
  await expect(guest.chat).toContainText('We do.')
  await guest.text.pressSequentially('I would')
  await expect(page.getByTestId('typing')).toBeVisible()
  // Told at most each few seconds, and the answer before was one of them.
  await expect(async () => {
    await page.getByTestId('reply-text').pressSequentially('.')
    await expect(guest.chat).toContainText('Wren Calloway is typing', { timeout: 500 })
  }).toPass()

  await guest.chat.getByRole('button', { name: 'Close chat' }).click()
  await guest.reload()
  await expect(guest.launcher).toHaveAccessibleName('Open chat')
  await answer(page, 'Which one?')
  await expect(guest.launcher).toHaveAccessibleName('Open chat, 1 new')
  await guest.reload()
  await expect(guest.launcher).toHaveAccessibleName('Open chat, 1 new')
  await guest.launcher.click()
  await expect(guest.chat).toContainText('Which one?')
})

test('files go both ways', async ({ page, request, context }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  const file = (name: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(`the words of ${name}`) })
  await guest.chat.locator('input[type=file]').setInputFiles(file('leak.txt'))
  await expect(guest.chat).toContainText('leak.txt')
  await guest.say('It leaks.')
  await accept_by_key(page)
  await expect(bubble(page, 'It leaks.').getByRole('link', { name: /leak\.txt/ })).toBeVisible()

  await page.getByTestId('reply-composer').locator('input[type=file]').setInputFiles(file('plan.txt'))
  await answer(page, 'Do as it says.')
  const saved = guest.page.waitForEvent('download')
  await guest.chat.getByRole('button', { name: 'plan.txt' }).click()
  expect((await saved).suggestedFilename()).toBe('plan.txt')
  const chunks: Buffer[] = []
  for await (const chunk of await (await saved).createReadStream()) chunks.push(chunk as Buffer)
  expect(Buffer.concat(chunks).toString()).toBe('the words of plan.txt')
})

test('who leaves an address is shown with it as a claim, and is sent what was said', async ({ page, request, context }) => {
  const center = await make_center(request)
  const sink = await mail_sink.start()
  try {
    const guest = await visitor.come(context, center)
    await guest.say('Is anybody there?')
    await expect(guest.chat).toContainText('Nobody is here yet.')
    await guest.chat.getByLabel('Your e-mail address').fill('ada@example.org')
    await guest.chat.getByRole('button', { name: 'Save' }).click()
    await expect(guest.chat).toContainText('If you go, we answer to ada@example.org.')

    await sign_in_and_be_ready(page, center.agent)
    await accept_by_key(page)
    await expect(page.getByTestId('visitor-claims')).toContainText('not confirmed')
    await expect(page.getByTestId('visitor-claims')).toContainText('ada@example.org')
    await expect(page.getByTestId('visitor-claims')).toContainText('Visitor, from 127.0.0.1')
    await expect(page.getByTestId('send')).toContainText('Send to Visitor')
    await answer(page, 'I am.')
    await guest.chat.getByRole('button', { name: 'Send me this chat by e-mail' }).click()
    await expect(guest.chat).toContainText('on its way to ada@example.org')
    await expect.poll(() => sink.taken.filter(({ to }) => to[0] === 'ada@example.org').length).toBe(1)

    await guest.page.close()
    await page.getByTestId('by-mail').click()
    await expect(page.getByTestId('by-mail-to')).toContainText('ada@example.org')
    await expect(page.getByTestId('send')).toContainText('Mail to ada@example.org')
    await page.getByTestId('reply-text').fill('You have gone, so this is a mail.')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByTestId('timeline').locator('[data-kind=email]').last()).toContainText('this is a mail')
  } finally {
    sink.stop()
  }
})

test('who is told that his chat was solved may write on', async ({ page, request, context }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await guest.say('Do you sell kettles?')
  await accept_by_key(page)
  await answer(page, 'We do.')
  await page.keyboard.press('Escape')
  await page.getByTestId('timeline').click()
  await page.keyboard.press('s')
  await page.getByTestId('disposition-resolved').click()
  await expect(guest.chat).toContainText('This chat was closed. Write to go on with it.')
  await guest.say('Which?')
  await expect(page.getByTestId('offer-card')).toBeVisible()
})
