import { expect } from '@playwright/test'
import { log_in, make_center, sign_in, test } from './center'

test('an auditor sees who changed what, narrows it, takes it along, and can change nothing', async ({ page, request }) => {
  const center = await make_center(request)
  const headers = await sign_in(request)
  const queue = `/api/v1/queues/${center.queue}`
  expect((await request.patch(queue, { headers, data: { ring_s: 47 } })).status()).toBe(200)
  const login = `e2e-${Date.now()}-auditor`
  const auditor = await request.post('/api/v1/users', {
    headers,
    data: { login, name: 'Aud Itor', roles: [7], password: 'given by an admin' },
  })
  expect(auditor.status(), await auditor.text()).toBe(201)
  await request.delete('/api/v1/session', { headers })
  const own = await sign_in(request, login, 'given by an admin')
  const data = { password: 'chosen by myself', current_password: 'given by an admin' }
  expect((await request.patch('/api/v1/me', { headers: own, data })).status()).toBe(200)

  await log_in(page, login)
  await page.getByRole('link', { name: 'Administration' }).click()
  await page.getByRole('navigation', { name: 'Administration' }).getByRole('link', { name: 'Audit' }).click()
  await page.getByTestId('audit-noun').selectOption({ label: 'Queues' })
  await page.getByTestId('audit-what').selectOption({ label: 'Changed' })
  const row = page.getByTestId('audit-row').filter({ hasText: center.agent }).filter({ hasText: 'Ring (s)' })
  await expect(row).toHaveCount(1) // that it was made, with a ring too, is left out now
  await expect(row).toContainText('→ 47')
  await expect(row).toContainText('127.0.0.1')

  const file = page.waitForEvent('download')
  await page.getByTestId('audit-export').click()
  expect((await file).suggestedFilename()).toBe('audit.ndjson')
  await page.reload()
  await expect(page.getByTestId('audit-noun')).toHaveValue('queue')

  await row.getByRole('link').focus()
  await page.keyboard.press('Enter')
  await expect(page).toHaveURL(new RegExp(`/admin/queues/${center.queue}$`))
  await expect(page.getByTestId('admin-looks-only')).toBeVisible()
  await expect(page.getByLabel('Ring for (s)')).toBeDisabled()
  await expect(page.getByTestId('admin-save')).toHaveCount(0)
  await expect(page.getByTestId('admin-remove')).toHaveCount(0)
  await expect(page.getByTestId('admin-new')).toHaveCount(0)

  for (const width of [640, 1920]) {
    await page.setViewportSize({ width, height: 900 })
    await page.goto('/admin/audit?what=exported')
    await expect(page.getByTestId('audit-row').first()).toContainText('Aud Itor')
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true)
  }
})
