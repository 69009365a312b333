import { type APIRequestContext, expect, type Browser, type Page } from '@playwright/test'
import { accept_by_key, type center, expect_errors, log_in, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'

// What is typed is there, on any machine; and nobody answers beside a colleague without knowing.

let letters = 0
const id = () => `<drafts.${Date.now()}.${++letters}@example.net>`
const mail = (subject: string, more = '', message = id()) => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: ${message}
${more}
It hums.
`
const another_machine = async (browser: Browser, login: string, where: string) => {
  const page = await (await browser.newContext()).newPage()
  await log_in(page, login)
  await page.goto(where)
  return page
}
const saved = (page: Page) => expect(page.getByTestId('draft-saved')).toHaveText(/^Saved \d\d:\d\d$/)

/** A colleague of the center's agent, in the same queue. */
async function colleague(request: APIRequestContext, of: center, name: string): Promise<string> {
  const headers = await sign_in(request)
  const login = `e2e-mate-${Date.now()}`
  const given = 'given by an admin'
  const made = await request.post('/api/v1/users', { headers, data: { login, name, roles: [2], password: given } })
  expect(made.status(), await made.text()).toBe(201)
  const { id } = await made.json()
  const set = await request.put(`/api/v1/agents/${id}`, { headers, data: { queues: [{ queue_id: of.queue }] } })
  expect(set.status(), await set.text()).toBe(200)
  await request.delete('/api/v1/session', { headers })
  const own = await sign_in(request, login, given)
  const data = { password: 'chosen by myself', current_password: given }
  expect((await request.patch('/api/v1/me', { headers: own, data })).status()).toBe(200)
  await request.delete('/api/v1/session', { headers: own })
  return login
}

async function taken(page: Page, request: APIRequestContext, subject: string) {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const message = id()
  const copy = 'Cc: Tom Bauer <tom@example.net>\n'
  const { ticket_id } = await post_mail(request, center, mail(subject, copy, message))
  await accept_by_key(page)
  await expect(page.getByTestId('reply-text')).toBeFocused()
  return { center, where: `/work/${ticket_id}`, ticket: ticket_id as number, message }
}

test('a tab that is killed two seconds after typing has lost nothing: all of it is there elsewhere', async ({
  browser,
  request,
}) => {
  const first = await (await browser.newContext()).newPage()
  const { center, where } = await taken(first, request, 'The zylophant hums')
  await first.getByTestId('reply-all').click()
  await first.getByTestId('reply-text').pressSequentially('Please oil it, and')
  await first
    .locator('input[type=file]')
    .setInputFiles({ name: 'manual.txt', mimeType: 'text/plain', buffer: Buffer.from('Oil here.') })
  await expect(first.getByLabel('Attached files')).toContainText(/manual.txt\s*9 B/)
  await first.getByTestId('reply-text').pressSequentially(' call me.')
  await saved(first)
  await first.getByTestId('tab-note').click()
  await first.getByTestId('note-text').fill('She wrote last year, too.')
  await saved(first)
  await first.context().close() // no goodbye: pages are not asked

  const second = await another_machine(browser, center.agent, where)
  await expect(second.getByTestId('reply-text')).toHaveValue('Please oil it, and call me.')
  await expect(second.getByLabel('Attached files')).toContainText('manual.txt')
  await expect(second.getByTestId('reply-composer')).toContainText('Tom Bauer')
  await saved(second)
  await second.getByTestId('tab-note').click()
  await expect(second.getByTestId('note-text')).toHaveValue('She wrote last year, too.')

  await second.getByTestId('tab-reply').click()
  await second.getByTestId('send').click()
  await expect(second.getByTestId('delivery')).toContainText(/sending/)
  await expect(second.getByTestId('timeline')).toContainText('manual.txt')
  await expect(second.getByTestId('reply-text')).toHaveValue('')
  await second.keyboard.press('Escape')
  await second.keyboard.press('z')
  await expect(second.getByTestId('reply-text')).toHaveValue('Please oil it, and call me.')
  await expect(second.getByLabel('Attached files')).toContainText('manual.txt')
  await second.context().close()
})

test('leaving the page at once saves what was typed', async ({ page, request }) => {
  const { where } = await taken(page, request, 'The zylophant is late')
  await page.getByTestId('reply-text').pressSequentially('At once')
  await page.goto('/healthz')
  await page.evaluate(() => sessionStorage.clear())
  await page.goto(where)
  await expect(page.getByTestId('reply-text')).toHaveValue('At once')
})

test('two tabs with one draft: the later writer chooses, and nothing is lost', async ({ page, request }) => {
  const { where } = await taken(page, request, 'The zylophant is two')
  await page.getByTestId('reply-text').fill('one')
  await saved(page)
  const other = await page.context().newPage()
  await other.goto(where)
  await expect(other.getByTestId('reply-text')).toHaveValue('one')
  // This tab hears nothing of the other: it types on before it reads again.
  await page.route('**/drafts', (route) => route.abort())
  await other.getByTestId('reply-text').fill('one and two')
  await saved(other)
  await page.getByTestId('reply-text').fill('one and three')
  await expect(page.getByTestId('draft-theirs')).toHaveText('one and two')
  await expect(page.getByTestId('reply-text')).toHaveValue('one and three')
  await expect(page.getByTestId('send')).toBeDisabled()
  await page.getByTestId('draft-both').click()
  await expect(page.getByTestId('reply-text')).toHaveValue('one and two\n\none and three')
  await saved(page)
})

test('without the server typing goes on, and says that it is not saved', async ({ page, request }) => {
  await taken(page, request, 'The zylophant is in a tunnel')
  expect_errors(/ERR_FAILED \(.*\/drafts\/reply\)/)
  await page.route('**/drafts/**', (route) => route.abort())
  await page.getByTestId('reply-text').pressSequentially('Typed in a tunnel')
  await expect(page.getByTestId('draft-saved')).toHaveText('Not saved, offline')
  await page.unroute('**/drafts/**')
  await saved(page)
})

test('a colleague sees who is viewing, who is writing and who has a draft', async ({ browser, page, request }) => {
  const { center, where } = await taken(page, request, 'The zylophant has company')
  const mate = await another_machine(browser, await colleague(request, center, 'Mira Stone'), where)
  await expect(mate.getByTestId('company')).toHaveText('Wren Calloway is viewing')
  await expect(mate.getByTestId('header-company')).toHaveText('Wren is viewing')
  await expect(page.getByTestId('company')).toHaveText('Mira Stone is viewing')
  await expect(page.getByTestId('row-company')).toHaveText('Mira is viewing')
  await page.getByTestId('reply-text').pressSequentially('A secret')
  await expect(mate.getByTestId('company')).toContainText('Wren Calloway is writing a reply')
  await saved(page)
  await page.goto('/tickets')
  await expect(mate.getByTestId('company')).toHaveText('Wren Calloway has a draft')
  await mate.reload()
  await expect(mate.getByTestId('company')).toHaveText('Wren Calloway has a draft')
  await expect(mate.getByTestId('reply-text')).toHaveValue('')
  await expect(page.getByTestId('row-company')).toHaveText('Mira is viewing')
  await mate.context().close()
  await expect(page.getByTestId('row-company')).toHaveCount(0)
})

test('what is read is read on every machine, and u takes it back', async ({ browser, page, request }) => {
  const { center, where, ticket, message } = await taken(page, request, 'The zylophant is read')
  const read = async () => (await (await page.request.get(`/api/v1/tickets/${ticket}`)).json()).read?.contact_id
  await expect.poll(read).toBeGreaterThan(0)
  const first = await read()
  await page.goto('/tickets')
  await post_mail(request, center, mail('Re: The zylophant is read', `In-Reply-To: ${message}\n`))
  const row = page.getByTestId('ticket-row').filter({ hasText: 'The zylophant is read' })
  await expect(row.getByTestId('row-unread')).toHaveText('1 new')

  const second = await another_machine(browser, center.agent, where)
  await expect(second.getByTestId('new-since')).toHaveText(/new since \d\d:\d\d/)
  const last = second.getByTestId('timeline-entry').last()
  await expect.poll(read).toBeGreaterThan(first)
  await second.reload()
  await expect(last).toBeVisible()
  await expect(second.getByTestId('new-since')).toHaveCount(0)
  await last.focus()
  await second.keyboard.press('u')
  await expect(second.getByTestId('new-since')).toBeVisible()
  await second.reload()
  await expect(second.getByTestId('new-since')).toBeVisible()
  await second.context().close()
})

test('a draft of a ticket that one may no longer see can still be copied', async ({ page, request }) => {
  const { ticket } = await taken(page, request, 'The zylophant moves')
  await page.getByTestId('reply-text').fill('Half a sent')
  await saved(page)
  const headers = await sign_in(request)
  const elsewhere = await (
    await request.post('/api/v1/queues', { headers, data: { name: `e2e-elsewhere-${Date.now()}` } })
  ).json()
  await request.post(`/api/v1/tickets/${ticket}/transfer`, { headers, data: { queue_id: elsewhere.id } })
  await page.goto('/me')
  await expect(page.getByTestId('my-draft')).toContainText(`#${ticket}, which you may no longer see`)
  await expect(page.getByTestId('my-draft')).toContainText('Half a sent')
  await page.getByTestId('discard-draft').click()
  await expect(page.getByTestId('my-draft')).toHaveCount(0)
})
