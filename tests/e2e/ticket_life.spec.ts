import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { accept_by_key, type center, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'
import { visitor } from './visitor'

const mail = (subject: string, more = '') => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <${Date.now()}.${Math.random()}@example.net>
${more}
As it says.
`

/** What the browser complains of: a screen that asks for what it may not see does. */
function complaints(page: Page): string[] {
  const found: string[] = []
  page.on('console', (message) => void (message.type() === 'error' && found.push(message.text())))
  page.on('pageerror', (error) => found.push(String(error)))
  return found
}

async function take_mail(page: Page, request: APIRequestContext, at: center, subject: string, more = '') {
  const { ticket_id } = await post_mail(request, at, mail(subject, more))
  await accept_by_key(page)
  await expect(page).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  await expect(page.getByTestId('reply-text')).toBeFocused()
  return ticket_id as number
}

async function take_chat(page: Page, guest: visitor, words: string) {
  await guest.say(words)
  await accept_by_key(page)
  await expect(page.getByTestId('reply-text')).toBeFocused()
}

const two_sizes = [
  { width: 1280, height: 720 },
  { width: 640, height: 360 },
]

/** Looked at by eye as well: the pictures lie with the test's results. */
async function shown(page: Page, name: string) {
  const before = page.viewportSize()!
  for (const size of two_sizes) {
    await page.setViewportSize(size)
    await page.screenshot({ path: test.info().outputPath(`${name}-${size.width}.png`) })
  }
  await page.setViewportSize(before)
}

test('a ticket that leaves for a queue of others is said to be there, and what was typed stays', async ({
  page,
  request,
}) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const id = await take_mail(page, request, center, 'To be moved')
  const found = complaints(page)
  await page.getByTestId('reply-text').fill('I was about to say')
  await page.keyboard.press('Escape')
  await page.keyboard.press('t')
  await page.getByTestId('transfer-search').fill('billing')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  const left = page.getByTestId('out-of-sight')
  await expect(left).toContainText(`#${id} was transferred to billing`)
  await expect(left).toContainText('You do not see the tickets of that queue.')
  await expect(left.getByTestId('kept-draft')).toHaveText('I was about to say')
  await shown(page, 'out-of-sight')

  // Whoever has it there goes on; nothing of that asks for what is not to be seen.
  const headers = await sign_in(request)
  const note = await request.post(`/api/v1/tickets/${id}/notes`, { headers, data: { text: 'I have it.' } })
  expect(note.status()).toBe(201)
  await post_mail(request, center, mail('A bell'))
  await accept_by_key(page)
  await expect(page.getByTestId('out-of-sight')).toHaveCount(0)
  expect(found).toEqual([])
})

test('a ticket that a supervisor takes away closes gently while it is open', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const id = await take_mail(page, request, center, 'To be taken')
  const found = complaints(page)
  const headers = await sign_in(request)
  const queues = (await (await request.get('/api/v1/queues?limit=200', { headers })).json()).items
  const other = queues.find((queue: { name: string }) => queue.name === 'billing').id
  const moved = await request.post(`/api/v1/tickets/${id}/transfer`, { headers, data: { queue_id: other } })
  expect(moved.status(), await moved.text()).toBe(200)
  await expect(page.getByTestId('out-of-sight')).toContainText(`#${id} was transferred to billing`)
  await page.getByTestId('go-on').click()
  await expect(page.getByTestId('my-tickets')).toHaveCount(0)
  expect(found).toEqual([])
})

test('what one reopens or resumes oneself is in hand at once', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  await take_mail(page, request, center, 'Once more')
  const state = page.getByTestId('ticket-state')
  await page.getByTestId('solve').click()
  await page.getByTestId('disposition-resolved').click()
  await expect(state).toHaveAttribute('data-state', 'solved')
  await page.getByTestId('reopen').click()
  await expect(state).toHaveAttribute('data-state', 'active')
  await expect(page.getByTestId('ticket-owner')).toHaveText('yours')
  await expect(page.getByTestId('offer-card')).toHaveCount(0)
})

