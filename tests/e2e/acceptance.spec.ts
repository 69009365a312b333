import { type APIRequestContext, expect, type Page } from '@playwright/test'
import {
  accept_by_key,
  type center,
  expect_errors,
  log_in,
  make_center,
  post_mail,
  sign_in,
  sign_in_and_be_ready,
  test,
} from './center'
import { mail_sink } from './sink'

// What the console promises to those who work with it all day, in keys, clicks, pixels and seconds.

let letters = 0

function letter(subject: string, body: string, more = '') {
  const id = `<acceptance.${Date.now()}.${++letters}@example.net>`
  const text = `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: ${id}
${more}Content-Type: text/plain; charset=utf-8

${body}
`
  return { id, text }
}

const post = (request: APIRequestContext, to: center, subject: string, body = 'It hums.') =>
  post_mail(request, to, letter(subject, body).text)

/** Presses keys and counts them. Words that are typed are the answer itself and do not count. */
function keyboard(page: Page) {
  let pressed = 0
  return {
    press: async (key: string) => {
      pressed++
      await page.keyboard.press(key)
    },
    type: (words: string) => page.keyboard.insertText(words),
    count: () => pressed,
  }
}

/** A card is dead for its first 300 ms, so that a swapped one is never taken blindly: nobody reads faster. */
async function card_is_read(page: Page) {
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await page.waitForTimeout(400)
}

interface sent {
  direction: string
  text: string
  delivery: string
}

async function answers_of(page: Page, ticket: number): Promise<sent[]> {
  const timeline = await (await page.request.get(`/api/v1/tickets/${ticket}/timeline`)).json()
  return timeline.items
    .map((entry: { contact: sent | null }) => entry.contact)
    .filter((contact: sent | null) => contact?.direction === 'out')
}

const state_of = async (page: Page, ticket: number) =>
  (await (await page.request.get(`/api/v1/tickets/${ticket}`)).json()).state as string

test('an offer is answered with F2, the words and Ctrl+Enter, and solved with two keys', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const first = await post(request, center, 'The zylophant hums')
  const answer = keyboard(page)
  await card_is_read(page)
  await answer.press('F2')
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await answer.type('Please oil it.')
  await answer.press('Control+Enter')
  await expect(page.getByTestId('delivery')).toContainText(/sending/)
  expect(answer.count()).toBe(2)
  expect(await answers_of(page, first.ticket_id)).toMatchObject([{ text: 'Please oil it.' }])

  const second = await post(request, center, 'The zylophant hums again')
  await card_is_read(page)
  await page.keyboard.press('F2')
  await expect(page).toHaveURL(new RegExp(`/work/${second.ticket_id}$`))
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await page.keyboard.insertText('Please oil it once more.')
  const solve = keyboard(page)
  await solve.press('Control+Shift+Enter')
  await solve.press('1')
  await expect.poll(() => state_of(page, second.ticket_id)).toBe('solved')
  expect(solve.count()).toBe(2)
  expect(await answers_of(page, second.ticket_id)).toMatchObject([{ text: 'Please oil it once more.' }])
})

