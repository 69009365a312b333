import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { accept_by_key, type center, log_in, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'
import { mail_sink } from './sink'
import { visitor } from './visitor'

const mail = (subject: string, from = 'Zelda Quill <zelda@example.net>', more = '') => `From: ${from}
To: desk@example.com${more}
Subject: ${subject}
Message-ID: <${Date.now()}.${Math.random()}@example.net>

As it says.
`

async function set_queue(request: APIRequestContext, center: center, data: object) {
  const headers = await sign_in(request)
  const set = await request.patch(`/api/v1/queues/${center.queue}`, { headers, data })
  expect(set.status(), await set.text()).toBe(200)
}

const card = (page: Page) => page.getByTestId('offer-card')
/** By its key, where no field has the focus. */
async function press(page: Page, key: string) {
  await page.keyboard.press('Escape')
  await page.keyboard.press(key)
}

test('14. a wrap-up counts down on every page and after a reload; w ends it, and what waits is offered at once', async ({
  page,
  request,
  browser,
}) => {
  const center = await make_center(request, { capacity: 1 })
  await set_queue(request, center, { wrapup_s: 600 })
  await sign_in_and_be_ready(page, center.agent)
  const first = await visitor.come(await browser.newContext(), center)
  await first.say('The first')
  await accept_by_key(page)
  const second = await visitor.come(await browser.newContext(), center)
  await second.say('The second')
  await press(page, 's')
  await page.keyboard.press('1')
  const wrapup = page.getByTestId('wrapup')
  for (const where of ['/tickets', '/me', '/work']) {
    await page.goto(where)
    await expect(wrapup, where).toContainText(/\d:\d\d/)
    await expect(card(page), where).toBeHidden()
  }
  await press(page, 'w')
  await expect(card(page)).toContainText('chat', { ignoreCase: true })
  await expect(wrapup).toBeHidden()
  await accept_by_key(page)
  await expect(page.getByTestId('timeline')).toContainText('The second')
})

test('15. who logs in to four waiting mails is asked for one after the other, and stays ready', async ({ page, request }) => {
  const center = await make_center(request, { capacity: 20 })
  const subjects = ['The first', 'The second', 'The third', 'The fourth']
  for (const subject of subjects) await post_mail(request, center, mail(subject))
  await sign_in_and_be_ready(page, center.agent)
  for (const subject of subjects) {
    await expect(card(page)).toContainText(subject)
    await expect(page.getByTestId('offer-tray')).not.toContainText('+1')
    await expect(async () => {
      await page.keyboard.press('F2') // dead for a card's first 300 ms
      await expect(card(page).filter({ hasText: subject })).toHaveCount(0, { timeout: 400 })
    }).toPass()
  }
  await expect(page.getByTestId('presence-button')).toHaveAttribute('data-state-name', 'ready')
})

test('16. a mail in hand hides nobody from a chat, and comes back after it', async ({ page, request, browser }) => {
  const center = await make_center(request, { capacity: 1 })
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post_mail(request, center, mail('The mail in hand'))
  await accept_by_key(page)
  const guest = await visitor.come(await browser.newContext(), center)
  await guest.say('Is anybody there?')
  await expect(card(page)).toContainText('chat', { ignoreCase: true })
  await accept_by_key(page)
  await expect(page.getByTestId('timeline')).toContainText('Is anybody there?')
  await press(page, 's')
  await page.keyboard.press('1')
  await page.goto(`/work/${ticket_id}`)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
})

test.describe('18. a mail with two people in To and one in Cc', () => {
  const crowd = ', Tom Bauer <tom@example.net>\nCc: Accounts <accounts@example.net>'
  const answer_as = async (page: Page, request: APIRequestContext, choose: () => Promise<void>) => {
    const sink = await mail_sink.start()
    try {
      const center = await make_center(request)
      await sign_in_and_be_ready(page, center.agent)
      await post_mail(request, center, mail(`For several ${Math.random()}`, 'Zelda Quill <zelda@example.net>', crowd))
      await accept_by_key(page)
      await page.getByTestId('reply-text').fill('Here it is.')
      await choose()
      const said = await page.getByTestId('recipient').allInnerTexts()
      await page.keyboard.press('Control+Enter')
      const guard = page.getByTestId('guard-send')
      await expect(guard.or(page.getByTestId('timeline').getByText('Here it is.'))).toBeVisible()
      if (await guard.isVisible()) await guard.click()
      await expect.poll(() => sink.taken.length, { timeout: 30_000 }).toBeGreaterThan(0)
      return { said, went: sink.taken.flatMap(({ to }) => to).sort() }
    } finally {
      sink.stop()
    }
  }

  test('goes to its author alone', async ({ page, request }) => {
    const { said, went } = await answer_as(page, request, async () => {
      await expect(page.getByTestId('reply-others')).toContainText('Tom Bauer')
      await page.getByTestId('reply-text').focus()
    })
    expect(said).toHaveLength(1)
    expect(went).toEqual(['zelda@example.net'])
  })
  test('goes to all of them', async ({ page, request }) => {
    const { said, went } = await answer_as(page, request, async () => {
      await page.getByTestId('reply-all').click()
      await page.getByTestId('reply-text').focus()
    })
    expect(said).toHaveLength(3)
    expect(went).toEqual(['accounts@example.net', 'tom@example.net', 'zelda@example.net'])
  })
  test('goes to whom the writer has left of them', async ({ page, request }) => {
    const { said, went } = await answer_as(page, request, async () => {
      await page.getByTestId('reply-all').click()
      await page.getByTestId('recipient').filter({ hasText: 'tom@example.net' }).getByRole('button').click()
      await page.getByTestId('reply-text').focus()
    })
    expect(said).toHaveLength(2)
    expect(went).toEqual(['accounts@example.net', 'zelda@example.net'])
  })
})

test('11. two agents edit one field: the later one sees both, and chooses with one click', async ({
  page,
  request,
  browser,
}) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post_mail(request, center, mail('Who is Zelda', `Nemo <nemo.${Date.now()}@example.net>`))
  await accept_by_key(page)
  const boss = await (await browser.newContext()).newPage()
  await log_in(boss, 'admin')
  await boss.goto(`/work/${ticket_id}`)
  const about = (who: Page) => who.getByTestId('side-panel').getByLabel('About')
  await about(boss).fill('Pays late.')
  await about(page).fill('Prefers mail.')
  await about(boss).press('Tab')
  await expect(boss.getByTestId('side-panel')).toContainText('saved')
  await about(page).press('Tab')
  const choice = page.getByTestId('side-panel').getByText('Changed meanwhile to')
  await expect(choice).toContainText('Pays late.')
  await expect(choice).toContainText('Prefers mail.')
  await page.getByRole('button', { name: 'Mine' }).click()
  await expect(about(page)).toHaveValue('Prefers mail.')
  await expect(about(boss)).toHaveValue('Prefers mail.')
})

