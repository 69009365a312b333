import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { accept_by_key, log_in, make_center, post_mail, save_form, sign_in, sign_in_and_be_ready } from './center'
import { visitor } from './visitor'

async function expect_accessible(page: Page) {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode()
    .analyze()
  expect.soft(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)).toEqual([])
}
const mail = (subject: string) =>
  `From: Ada <ada-${Date.now()}@example.com>\nTo: desk@example.com\nSubject: ${subject}\nMessage-ID: <${Date.now()}-${Math.random()}@example.com>\n\nIt leaks.\n`

test('19. an edited form is asked for once, whichever way one leaves it, and nothing is lost', async ({ page, request }) => {
  test.slow()
  const { queue, agent } = await make_center(request)
  await log_in(page, 'admin')
  await page.goto('/admin/queues')
  await page.getByRole('button', { name: agent }).click()
  const signature = page.getByTestId('field-signature')
  await signature.fill('Yours, the desk')
  const asked = page.getByTestId('unsaved-dialog')
  const leaving: [string, () => Promise<unknown>][] = [
    ['Close', () => page.getByTestId('admin-form').getByRole('button', { name: 'Close' }).first().click()],
    ['another row', () => page.getByTestId('admin-row').first().click()],
    ['another page of the admin', () => page.getByRole('link', { name: 'Skills' }).click()],
    ['another route', () => page.locator('a[href="/tickets"]').first().click()],
    ['Esc', () => signature.press('Escape')],
    ['back', () => page.evaluate(() => history.back())],
  ]
  for (const [way, leave] of leaving) {
    await leave()
    await expect(asked, way).toBeVisible()
    await page.getByTestId('unsaved-keep').click()
    await expect(asked, way).toBeHidden()
    await expect(signature, way).toHaveValue('Yours, the desk')
    await expect(page, way).toHaveURL(new RegExp(`/admin/queues/${queue}$`))
  }
  let warned = ''
  page.once('dialog', (dialog) => {
    warned = dialog.type()
    void dialog.dismiss()
  })
  await page.evaluate(() => setTimeout(() => location.reload()))
  await expect.poll(() => warned).toBe('beforeunload')
  await expect(signature).toHaveValue('Yours, the desk')

  await page.locator('a[href="/tickets"]').first().click()
  await page.getByTestId('unsaved-discard').click()
  await expect(page).toHaveURL(/\/tickets$/)
  await page.goto(`/admin/queues/${queue}`)
  await expect(signature).toHaveValue('')
  await signature.fill('Saved')
  await save_form(page)
  await page.locator('a[href="/tickets"]').first().click()
  await expect(page).toHaveURL(/\/tickets$/)
})

test('19. the words of a dialog and of a customer are not lost either', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post_mail(request, center, mail('Kettle'))
  await accept_by_key(page)
  await expect(page).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  await page.locator('#main').focus()
  await page.keyboard.press('t')
  await page.getByTestId('transfer-note').fill('Knows the kettle')
  await page.keyboard.press('Escape')
  await page.getByTestId('unsaved-keep').click()
  await expect(page.getByTestId('transfer-note')).toHaveValue('Knows the kettle')
  await page.getByTestId('transfer-dialog').getByRole('button', { name: 'Back' }).click()
  await page.getByTestId('unsaved-discard').click()
  await expect(page.getByTestId('transfer-dialog')).toBeHidden()

  const about = page.getByLabel('About')
  await about.fill('Writes at night')
  await page.locator('a[href="/tickets"]').first().click()
  await expect(page).toHaveURL(/\/tickets$/)
  await page.goto(`/work/${ticket_id}`)
  await expect(about).toHaveValue('Writes at night')
})

test('a gateway asks for what its kind has, takes a test contact and says what became of it', async ({ page, request }) => {
  test.slow()
  const center = await make_center(request)
  await log_in(page, 'admin')
  await page.goto('/admin/gateways/new')
  const form = page.getByTestId('admin-form')
  await page.getByTestId('field-kind').selectOption({ label: 'E-mail' })
  await expect(form.getByText('Mailbox that is fetched (IMAP)')).toBeVisible()
  await expect(page.getByTestId('field-settings.imap.host')).toHaveAttribute('placeholder', /^e\.g\. /)
  await page.getByTestId('field-kind').selectOption({ label: 'Fax' })
  await expect(form.getByText('Mailbox that is fetched (IMAP)')).toHaveCount(0)
  await expect(page.getByTestId('field-settings.own_numbers')).toBeVisible()
  const name = `fax-${Date.now()}`
  await page.getByTestId('field-name').fill(name)
  await page.getByTestId('field-queue_id').selectOption({ label: center.agent })
  await page.getByTestId('admin-save').click()
  await expect(page.getByTestId('gateway-last')).toHaveText('Nothing came yet.')
  await expect(page.getByTestId('gateway-curl')).toContainText(`/api/v1/intake/${name}`)
  await page.getByTestId('gateway-test').click()
  await expect(page.getByTestId('gateway-became')).toContainText('Taken in: it is ticket')
  await expect_accessible(page)
  await page.getByTestId('gateway-became').getByRole('link').click()
  await expect(page).toHaveURL(/\/work\/\d+$/)

  await page.goto('/admin/gateways')
  await page.getByRole('button', { name: center.website }).click()
  await expect(page.getByTestId('gateway-snippet')).toContainText(`data-gateway="${center.website}"`)
  await expect(page.getByTestId('gateway-test')).toHaveCount(0)
})