test('two keys decline with a reason, and the offers behind stay as they are', async ({ page, request }) => {
  const center = await make_center(request, { fan_out: 2 }) // mail rings beside mail
  await sign_in_and_be_ready(page, center.agent)
  for (const place of ['first', 'second', 'third']) await post(request, center, `The ${place} zylophant`)
  await expect(page.getByTestId('offers-waiting')).toHaveText('+2')
  const desk = async () => (await (await page.request.get('/api/v1/me/work')).json()).offers
  const before = await desk()
  const current = Number(await page.getByTestId('offer-card').getAttribute('data-offer'))

  const decline = keyboard(page)
  await decline.press('Shift+F2')
  await decline.press('1')
  const rest = before.filter((offer: { id: number }) => offer.id !== current)
  await expect(page.getByTestId('offer-card')).toHaveAttribute('data-offer', String(rest[0].id))
  expect(decline.count()).toBe(2)
  expect(rest).toHaveLength(2)
  const terms = ({ id, state, expires_at }: { id: number; state: string; expires_at: string }) => [id, state, expires_at]
  expect((await desk()).map(terms)).toEqual(rest.map(terms))
  await expect(page.getByTestId('my-tickets')).toHaveCount(0)

  // The one behind is reached by keyboard, and looked at first.
  await page.getByTestId('offer-accept').focus()
  await page.keyboard.press('Tab')
  await expect(page.getByTestId('offer-decline')).toBeFocused()
  await page.keyboard.press('Tab')
  await expect(page.getByTestId('offers-waiting')).toBeFocused()
  await expect(page.getByTestId('offers-waiting')).toHaveAccessibleName('+1: 1 more offer behind this one')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId(`offer-waiting-${rest[1].id}`)).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('offer-card')).toHaveAttribute('data-offer', String(rest[1].id))
  expect((await desk()).map(terms)).toEqual(rest.map(terms))
})

test('of a note, a reply taken back and its second text the customer gets the last, once', async ({ page, request }) => {
  test.skip(Boolean(process.env.SWITCHBOARD_URL), 'that server sends its mail elsewhere')
  const sink = await mail_sink.start()
  try {
    const center = await make_center(request)
    const subject = `The zylophant is ${center.agent}`
    await sign_in_and_be_ready(page, center.agent)
    const { ticket_id } = await post(request, center, subject)
    await accept_by_key(page)
    await page.keyboard.press('Escape')
    await page.keyboard.press('n')
    await expect(page.getByTestId('note-text')).toBeFocused()
    await page.keyboard.insertText('He writes every week.')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByTestId('note-entry')).toContainText('He writes every week.')
    await page.keyboard.press('Escape')
    await page.keyboard.press('r')
    await expect(page.getByTestId('reply-text')).toBeFocused()
    await page.keyboard.insertText('Serves you right.')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByTestId('delivery')).toContainText(/sending in \d s/)
    await page.keyboard.press('Escape')
    await page.keyboard.press('z')
    await expect(page.getByTestId('reply-text')).toHaveValue('Serves you right.')
    await page.getByTestId('reply-text').fill('Please wear gloves.')
    await page.keyboard.press('Control+Enter')
    await expect(page.getByTestId('delivery').last()).toContainText(/sent|delivered/i, { timeout: 20_000 })

    const mine = sink.taken.filter(({ message }) => message.includes(center.agent))
    expect(mine).toHaveLength(1)
    expect(mine[0]!.to).toEqual(['zelda@example.net'])
    expect(mine[0]!.message).toContain('Please wear gloves.')
    expect(mine[0]!.message).not.toContain('Serves you right')
    expect(mine[0]!.message).not.toContain('every week')
    expect((await answers_of(page, ticket_id)).map(({ text, delivery }) => [text, delivery])).toEqual([
      ['Serves you right.', 'cancelled'],
      ['Please wear gloves.', 'sent'],
    ])
  } finally {
    sink.stop()
  }
})

test('a reload keeps what was typed, reply and note', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  await post(request, center, 'The zylophant sleeps')
  await accept_by_key(page)
  await page.getByTestId('reply-text').pressSequentially('Let it sleep until')
  await page.getByTestId('tab-note').click()
  await page.getByTestId('note-text').pressSequentially('Ask the zookeeper')
  await expect.poll(() => page.evaluate(() => sessionStorage.getItem('switchboard-drafts'))).not.toBeNull()
  page.on('dialog', (dialog) => dialog.accept())
  await page.reload()
  await expect(page.getByTestId('reply-text')).toHaveValue('Let it sleep until')
  await page.getByTestId('tab-note').click()
  await expect(page.getByTestId('note-text')).toHaveValue('Ask the zookeeper')
  const kept = await page.evaluate(() => JSON.stringify({ ...sessionStorage, ...localStorage }))
  expect(kept).not.toMatch(/sleep|zookeeper|zelda/i)
})

