import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { accept_by_key, log_in, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'

const letter = (subject: string) => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <super.${Date.now()}.${Math.random()}@example.net>
Content-Type: text/plain; charset=utf-8

It hums.
`

const first_of = async (page: Page, query: string) =>
  (await (await page.request.get(`/api/v1/tickets?limit=1&${query}`)).json()).items[0]

async function some_skill(request: APIRequestContext): Promise<{ id: number; name: string }> {
  const headers = await sign_in(request)
  return (await (await request.get('/api/v1/skills', { headers })).json()).items[0]
}

test('nobody signed in: the page asks for it without an error', async ({ page }) => {
  await page.goto('/queues')
  await expect(page.getByTestId('login-form')).toBeVisible()
})

test('who lacks a skill stands below and says which, and Why says the same', async ({ page, request }) => {
  const skill = await some_skill(request)
  const center = await make_center(request, { needs_skill: skill.id })
  const { ticket_id } = await post_mail(request, center, letter('The learned zylophant'))
  await log_in(page, 'admin')
  await page.goto(`/work/${ticket_id}`)
  await page.getByTestId('assign').click()
  const wren = page.getByTestId('assign-dialog').getByRole('option', { name: /Wren Calloway/ }).first()
  await expect(wren).toContainText(`lacks ${skill.name} 3`)
  await page.keyboard.press('Escape')
  await page.getByTestId('why').click()
  const why = page.getByTestId('why-dialog')
  await expect(why).toContainText(`${skill.name} 3`)
  const counts = await why.getByTestId('why-count').allTextContents()
  const { waiting } = await (await page.request.get(`/api/v1/tickets/${ticket_id}/routing`)).json()
  expect(counts.reduce((sum, count) => sum + Number(count), 0)).toBe(waiting.members)
})

test('a number of the queues opens the tickets that it counted, and the list is found as it was left', async ({
  page,
  request,
}) => {
  const center = await make_center(request)
  for (let n = 0; n < 3; n++) await post_mail(request, center, letter(`The zylophant number ${n}`))
  await log_in(page, 'admin')
  await page.goto('/queues')
  const row = page.locator(`[data-testid="queue-row"][data-queue="${center.queue}"]`)
  await expect(row.getByTestId('queue-waiting')).toHaveText('3')
  await expect(row.getByTestId('queue-late-waiting')).toHaveText('0')
  await row.getByTestId('queue-waiting').click()
  await expect(page.getByTestId('ticket-row')).toHaveCount(3)
  await page.getByTestId('ticket-list').focus()
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('ArrowDown')
  const third = await page.getByTestId('ticket-row').nth(2).getAttribute('data-ticket')
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/work/${third}$`))
  await page.goBack()
  await expect(page.getByTestId('filter-queue')).toHaveValue(String(center.queue))
  await expect(page.getByTestId('ticket-list')).toBeFocused()
  await expect(page.locator(`[data-ticket="${third}"]`)).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('ArrowUp')
  await expect(page.locator(`[data-ticket="${third}"]`)).toHaveAttribute('aria-selected', 'false')
})

test('what comes to quarantine while a supervisor works is no error', async ({ page, request }) => {
  const center = await make_center(request)
  await log_in(page, 'admin')
  await page.goto('/queues')
  const answer = await request.post(`/api/v1/intake/${center.mailbox}`, {
    headers: { Authorization: `Bearer ${center.token}`, 'Content-Type': 'message/rfc822' },
    data: Buffer.from([0, 1, 2, 3]),
  })
  expect((await answer.json()).outcome).toBe('quarantined')
  const { ticket_id } = await post_mail(request, center, letter('After it'))
  const row = page.locator(`[data-testid="queue-row"][data-queue="${center.queue}"]`)
  await expect(row.getByTestId('queue-waiting'), `ticket ${ticket_id} was told of`).toHaveText('1')
})

test('the pages of a fax are read beside the note that is written about them', async ({ page }) => {
  await log_in(page, 'admin')
  const fax = await first_of(page, 'channel=fax')
  for (const [width, height] of [[1280, 720], [1000, 700]] as const) {
    await page.setViewportSize({ width, height })
    await page.goto(`/work/${fax.id}`)
    await page.getByTestId('fax-page').first().click()
    const viewer = page.getByTestId('page-viewer')
    await expect(viewer).toBeFocused()
    await expect(viewer.getByRole('img')).toBeVisible()
    await page.keyboard.press('n')
    await page.keyboard.type('Page one says 12.')
    await expect(viewer).toBeVisible()
    await expect(page.getByTestId('note-text')).toHaveValue(/Page one says 12\.$/)

    await viewer.getByLabel('Rotate').click()
    const paper = (await viewer.getByTestId('page-paper').boundingBox())!
    const image = (await viewer.getByRole('img').boundingBox())!
    for (const side of ['x', 'y', 'width', 'height'] as const)
      expect(Math.abs(paper[side] - image[side]), `no gap: ${side}`).toBeLessThan(2)
    await viewer.focus()
    await page.keyboard.press('Escape')
    await expect(viewer).toHaveCount(0)
    await expect(page.getByTestId('fax-page').first()).toBeFocused()
  }
})

test('what a visitor says of himself is kept with one click, and is known then', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const email = `ada.${Date.now()}@example.org`
  const door = `/api/v1/chat/${center.website}/sessions`
  const opened = await request.post(door, { data: { name: 'Ada', email } })
  expect(opened.status(), await opened.text()).toBe(201)
  const { session, token } = await opened.json()
  const said = await request.post(`${door}/${session}/messages`, {
    headers: { 'Chat-Token': token },
    data: { type: 'message', client_msg_id: crypto.randomUUID(), text: 'Is anybody there?' },
  })
  expect(said.status(), await said.text()).toBe(201)
  await accept_by_key(page)
  const claims = page.getByTestId('visitor-claims')
  await expect(claims).toContainText('Given by the visitor, not confirmed')
  await claims.getByTestId('keep-email').click()
  await expect(claims).toContainText('✓ kept')
  await expect(page.getByTestId('customer-panel').getByLabel('Identities')).toContainText(email)
})
