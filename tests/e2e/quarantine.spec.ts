import { expect } from '@playwright/test'
import { test } from './center'

test('a supervisor reads what was not understood once more after a fix', async ({ page, request }) => {
  const name = `pbx-${Date.now()}`
  const signed_in = await request.post('/api/v1/session', { data: { login: 'admin', password: 'switchboard' } })
  const headers = { 'X-CSRF-Token': (await signed_in.json()).csrf_token as string }
  const queue = (await (await request.get('/api/v1/queues')).json()).items[0].id
  const gateway = (await (await request.post('/api/v1/gateways', { headers, data: { name, kind: 'asterisk', queue_id: queue } })).json()).id
  const { token } = await (
    await request.post('/api/v1/tokens', { headers, data: { name, scopes: ['intake'], gateway_ids: [gateway] } })
  ).json()
  const posted = await request.post(`/api/v1/intake/${name}`, {
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'text/csv' },
    data: `2026-11-20 09:00:00,030111111,100,61,55,ANSWERED,${name}.1\n2026-11-20 09:05:00,030222222,100,20,0,NO ANSWER,${name}.2\n`,
  })
  expect(posted.status(), await posted.text()).toBe(201)

  await page.goto('/login')
  await page.getByTestId('login-name').fill('sonia')
  await page.getByTestId('login-password').fill('switchboard')
  await page.getByTestId('login-submit').click()
  await page.getByTestId('nav-quarantine').click()
  const rows = page.getByTestId('quarantine-row').filter({ hasText: name })
  await expect(rows).toHaveCount(2)
  await rows.first().getByTestId('replay').click()
  await expect(page.getByText('0 of 2 contacts understood')).toBeVisible()

  const columns = ['start', 'src', 'dst', 'duration', 'billsec', 'disposition', 'uniqueid']
  const fixed = await request.patch(`/api/v1/gateways/${gateway}`, { headers, data: { settings: { columns } } })
  expect(fixed.status(), await fixed.text()).toBe(200)
  await page.getByTestId('replay-all').click()
  await expect(rows).toHaveCount(0)
})
