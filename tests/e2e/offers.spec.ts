import { expect } from '@playwright/test'
import { accept_by_key, make_center, post_mail, sign_in_and_be_ready, test } from './center'

const mail = (subject: string, body = 'As it says.') => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <${Date.now()}.${Math.random()}@example.net>

${body}
`

test('an offer is seen and taken on every page', async ({ page, request }) => {
  const center = await make_center(request, { role: 'admin', capacity: 20 })
  await sign_in_and_be_ready(page, center.agent)
  const pages = ['/tickets', '/me', '/queues', '/agents', '/quarantine', '/what-if', '/admin/queues', '/nowhere']
  for (const where of pages) {
    await page.goto(where)
    const { ticket_id } = await post_mail(request, center, mail(`Taken on ${where}`))
    await expect(page.getByTestId('offer-card'), where).toContainText('Zelda Quill')
    await expect(page.getByTestId('offer-card')).toBeInViewport({ ratio: 1 })
    await accept_by_key(page)
    await expect(page).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  }
})

test('a long mail is read from its first line, and its keys reach both ends', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const lines = Array.from({ length: 300 }, (_, i) => `This is line ${i + 1} of what I have to say.`)
  await post_mail(request, center, mail('A long story', lines.join('\n')))
  await accept_by_key(page)
  await expect(page.getByTestId('timeline')).toContainText('This is line 300 of')
  const first_shown = async () =>
    page.getByTestId('timeline').evaluate((box) => box.scrollTop < 300 && box.scrollHeight > 2 * box.clientHeight)
  await expect.poll(first_shown).toBe(true)

  await page.keyboard.press('Escape')
  await page.keyboard.press('End')
  const at_end = async () =>
    page.getByTestId('timeline').evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight < 200)
  await expect.poll(at_end).toBe(true)
  await page.keyboard.press('PageUp')
  await expect.poll(at_end).toBe(false)
  expect(await first_shown()).toBe(false)
  await page.keyboard.press('Home')
  await expect.poll(first_shown).toBe(true)
})
