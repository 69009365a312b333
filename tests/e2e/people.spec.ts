import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { make_center, save_form, sign_in, sign_in_and_be_ready, test } from './center'

async function as_admin(page: Page) {
  await page.goto('/login')
  await page.getByTestId('login-name').fill('admin')
  await page.getByTestId('login-password').fill('switchboard')
  await page.getByTestId('login-submit').click()
  await expect(page.getByTestId('presence-button')).toBeVisible()
}

async function expect_accessible(page: Page) {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .setLegacyMode()
    .analyze()
  expect.soft(found.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`)).toEqual([])
}

for (const theme of ['light', 'dark'] as const) {
  test(`an admin says who works in a queue, and what an agent can and may do (${theme})`, async ({ page, request }) => {
    test.slow()
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const center = await make_center(request)
    const headers = await sign_in(request)
    const add = async (path: string, data: object) => {
      const answer = await request.post(`/api/v1/${path}`, { data, headers })
      expect(answer.status(), await answer.text()).toBe(201)
      return (await answer.json()).id as number
    }
    const ida = await add('users', { login: `${center.agent}-2`, name: `Ida ${center.agent}`, roles: [2] })
    const skill = `Skill ${center.agent}`, licence = `Licence ${center.agent}`, calendar = `Shift ${center.agent}`
    await add('skills', { name: skill })
    await add('licences', { name: licence })
    await add('calendars', { name: calendar, timezone: 'UTC' })
    const members = async () =>
      (await (await request.get(`/api/v1/queues/${center.queue}/members`, { headers })).json()).items

    await as_admin(page)
    await page.goto(`/admin/queues/${center.queue}`)
    const who = page.getByTestId('field-members')
    await expect(who.getByLabel('Agent')).toHaveCount(1)
    await who.getByTestId('members-add').click()
    const line = page.getByTestId('members-1')
    await line.getByLabel('Agent').selectOption({ label: `Ida ${center.agent}` })
    await line.getByLabel('Rank').fill('2')
    await line.getByLabel('After (s)').fill('90000')
    await page.getByTestId('admin-save').click()
    await expect(line.getByLabel('After (s)')).toHaveAttribute('aria-invalid', 'true')
    await expect(line).toContainText('86400')
    await expect_accessible(page)
    await line.getByLabel('After (s)').fill('30')
    await save_form(page)
    await expect.poll(members).toContainEqual({ agent_id: ida, name: `Ida ${center.agent}`, rank: 2, delay_s: 30 })
    await page.getByTestId('members-0').getByRole('button', { name: 'Remove line 1' }).click()
    await page.getByLabel('Ring for (s)').fill('33')
    await save_form(page)
    await expect.poll(async () => (await members()).map((m: { agent_id: number }) => m.agent_id)).toEqual([ida])
    expect((await (await request.get(`/api/v1/queues/${center.queue}`, { headers })).json()).ring_s).toBe(33)

    await page.goto(`/admin/agents/${ida}`)
    await page.getByTestId('skills-add').click()
    await page.getByTestId('skills-0').getByLabel('Skill').selectOption({ label: skill })
    await page.getByTestId('licences-add').click()
    const may = page.getByTestId('licences-0')
    await may.getByLabel('Licence').selectOption({ label: licence })
    await may.getByLabel('Jurisdictions').fill('US-NY, US-NJ')
    await may.getByLabel('From').fill('2026-06-01')
    await may.getByLabel('Until').fill('2026-05-01')
    await page.getByTestId('field-calendar_id').selectOption({ label: calendar })
    await page.getByTestId('admin-save').click()
    await expect(may.getByLabel('Until')).toHaveAttribute('aria-invalid', 'true')
    await expect(may).toContainText('must be after valid_from')
    await expect_accessible(page)
    await may.getByLabel('Until').fill('2028-05-01')
    await save_form(page)
    const profile = async () => (await request.get(`/api/v1/agents/${ida}`, { headers })).json()
    await expect.poll(async () => (await profile()).calendar_id).not.toBeNull()
    const agent = await profile()
    expect(agent.skills).toHaveLength(1)
    expect(agent.licences[0]).toMatchObject({ jurisdictions: ['US-NY', 'US-NJ'], state: 'active', valid_until: '2028-05-01T00:00:00Z' })
    expect(agent.queues).toEqual([{ queue_id: center.queue, rank: 2, delay_s: 30 }])
    await expect(page.getByTestId('admin-row').filter({ hasText: `Ida ${center.agent}` })).toContainText(calendar)
  })
}

test('a reason for being away that an admin adds is in every agent’s menu, with its digit', async ({ page, browser, request }) => {
  const center = await make_center(request)
  await as_admin(page)
  await page.goto('/admin/absence-reasons')
  await page.getByTestId('admin-new').click()
  const name = `Fire drill of ${center.agent}`
  await page.getByTestId('field-name').fill(name)
  await page.getByTestId('admin-save').click()
  await expect(page.getByRole('button', { name })).toBeVisible()

  const desk = await (await browser.newContext()).newPage()
  await sign_in_and_be_ready(desk, center.agent)
  await desk.keyboard.press('p')
  const choice = desk.getByTestId(`presence-not_ready-${name}`)
  const digit = (await choice.locator('kbd').innerText()).trim()
  expect(digit).toMatch(/^[2-9]$/)
  await desk.keyboard.press(digit)
  const button = desk.getByTestId('presence-button')
  await expect(button).toHaveAttribute('data-state-name', 'not_ready')
  await expect(button).toContainText(name)
  await desk.context().close()
})