test('a transfer with a comment takes at most four keys', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post(request, center, 'The zylophant was billed twice')
  expect_errors(/status of 404/) // of another queue, it is not his to see any more
  await accept_by_key(page)
  await expect(page.getByTestId('reply-text')).toBeFocused()
  const transfer = keyboard(page)
  await transfer.press('Escape')
  await transfer.press('t')
  await expect(page.getByTestId('transfer-search')).toBeFocused()
  await expect(page.getByTestId('transfer-dialog').getByRole('option').nth(1)).toBeVisible()
  await transfer.type('billing')
  await expect(page.getByTestId('transfer-dialog').getByRole('option')).toHaveCount(1)
  await transfer.press('Enter')
  await expect(page.getByTestId('transfer-note')).toBeFocused()
  await transfer.type('He has the receipts.')
  await transfer.press('Control+Enter')
  await expect(page.getByTestId('transfer-dialog')).toHaveCount(0)
  expect(transfer.count()).toBeLessThanOrEqual(4)

  const headers = await sign_in(request)
  const moved = await (await request.get(`/api/v1/tickets/${ticket_id}`, { headers })).json()
  expect(moved.queue.name).toMatch(/billing/i)
  const timeline = await (await request.get(`/api/v1/tickets/${ticket_id}/timeline`, { headers })).json()
  expect(JSON.stringify(timeline)).toContain('He has the receipts.')
})

test('fifty things happen while the agent reads, and nothing moves', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const story = Array.from({ length: 80 }, (_, i) => `Line ${i + 1} of what the zylophant did.`).join('\n\n')
  const first = letter('A long story', story)
  const { ticket_id } = await post_mail(request, center, first.text)
  await accept_by_key(page)
  const timeline = page.getByTestId('timeline')
  await expect(timeline).toContainText('Line 80')
  await timeline.hover()
  await page.mouse.wheel(0, 300) // it opened at its first line
  const line = () =>
    timeline.evaluate((box) => {
      const edges = box.getBoundingClientRect()
      const range = document.createRange()
      const walker = document.createTreeWalker(box, NodeFilter.SHOW_TEXT)
      while (walker.nextNode()) {
        const words = walker.currentNode
        const at = words.textContent?.indexOf('Line 60 ') ?? -1
        if (at < 0) continue
        range.setStart(words, at)
        range.setEnd(words, at + 7)
        return { top: range.getBoundingClientRect().top - edges.top, scrolled: box.scrollTop }
      }
      return null
    })
  let last = await line()
  await expect(async () => {
    const now = await line()
    const rests = now?.top === last?.top
    last = now
    expect(rests).toBe(true)
  }).toPass()
  expect(last!.scrolled).toBeGreaterThan(0)
  const typed = page.getByTestId('reply-text')
  const composer = await typed.boundingBox()

  const headers = await sign_in(request)
  for (let i = 0; i < 25; i++) {
    const note = await request.post(`/api/v1/tickets/${ticket_id}/notes`, { headers, data: { text: `Note ${i}` } })
    expect(note.status()).toBe(201)
    const more = letter('Re: A long story', `And then, ${i}.`, `In-Reply-To: ${first.id}\n`)
    expect((await post_mail(request, center, more.text)).ticket_id).toBe(ticket_id)
  }
  await expect(page.getByTestId('new-below')).toContainText('50 new')
  expect(await line()).toEqual(last)
  expect(await typed.boundingBox()).toEqual(composer)
  await page.getByTestId('new-below').click()
  await expect(timeline).toContainText('And then, 24.')
})