test('a token is ticked together, shown once, and made once', async ({ page, request }) => {
  const center = await make_center(request)
  const headers = await sign_in(request)
  await log_in(page, 'admin')
  await page.goto('/admin/tokens/new')
  const name = `token ${center.agent}`
  await page.getByTestId('field-name').fill(name)
  await expect(page.getByTestId('admin-save')).toBeDisabled()
  await page.getByLabel('Hand contacts in').check()
  await page.getByLabel(center.mailbox).check()
  await page.getByRole('button', { name: '90 days' }).click()
  await expect(page.getByTestId('expiry-day')).not.toHaveValue('')
  await page.getByTestId('admin-save').dblclick()
  await expect(page.getByTestId('admin-secret-text')).toHaveText(/^sb_/)
  await expect(page.getByTestId('admin-save')).toHaveCount(0)
  await page.locator('a[href="/tickets"]').first().click()
  await page.getByTestId('unsaved-keep').click()
  await expect(page.getByTestId('admin-secret-text')).toHaveText(/^sb_/)
  await expect_accessible(page)
  await page.getByTestId('admin-secret-done').click()
  await expect(page.getByTestId('admin-form')).toHaveCount(0)
  const all = (await (await request.get('/api/v1/tokens?limit=200', { headers })).json()).items
  const made = all.filter((token: { name: string }) => token.name === name)
  expect(made).toHaveLength(1)
  expect(made[0].scopes).toEqual(['intake'])
  expect(made[0].gateway_ids).toHaveLength(1)

  await page.getByRole('button', { name }).click()
  await page.getByTestId('admin-remove').click()
  await expect(page.getByTestId('admin-remove')).toHaveText('Revoke for good')
  await page.getByTestId('admin-remove').click()
  await expect(page.getByRole('row').filter({ hasText: name })).toContainText('revoked')
})

test('a rule without a condition is refused where it stands; what is seldom meant is said', async ({ page, request }) => {
  await make_center(request)
  await log_in(page, 'admin')
  await page.goto('/admin/rules/new')
  await page.getByTestId('field-name').fill('For everybody')
  await expect(page.getByTestId('admin-warnings')).toHaveText('This rule does nothing.')
  await page.getByTestId('admin-save').click()
  await expect(page.getByTestId('admin-form')).toContainText('When: choose at least one, or “Always”')
  await page.getByLabel('Always, for every new ticket').check()
  await expect(page.getByText('If it says')).toHaveCount(0)
  await page.getByTestId('admin-save').click()
  await expect(page.getByTestId('admin-remove')).toBeVisible()
  await page.getByTestId('admin-remove').click()
  await page.getByTestId('admin-remove').click()
  await expect(page.getByTestId('admin-form')).toHaveCount(0)
})