test('the agent is told that the visitor is away, is back, and has ended the chat', async ({
  page,
  request,
  context,
}) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await take_chat(page, guest, 'Do you sell kettles?')
  await page.getByTestId('reply-text').fill('We do.')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('delivery')).toContainText('read')

  const gone = page.getByTestId('visitor-gone')
  await guest.page.goto('/healthz')
  await expect(gone).toContainText('The visitor is away: the chat window is closed since')
  await expect(gone).toContainText('What you write waits in the chat until they come back.')
  await expect(page.getByTestId('timeline')).toContainText('The visitor has closed the chat window')
  await shown(page, 'visitor-away')
  await guest.reload()
  await expect(gone).toHaveCount(0)

  await guest.chat.getByRole('button', { name: 'End chat' }).click()
  await guest.chat.getByRole('button', { name: 'No' }).click()
  await expect(gone).toHaveCount(0)
  await guest.chat.getByRole('button', { name: 'End chat' }).click()
  await guest.chat.getByRole('button', { name: 'Yes, end it' }).click()
  await expect(gone).toContainText('The visitor has ended the chat')
})

test('a visitor on hold is told so, and that the agent is back', async ({ page, request, context }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await take_chat(page, guest, 'Do you sell kettles?')
  await expect(guest.chat).toContainText('Wren Calloway has joined the chat.')
  const id = Number(/\d+$/.exec(page.url())![0])
  const held = await page.request.post(`/api/v1/tickets/${id}/hold`, {
    headers: await own_headers(page),
    data: { until: new Date(Date.now() + 3_600_000).toISOString() },
  })
  expect(held.status(), await held.text()).toBe(200)
  await expect(guest.chat).toContainText(/Wren Calloway has put the chat on hold until .* and comes back to you here\./)
  await page.getByTestId('resume').click()
  await expect(guest.chat).toContainText('Wren Calloway is back.')
})

async function own_headers(page: Page) {
  const session = await (await page.request.get('/api/v1/session')).json()
  return { 'X-CSRF-Token': session.csrf_token as string }
}

test('who goes with a chat in hand is asked once', async ({ page, request, context }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await take_chat(page, guest, 'Do you sell kettles?')
  await page.getByTestId('presence-button').click()
  await page.getByTestId('presence-offline').click()
  const dialog = page.getByTestId('leave-dialog')
  await expect(dialog).toContainText('Go offline with 1 contact in hand?')
  await expect(dialog).toContainText('Visitor’s chat goes back to the queue')
  await shown(page, 'leave-dialog')
  await page.getByTestId('leave-back').click()
  await expect(page.getByTestId('presence-button')).toHaveAttribute('data-state-name', 'ready')

  await page.goto('/me')
  await page.getByTestId('logout').click()
  await expect(dialog).toContainText('Sign out with 1 contact in hand?')
  await page.getByTestId('leave-sure').click()
  await expect(page.getByTestId('login-name')).toBeVisible()
  await expect(guest.chat).toContainText('Nobody is here yet.')
})

test('undo brings the keyboard back to the text', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  await take_mail(page, request, center, 'Undone')
  await page.getByTestId('reply-text').fill('Too early')
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('undo-send').click()
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await expect(page.getByTestId('reply-text')).toHaveValue('Too early')
})

test('a mail shows where it asks for its answer, and what its calendar says', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const calendar = `Reply-To: office@example.net
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary=b

--b
Content-Type: text/plain

Please come on Tuesday.
--b
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//EN
METHOD:REQUEST
BEGIN:VEVENT
UID:u@x
DTSTAMP:20260302T080000Z
DTSTART:20260310T130000Z
DTEND:20260310T140000Z
SUMMARY:Meter, new
LOCATION:Depot 4
END:VEVENT
END:VCALENDAR
--b--
`
  await take_mail(page, request, center, 'An invitation', calendar)
  await expect(page.getByTestId('mail-reply-to')).toContainText('office@example.net')
  await expect(page.getByTestId('mail-calendar').nth(0)).toHaveText('Meter, new')
  await expect(page.getByTestId('mail-calendar').nth(1)).toHaveText('2026-03-10 13:00–14:00 UTC')
  await expect(page.getByTestId('mail-calendar').nth(2)).toHaveText('Depot 4')
  await shown(page, 'mail-header')
})
