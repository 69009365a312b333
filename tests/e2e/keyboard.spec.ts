import { expect, type Page } from '@playwright/test'
import { expect_errors, make_center, password_of, post_mail, show_widget, sign_in, test } from './center'

const letter = (subject: string) => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <keyboard.${Date.now()}.${Math.random()}@example.net>

It squeaks when I turn it.
`
const focus_is_somewhere = (page: Page) =>
  expect.poll(() => page.evaluate(() => document.activeElement !== document.body)).toBe(true)

/** The dialog keeps the focus however often one goes on, and gives it back. */
async function holds_the_focus(page: Page) {
  for (let i = 0; i < 12; i++) {
    await page.keyboard.press(i % 3 ? 'Tab' : 'Shift+Tab')
    expect(await page.evaluate(() => !!document.activeElement?.closest('[role="dialog"]'))).toBe(true)
  }
}

test('a shift without a mouse', async ({ page, request, browser }) => {
  test.setTimeout(180_000)
  const center = await make_center(request, { role: 'supervisor' })
  const headers = await sign_in(request)
  const queue = await request.get(`/api/v1/queues/${center.queue}`)
  const match = { 'If-Match': queue.headers()['etag']! }
  await request.patch(`/api/v1/queues/${center.queue}`, { headers: { ...headers, ...match }, data: { wrapup_s: 600 } })
  const press = (...keys: string[]) => keys.reduce((before, key) => before.then(() => page.keyboard.press(key)), Promise.resolve())
  const accept = () =>
    expect(async () => {
      await press('F2')
      await expect(page.getByTestId('offer-card')).toBeHidden({ timeout: 500 })
    }).toPass()
  const state_of = async (ticket: number) => (await (await page.request.get(`/api/v1/tickets/${ticket}`)).json()).state

  // Signing in, and Ready.
  await page.goto('/work')
  await expect(page.getByTestId('login-name')).toBeFocused()
  await page.keyboard.insertText(center.agent)
  await press('Tab')
  await page.keyboard.insertText(password_of(center.agent))
  await press('Enter')
  await expect(page.getByTestId('presence-button')).toBeVisible()
  await press('p')
  await expect(page.getByTestId('presence-menu')).toBeVisible()
  await press('1')
  await expect(page.getByTestId('presence-button')).toHaveAttribute('data-state-name', 'ready')

  // A mail: taken, read, answered, taken back, answered, with a note.
  const first = await post_mail(request, center, letter('The zylophant squeaks'))
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await accept()
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await page.keyboard.insertText('Serves you right.')
  await press('Control+Enter')
  await expect(page.getByTestId('undo-send')).toBeVisible()
  await press('Escape', 'z')
  await expect(page.getByTestId('reply-text')).toHaveValue('Serves you right.')
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await press('Control+a')
  await page.keyboard.insertText('Please oil the left wheel.')
  await press('Control+Enter')
  await expect(page.getByTestId('timeline')).toContainText('Please oil the left wheel.')
  await press('Escape', 'Home', 'n')
  await expect(page.getByTestId('note-text')).toBeFocused()
  await page.keyboard.insertText('This one writes every week.')
  await press('Control+Enter')
  await expect(page.getByTestId('note-entry')).toContainText('every week')
  await press('Escape')

  // The customer's panel goes and comes.
  await press('c')
  await expect(page.getByTestId('side-panel')).toHaveCount(0)
  await press('c')
  await expect(page.getByTestId('customer-panel')).toContainText('zelda@example.net')

  // Dialogs keep the focus and give it back.
  for (const [key, dialog] of [['t', 'transfer-dialog'], ['?', 'key-table'], ['Control+k', 'palette'], ['h', '']] as const) {
    await press('r')
    await expect(page.getByTestId('reply-text')).toBeFocused()
    if (key !== 'Control+k') await press('Escape')
    const before = await page.evaluateHandle(() => document.activeElement)
    await press(key)
    await expect(dialog ? page.getByTestId(dialog) : page.getByRole('dialog')).toBeVisible()
    await holds_the_focus(page)
    await press('Escape')
    await expect(page.getByRole('dialog')).toHaveCount(0)
    expect(await page.evaluate((element) => element === document.activeElement, before)).toBe(true)
  }
  await page.getByTestId('reply-text').blur()

  // Held, and on with the next: a transfer with a comment.
  await press('h')
  await expect(page.getByRole('dialog')).toBeVisible()
  await press('1')
  await expect.poll(() => state_of(first.ticket_id)).toBe('held')
  const second = await post_mail(request, center, letter('The zylophant was billed twice'))
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await accept()
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await press('Escape', 't')
  await expect(page.getByTestId('transfer-search')).toBeFocused()
  await page.keyboard.insertText('billing')
  await expect(page.getByTestId('transfer-dialog').getByRole('option')).toHaveCount(1)
  await press('Enter')
  await expect(page.getByTestId('transfer-note')).toBeFocused()
  await page.keyboard.insertText('He has the receipts.')
  await press('Control+Enter')
  await expect(page.getByTestId('transfer-dialog')).toHaveCount(0)
  await expect.poll(async () => (await (await page.request.get(`/api/v1/tickets/${second.ticket_id}`)).json()).queue.name).toMatch(/billing/i)

  // A chat, solved, and its wrap-up.
  const shop = await (await browser.newContext()).newPage()
  const widget = await show_widget(shop, center.website)
  await widget.getByRole('button').first().click()
  await widget.getByRole('dialog').getByRole('textbox').last().fill('Do you sell zylophants?')
  await widget.getByRole('dialog').getByRole('textbox').last().press('Enter')
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await accept()
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await page.keyboard.insertText('We do.')
  await press('Enter')
  await expect(widget.getByText('We do.')).toBeVisible()
  await press('Escape', 's')
  await expect(page.getByRole('dialog')).toBeVisible()
  await press('1')
  await expect(page.getByTestId('wrapup')).toBeVisible()
  await press('w')
  await expect(page.getByTestId('wrapup')).toHaveCount(0)
  await shop.context().close()

  // Lists, filters, search, and every place that has a key.
  await press('g', 't')
  await expect(page).toHaveURL(/\/tickets$/)
  await expect(page.getByTestId('ticket-row').first()).toBeVisible()
  await press('j', 'k')
  await expect(page.getByTestId('ticket-list')).toBeFocused()
  while (!(await page.getByTestId('filter-queue').evaluate((element) => element === document.activeElement))) await press('Shift+Tab')
  await page.keyboard.type(center.agent)
  await expect(page.getByTestId('filter-queue')).toHaveValue(String(center.queue))
  await press('Escape', 'j')
  await expect(page.getByTestId('ticket-row')).toHaveCount(1)
  await press('Enter')
  await expect(page).toHaveURL(new RegExp(`/work/${first.ticket_id}$`))
  for (const [key, path] of [['q', 'queues'], ['a', 'agents'], ['b', 'wallboard'], ['w', 'work']] as const) {
    await press('g', key)
    await expect(page).toHaveURL(new RegExp(`/${path}$`))
  }
  await press('1')
  await expect(page).toHaveURL(new RegExp(`/work/${first.ticket_id}$`))
  await press('/')
  await expect(page.getByTestId('search')).toBeFocused()
  await page.keyboard.insertText(String(first.ticket_id))
  await press('Enter')
  await expect(page).toHaveURL(/\/work\/\d+$/)
  await press('Tab')
  await focus_is_somewhere(page)
})

test('the wallboard names nobody, and says when it is stale', async ({ page, request }) => {
  const center = await make_center(request, { role: 'supervisor' })
  await post_mail(request, center, letter('The zylophant waits'))
  await page.goto('/work')
  await page.getByTestId('login-name').fill(center.agent)
  await page.getByTestId('login-password').fill(password_of(center.agent))
  await page.getByTestId('login-submit').press('Enter')
  await expect(page.getByTestId('presence-button')).toBeVisible()
  await page.clock.install()
  await page.keyboard.press('g')
  await page.keyboard.press('b')
  const own = page.getByTestId('wallboard-queue').filter({ hasText: center.agent })
  await expect(own).toContainText('waiting')
  await expect(page.getByTestId('wallboard-as-of')).toContainText('As of')
  await expect(page.getByRole('main')).not.toContainText('Zelda')
  await expect(page.getByRole('main')).not.toContainText('Wren Calloway')
  const size = await own.locator('dd').first().evaluate((element) => getComputedStyle(element).fontSize)
  expect(size).toBe('56px')
  expect_errors(/ERR_INTERNET_DISCONNECTED/)
  await page.context().setOffline(true)
  await page.clock.runFor(30_000)
  await expect(page.getByTestId('wallboard-as-of')).toContainText('Old figures, from')
})