test('after thirty seconds without a connection a colleague’s answer is there, and sending warns first', async ({
  page,
  request,
}) => {
  let cut = false
  const lines = new Set<{ close: () => Promise<void> }>()
  await page.routeWebSocket('**/api/v1/live', (line) => {
    if (cut) return void line.close()
    lines.add(line)
    line.connectToServer()
  })
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post(request, center, 'The zylophant is lost')
  await accept_by_key(page)
  await page.getByTestId('reply-text').fill('Look in the cellar.')

  cut = true
  const since = Date.now()
  expect_errors(/ERR_INTERNET_DISCONNECTED|WebSocket/)
  await page.context().setOffline(true)
  for (const line of lines) await line.close()
  const headers = await sign_in(request)
  const me = await (await request.get('/api/v1/session', { headers })).json()
  const answered = await request.post(`/api/v1/tickets/${ticket_id}/replies`, {
    headers,
    data: { text: 'Look in the attic.', to: [{ value: 'zelda@example.net' }] },
  })
  expect(answered.status(), await answered.text()).toBe(201)
  await expect(page.getByTestId('connection')).toContainText('Reconnecting, last news')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('guard')).toContainText('Not connected')
  await page.keyboard.press('Escape')
  await page.waitForTimeout(30_000 - (Date.now() - since)) // what is promised is about thirty seconds
  await expect(page.getByTestId('timeline')).not.toContainText('Look in the attic.')

  cut = false
  await page.context().setOffline(false)
  await expect(page.getByTestId('timeline')).toContainText('Look in the attic.', { timeout: 2000 })
  await page.getByTestId('reply-text').focus()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('guard')).toContainText(`${me.user.name} has answered since you began.`)
  await expect(page.getByTestId('guard-back')).toBeFocused()
  expect((await answers_of(page, ticket_id)).map(({ text }) => text)).toEqual(['Look in the attic.'])
  await expect(page.getByTestId('reply-text')).toHaveValue('Look in the cellar.')
})

test('three tabs show one offer; one rings, one takes it, the others let go', async ({ page, request, context }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const tabs = [page, await context.newPage(), await context.newPage()]
  for (const tab of tabs.slice(1)) {
    await tab.goto('/work')
    await expect(tab.getByTestId('offer-tray')).toContainText('Ready')
    await tab.getByTestId('offer-tray').click() // a tab may sound after its first gesture
  }
  const { ticket_id } = await post(request, center, 'The zylophant has triplets')
  const cards = tabs.map((tab) => tab.getByTestId('offer-card'))
  for (const card of cards) await expect(card).toBeVisible()
  const ids = await Promise.all(cards.map((card) => card.getAttribute('data-offer')))
  expect(new Set(ids).size).toBe(1)
  const ringers = await page.evaluate(async () =>
    (await navigator.locks.query()).held?.filter(({ name }) => name === 'switchboard-ringer'),
  )
  expect(ringers).toHaveLength(1)

  await accept_by_key(tabs[1]!)
  await expect(tabs[1]!).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  for (const tab of tabs) {
    await expect(tab.getByTestId('offer-card')).toHaveCount(0)
    await expect(tab.getByTestId('my-tickets').getByRole('option')).toHaveCount(1)
  }
  expect(await state_of(page, ticket_id)).toBe('active')
})

test('why the oldest ticket waits is two clicks away', async ({ page, request }) => {
  const center = await make_center(request)
  const oldest = await post(request, center, 'The zylophant has waited longest')
  await post(request, center, 'The zylophant has waited less')
  await log_in(page, 'admin')
  await page.getByTestId('nav-queues').click()
  const row = page.locator(`[data-testid="queue-row"][data-queue="${center.queue}"]`)
  await row.getByTestId('queue-oldest').click()
  await page.getByTestId('ticket-row').first().click()
  await expect(page).toHaveURL(new RegExp(`/work/${oldest.ticket_id}$`))
  await expect(page.getByTestId('waiting-words')).toContainText(/Has waited \d+ s/)
  await expect(page.getByTestId('waiting-words')).toContainText('Nobody who is ready could take it now.')
  await expect(page.getByTestId('why')).toHaveText('Why')
  await page.getByTestId('why').click()
  await expect(page.getByTestId('why-dialog')).toContainText('Wren Calloway')
})
