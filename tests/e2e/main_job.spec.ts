import { expect } from '@playwright/test'
import { accept_by_key, make_center, post_mail, show_widget, sign_in_and_be_ready, test } from './center'

const mail = (subject: string, body: string, type = 'text/plain') => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <${Date.now()}.${Math.random()}@example.net>
Content-Type: ${type}; charset=utf-8

${body}
`

test('a mail becomes an offer; the agent takes it, answers, and solves it', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const posted = await post_mail(request, center, mail('The zylophant squeaks', 'It squeaks when I turn it.'))

  await expect(page.getByTestId('offer-card')).toContainText('Zelda Quill')
  await expect(page).toHaveTitle(/\(1\) Offer/)
  await accept_by_key(page)
  await expect(page).toHaveURL(new RegExp(`/work/${posted.ticket_id}$`))
  await expect(page.getByTestId('timeline')).toContainText('It squeaks when I turn it.')

  await page.getByTestId('reply-text').fill('Please oil the left wheel.')
  await expect(page.getByTestId('send')).toContainText('Zelda')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('timeline')).toContainText('Please oil the left wheel.')

  await page.keyboard.press('Escape')
  await page.getByTestId('timeline').click()
  await page.keyboard.press('s')
  await page.getByTestId('disposition-resolved').click()
  await expect
    .poll(async () => (await (await page.request.get(`/api/v1/tickets/${posted.ticket_id}`)).json()).state)
    .toBe('solved')
  const answers = (await (await page.request.get(`/api/v1/tickets/${posted.ticket_id}/timeline`)).json()).items.filter(
    (entry: { contact: { direction: string } | null }) => entry.contact?.direction === 'out',
  )
  expect(answers).toHaveLength(1)
  expect(answers[0].contact.text).toBe('Please oil the left wheel.')
  expect(answers[0].contact.to[0].value).toBe('zelda@example.net')
})

test('a note stays with the staff', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const posted = await post_mail(request, center, mail('Where is the zylophant', 'It has not come.'))
  await accept_by_key(page)
  await page.getByTestId('tab-note').click()
  await page.getByTestId('note-text').fill('This one writes every week.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('note-entry')).toContainText('This one writes every week.')
  const entries = (await (await page.request.get(`/api/v1/tickets/${posted.ticket_id}/timeline`)).json()).items
  expect(entries.filter((e: { kind: string }) => e.kind === 'note')).toHaveLength(1)
  expect(entries.filter((e: { contact: { direction: string } | null }) => e.contact?.direction === 'out')).toHaveLength(0)
})

test('a reply is taken back within its eight seconds, and only the second text is sent', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const posted = await post_mail(request, center, mail('The zylophant bites', 'It bit my thumb.'))
  await accept_by_key(page)
  await page.getByTestId('reply-text').fill('Serves you right.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('delivery')).toContainText(/sending in \d s/)
  await expect(page.getByTestId('reply-text')).toHaveValue('')
  await page.keyboard.press('Escape')
  await page.keyboard.press('z')
  await expect(page.getByTestId('reply-text')).toHaveValue('Serves you right.')
  await expect(page.getByTestId('delivery')).toContainText('cancelled')

  await page.getByTestId('reply-text').fill('Please wear gloves.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('delivery')).toHaveCount(2)
  const answers = (await (await page.request.get(`/api/v1/tickets/${posted.ticket_id}/timeline`)).json()).items
    .map((entry: { contact: { direction: string; text: string; delivery: string } | null }) => entry.contact)
    .filter((contact: { direction: string } | null) => contact?.direction === 'out')
  expect(answers.map((a: { text: string; delivery: string }) => [a.text, a.delivery])).toEqual([
    ['Serves you right.', 'cancelled'],
    ['Please wear gloves.', 'queued'],
  ])
})

test('a hostile mail runs nothing and fetches nothing', async ({ page, request }) => {
  const center = await make_center(request)
  const fetched: string[] = []
  page.on('request', (r) => fetched.push(r.url()))
  page.on('dialog', () => expect('a dialog').toBe('never shown'))
  await sign_in_and_be_ready(page, center.agent)
  await post_mail(
    request,
    center,
    mail(
      'Zylophant news',
      '<p>Read this</p><script>alert(1)</script><img src="https://tracker.example/pixel.png" onerror="alert(2)">' +
        '<a href="javascript:alert(3)">here</a><iframe src="https://tracker.example/frame"></iframe>',
      'text/html',
    ),
  )
  await accept_by_key(page)
  await expect(page.frameLocator('[data-testid="mail-frame"]').getByText('Read this')).toBeVisible()
  const frame = page.frameLocator('[data-testid="mail-frame"]')
  await expect(frame.locator('script, iframe, a[href^="javascript"]')).toHaveCount(0)
  expect(fetched.filter((url) => url.includes('tracker.example'))).toEqual([])
})

test('a visitor and an agent chat through the website', async ({ page, request, context }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const shop = await context.newPage()
  const widget = await show_widget(shop, center.website)
  await widget.getByRole('button').first().click()
  const chat = widget.getByRole('dialog')
  await chat.getByRole('textbox').last().fill('Do you sell zylophants?')
  await chat.getByRole('textbox').last().press('Enter')

  await accept_by_key(page)
  await expect(page.getByTestId('chat-bubble').filter({ hasText: 'Do you sell zylophants?' })).toBeVisible()
  await page.getByTestId('reply-text').fill('We have two left.')
  await page.getByTestId('reply-text').press('Enter')
  await expect(chat).toContainText('We have two left.')
  await chat.getByRole('textbox').last().fill('I take both.')
  await chat.getByRole('textbox').last().press('Enter')
  await expect(page.getByTestId('chat-bubble').filter({ hasText: 'I take both.' })).toBeVisible()
})

test('an agent does not see what is for supervisors', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  expect((await page.request.get('/api/v1/queues/overview')).status()).toBe(403)
  await expect(page.getByTestId('nav-queues')).toHaveCount(0)
})