test("a queue's own dispositions are chosen by their keys in Solve, in Send and solve, and in wrap-up", async ({ page, request, browser }) => {
  test.slow()
  const center = await make_center(request)
  const headers = await sign_in(request)
  const set = await request.patch(`/api/v1/queues/${center.queue}`, { headers, data: { wrapup_s: 600 } })
  expect(set.status(), await set.text()).toBe(200)
  await log_in(page, 'admin')
  await page.goto(`/admin/queues/${center.queue}`)
  const list = page.getByTestId('field-dispositions')
  await list.getByTestId('dispositions-add').click()
  await page.getByTestId('dispositions-2').getByLabel('Name').fill('Refund paid')
  await page.getByTestId('dispositions-1').getByLabel('Retired').check()
  await page.getByTestId('dispositions-2').getByRole('button', { name: 'Move line 3 up' }).click()
  await save_form(page)

  const desk = await (await browser.newContext()).newPage()
  await sign_in_and_be_ready(desk, center.agent)
  const { ticket_id } = await post_mail(request, center, mail('Kettle'))
  await accept_by_key(desk)
  await expect(desk).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  await desk.locator('#main').focus()
  await desk.keyboard.press('s')
  await expect(desk.getByTestId('solve-dialog').locator('[data-testid^=disposition-]')).toHaveText([/Resolved\s*1/, /Refund paid\s*2/])
  await desk.keyboard.press('2')
  await expect(desk.getByTestId('solve-dialog')).toBeHidden()
  const of = async (id: number) => (await (await request.get(`/api/v1/tickets/${id}`, { headers })).json()).disposition
  await expect.poll(() => of(ticket_id)).toBe('refund_paid')

  const guest = await visitor.come(await browser.newContext(), center)
  await guest.say('Is the kettle on its way?')
  await accept_by_key(desk)
  await expect(desk.getByTestId('timeline')).toContainText('Is the kettle on its way?')
  const chat_id = Number(/work\/(\d+)$/.exec(desk.url())![1])
  await desk.locator('#main').focus()
  await desk.keyboard.press('s')
  await desk.keyboard.press('1')
  await expect(desk.getByTestId('wrapup')).toBeVisible()
  await expect(desk.getByTestId('wrapup-resolved')).toHaveAttribute('aria-pressed', 'true')
  await desk.locator('#main').focus()
  await desk.keyboard.press('2')
  await expect(desk.getByTestId('wrapup')).toBeHidden()
  await expect.poll(() => of(chat_id)).toBe('refund_paid')
})

test('every key can be moved and switched off, is refused by name where it is taken, and is printed as it is', async ({ page, request }) => {
  const center = await make_center(request)
  await log_in(page, center.agent)
  await page.goto('/me')
  await page.getByText('Change keys').click()
  const search = page.getByTestId('key-app.search')
  await search.getByRole('button', { name: /change$/ }).click()
  await page.getByTestId('key-asking').press('j')
  await page.getByTestId('key-asking').press('Enter')
  await expect(page.getByTestId('key-refusal')).toHaveText('j is “Next row” already.')
  await search.getByRole('button', { name: /change$/ }).click()
  await page.getByTestId('key-asking').press('y')
  await page.getByTestId('key-asking').press('Enter')
  await expect(page.getByTestId('key-refusal')).toHaveCount(0)
  await expect(page.locator('form[role=search] kbd')).toHaveText('y')
  await expect_accessible(page)
  await page.reload() // the server has it
  await page.locator('#main').focus()
  await page.keyboard.press('/')
  await expect(page.getByTestId('search')).not.toBeFocused()
  await page.keyboard.press('y')
  await expect(page.getByTestId('search')).toBeFocused()
  await page.getByText('Change keys').click()
  await search.getByRole('button', { name: /^Switch off/ }).click()
  await expect(search).toContainText('off')
  await page.getByTestId('keys-reset-all').click()
  await expect(page.locator('form[role=search] kbd')).toHaveText('/')
})

test('a new version is said quietly, and reloads when it is asked to', async ({ page, request }) => {
  const center = await make_center(request)
  await log_in(page, center.agent)
  await expect(page.getByTestId('new-version-bar')).toHaveCount(0)
  await page.route('**/', async (route) => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, body: (await answer.text()).replace(/index-[^"]+\.js/, 'index-newer.js') })
  })
  await page.evaluate(() => document.dispatchEvent(new Event('visibilitychange'))) // back in this tab
  await expect(page.getByTestId('new-version-bar')).toContainText('A new version is here. Reload when it suits you.')
  await expect_accessible(page)
  await page.unroute('**/')
  await page.getByTestId('new-version-bar').getByRole('button', { name: 'Reload' }).click()
  await expect(page.getByTestId('presence-button')).toBeVisible()
})

test('an admin sees where somebody is signed in, and ends it', async ({ page, request, browser }) => {
  const center = await make_center(request)
  const headers = await sign_in(request)
  const other = await (await browser.newContext()).newPage()
  await log_in(other, center.agent)
  const people = (await (await request.get(`/api/v1/users?q=${center.agent}`, { headers })).json()).items
  await log_in(page, 'admin')
  await page.goto(`/admin/users/${people[0].id}`)
  await expect(page.getByTestId('user-sessions')).toContainText('Chrome on Linux')
  await page.getByTestId('end-user-sessions').click()
  await page.getByTestId('end-user-sessions').click()
  await expect(page.getByTestId('user-sessions')).toContainText('Nowhere.')
  await expect(other.getByTestId('login-name')).toBeVisible()
})
