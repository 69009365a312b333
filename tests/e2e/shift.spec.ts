import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { accept_by_key, type center, expect_errors, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'
import { visitor } from './visitor'

// What a stranger met in a shift: nothing is sent, changed or given without its being seen.

const letter = (subject: string) => `From: Martin Quill <martin@example.net>
To: desk@example.com
Cc: tom@example.net, ann@example.net
Subject: ${subject}
Message-ID: <shift.${Date.now()}.${Math.random()}@example.net>

It hums.
`
async function take(page: Page, request: APIRequestContext, at: center, subject: string) {
  const { ticket_id } = await post_mail(request, at, letter(subject))
  await accept_by_key(page)
  await expect(page.getByTestId('reply-text')).toBeFocused()
  return ticket_id as number
}
async function with_wrapup(request: APIRequestContext, center: center) {
  const headers = await sign_in(request)
  const etag = (await request.get(`/api/v1/queues/${center.queue}`)).headers()['etag']!
  const set = { headers: { ...headers, 'If-Match': etag }, data: { wrapup_s: 600 } }
  expect((await request.patch(`/api/v1/queues/${center.queue}`, set)).status()).toBe(200)
  return headers
}

for (const keys of ['Control+Enter', 'Control+Shift+Enter'])
  test(`an address that is still being typed goes with the mail, by ${keys}`, async ({ page, request }) => {
    const center = await make_center(request)
    await sign_in_and_be_ready(page, center.agent)
    await take(page, request, center, 'The zylophant is copied')
    await page.getByTestId('reply-text').fill('Dear Martin')
    await page.getByRole('button', { name: 'Add to To' }).click()
    await page.keyboard.insertText('boss@@bad')
    await page.keyboard.press(keys)
    await expect(page.getByText('This is no e-mail address.')).toBeVisible()
    await expect(page.getByRole('textbox', { name: 'Add to To' })).toBeFocused()
    await page.getByRole('textbox', { name: 'Add to To' }).fill('boss@example.net')
    await page.keyboard.press(keys)
    if (keys.includes('Shift')) await page.keyboard.press('1')
    await expect(page.getByTestId('guard')).toContainText('New on this ticket: boss@example.net.')
    await page.getByTestId('guard-back').click()
    await expect(page.getByTestId('recipient')).toHaveText([/martin@example.net/, /boss@example.net/])
    if (!keys.includes('Shift')) await expect(page.getByTestId('send')).toContainText('Send to Martin and 1')
  })

test('a digit chooses a disposition only where its button is seen', async ({ page, request, context }) => {
  const center = await make_center(request)
  await with_wrapup(request, center)
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await guest.say('Do you sell kettles?')
  await accept_by_key(page)
  await expect(page.getByTestId('reply-text')).toBeFocused()
  const chat = Number(page.url().split('/').at(-1))
  await page.keyboard.press('Escape')
  await page.keyboard.press('s')
  await page.getByTestId('disposition-resolved').click()
  await expect(page.getByTestId('wrapup')).toBeVisible()
  await page.goto('/tickets')
  await expect(page.getByTestId('wrapup')).toBeVisible()
  await page.keyboard.press('2')
  const solved = async () => (await (await page.request.get(`/api/v1/tickets/${chat}`)).json()).disposition
  await expect(page.getByTestId('wrapup')).toBeVisible()
  expect(await solved()).toBe('resolved')
  await page.goto(`/work/${chat}`)
  await expect(page.getByTestId('wrapup-resolved')).toHaveAttribute('aria-pressed', 'true')
  await page.keyboard.press('2')
  await expect(page.getByTestId('wrapup')).toHaveCount(0)
  expect(await solved()).not.toBe('resolved')
})

test('what a supervisor gives is announced and marked, and F8 goes there', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  await take(page, request, center, 'The zylophant in hand')
  const { ticket_id } = await post_mail(request, center, letter('The zylophant that is given'))
  await expect(page.getByTestId('offer-card')).toBeVisible()
  const headers = await sign_in(request)
  const members = await (await request.get(`/api/v1/queues/${center.queue}/members`)).json()
  const data = { agent_id: members.items[0].agent_id, reason: 'He knows it.' }
  expect((await request.post(`/api/v1/tickets/${ticket_id}/assign`, { headers, data })).status()).toBe(200)
  await expect(page.getByTestId('notices')).toContainText(`gave you #${ticket_id} (E-mail, Martin Quill`)
  await expect(page.getByTestId('row-given')).toHaveText('given to you')
  await page.keyboard.press('F8')
  await expect(page).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  await expect(page.getByTestId('row-given')).toHaveCount(0)
})

test('h holds and resumes; the panel and the notices follow', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const id = await take(page, request, center, 'The zylophant rests')
  const in_panel = page.getByTestId('customer-ticket').filter({ hasText: 'The zylophant rests' })
  await page.keyboard.press('Escape')
  await page.keyboard.press('h')
  await page.getByTestId('hold-1').click()
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'held')
  await expect(page.getByTestId('notices')).toContainText(`#${id} on hold`)
  await expect(in_panel).toContainText('on hold')
  await page.keyboard.press('h')
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await expect(page.getByTestId('notices')).not.toContainText('on hold')
  await expect(in_panel).toContainText('active')
})

test('who is signed out elsewhere is told so, in words for people', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  expect_errors(/status of 401/)
  await page.request.delete('/api/v1/session', {
    headers: { 'X-CSRF-Token': (await (await page.request.get('/api/v1/session/current')).json()).session.csrf_token },
  })
  await expect(page.getByTestId('session-ended')).toHaveText('Your session has ended. Sign in to go on where you were.')
})
