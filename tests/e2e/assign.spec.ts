import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { log_in, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'

const letter = (subject: string) => `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <assign.${Date.now()}.${Math.random()}@example.net>
Content-Type: text/plain; charset=utf-8

It hums.
`

const state_of = async (page: Page, ticket: number) => (await page.request.get(`/api/v1/tickets/${ticket}`)).json()

async function some_skill(request: APIRequestContext): Promise<{ id: number; name: string }> {
  const headers = await sign_in(request)
  return (await (await request.get('/api/v1/skills', { headers })).json()).items[0]
}

async function list_waiting(page: Page, queue: number) {
  await page.goto('/tickets')
  await page.getByTestId('filter-queue').selectOption(String(queue))
  await page.getByTestId('filter-state').selectOption('waiting')
}

test('a supervisor gives a waiting ticket to an agent, with a reason that is kept', async ({ page, request, browser }) => {
  const center = await make_center(request)
  const { ticket_id } = await post_mail(request, center, letter('The zylophant needs somebody'))
  const theirs = await (await browser.newContext()).newPage()
  await log_in(theirs, center.agent)
  await log_in(page, 'admin')
  await list_waiting(page, center.queue)
  await expect(page.getByTestId('ticket-row')).toHaveCount(1)
  await page.getByTestId('ticket-list').focus()
  await page.keyboard.press('a')
  await expect(page.getByTestId('assign-search')).toBeFocused()
  const wren = page.getByTestId('assign-dialog').getByRole('option').first()
  await expect(wren).toContainText('Wren Calloway')
  await expect(wren).toContainText('Offline')
  const members = (await (await page.request.get(`/api/v1/queues/${center.queue}/members`)).json()).items
  await expect(wren).toHaveAttribute('data-testid', `assign-option-${members[0].agent_id}`)
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('assign-reason')).toBeFocused()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('assign-missing')).toHaveText('Say why: the reason is kept with the ticket.')
  await expect(page.getByTestId('assign-reason')).toBeFocused()
  await page.keyboard.insertText('She knows this zylophant.')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('assign-dialog')).toHaveCount(0)

  // She is offline: it is hers, and nothing is active with somebody who is not there.
  await expect(page.getByTestId('ticket-row')).toContainText('now parked')
  expect(await state_of(page, ticket_id)).toMatchObject({ state: 'parked', owner: { name: 'Wren Calloway' } })
  await expect(theirs.getByTestId('my-tickets').getByRole('option')).toHaveCount(1)
  await theirs.goto(`/work/${ticket_id}`)
  await theirs.getByTestId('why').click()
  await expect(theirs.getByTestId('why-dialog')).toContainText('She knows this zylophant.')
  await theirs.context().close()
})

test('an agent takes a waiting ticket from the list and answers it', async ({ page, request }) => {
  const center = await make_center(request)
  const first = await post_mail(request, center, letter('The first zylophant'))
  const second = await post_mail(request, center, letter('The second zylophant'))
  await log_in(page, center.agent)
  await list_waiting(page, center.queue)
  await expect(page.getByTestId('row-take')).toHaveCount(2)
  await page.locator(`[data-ticket="${second.ticket_id}"]`).getByTestId('row-take').click()
  await expect(page).toHaveURL(new RegExp(`/work/${second.ticket_id}$`))
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await expect(page.getByTestId('waiting-bar')).toHaveCount(0)
  expect(await state_of(page, second.ticket_id)).toMatchObject({ state: 'active', owner: { name: 'Wren Calloway' } })

  // The other one by its page, which says why it waits.
  await page.goto(`/work/${first.ticket_id}`)
  await expect(page.getByTestId('waiting-words')).toContainText(/Has waited/)
  await page.getByTestId('take').click()
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await expect(page.getByTestId('my-tickets').getByRole('option')).toHaveCount(2)
})

test('a supervisor changes the place of a waiting ticket', async ({ page, request }) => {
  const center = await make_center(request)
  const { ticket_id } = await post_mail(request, center, letter('The burning zylophant'))
  await log_in(page, 'admin')
  await page.goto(`/work/${ticket_id}`)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'waiting')
  await page.keyboard.press('!')
  await expect(page.getByTestId('priority-confirm')).toBeDisabled()
  await page.getByTestId('priority-choice').selectOption('9')
  await page.getByTestId('tier-choice').selectOption('0')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('priority-dialog')).toHaveCount(0)
  await expect(page.getByText('▲ urgent')).toBeVisible()
  expect(await state_of(page, ticket_id)).toMatchObject({ priority: 9, tier: 0, state: 'waiting' })
})

test('whom a ticket needs is not passed over: who lacks it is told why', async ({ page, request }) => {
  const skill = await some_skill(request)
  const center = await make_center(request, { needs_skill: skill.id })
  const { ticket_id } = await post_mail(request, center, letter('The learned zylophant'))
  await log_in(page, center.agent)
  await list_waiting(page, center.queue)
  await page.getByTestId('row-take').click()
  await expect(page.getByText(`you cannot take this ticket: skill ${skill.name}`)).toBeVisible()
  expect((await state_of(page, ticket_id)).state).toBe('waiting')
})

test('an admin sees what steps would mean for what waits before saving them', async ({ page, request }) => {
  const skill = await some_skill(request)
  const center = await make_center(request, { needs_skill: skill.id })
  for (const name of ['one', 'two', 'three']) await post_mail(request, center, letter(`The zylophant number ${name}`))
  await log_in(page, 'admin')
  await page.goto(`/admin/queues/${center.queue}`)
  const tried = page.getByTestId('admin-tried')
  await expect(tried).toHaveText('These 3 waiting tickets would have nobody eligible.')
  await page.getByTestId('step-add').click()
  await expect(tried).toHaveText('These 3 waiting tickets would have nobody eligible, not even after the last step.')
  await expect(page.getByTestId('admin-save')).toHaveText('Save anyway')
  await page.getByTestId('step-0-0-what').selectOption('drop_skill')
  await expect(page.getByTestId('admin-save')).toBeDisabled()
  await page.getByTestId('step-0-0-skill').selectOption(String(skill.id))
  await page.getByTestId('step-0-skip').selectOption('nobody_signed_in')
  await expect(tried).toHaveText('These 3 waiting tickets would have nobody eligible; after the last step, none of them.')
  await page.getByTestId('admin-save').click()
  const steps = async () => (await (await page.request.get(`/api/v1/queues/${center.queue}`)).json()).steps
  await expect.poll(steps).toEqual([
    {
      after_s: 30,
      skip_if: 'nobody_signed_in',
      changes: [{ what: 'drop_skill', skill_id: skill.id, queue_id: null, value: null }],
    },
  ])
})
