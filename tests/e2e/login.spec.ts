import { expect } from '@playwright/test'
import { expect_errors, log_in, make_center, sign_in, test } from './center'

test('a stranger sees the log-in page and nothing else', async ({ page }) => {
  await page.goto('/work')
  await expect(page.getByTestId('login-form')).toBeVisible()
  expect_errors(/status of 401/)
  await page.getByTestId('login-name').fill('nobody')
  await page.getByTestId('login-password').fill('wrong')
  await page.getByTestId('login-form').getByRole('button').click()
  await expect(page.getByTestId('login-failure')).toContainText('wrong')
  await expect(page).toHaveURL(/login/)
})

test('who was given a password chooses an own one first, and sees and ends the sessions', async ({ page, request }) => {
  const headers = await sign_in(request)
  const login = `new-${Date.now()}`
  const data = { login, name: 'Iris Newcomer', roles: [2], password: 'given by an admin' }
  expect((await request.post('/api/v1/users', { headers, data })).status()).toBe(201)

  await page.goto('/tickets')
  await page.getByTestId('login-name').fill(login.toUpperCase())
  await page.getByTestId('login-password').fill('given by an admin')
  await page.getByTestId('login-submit').click()
  await page.getByTestId('new-password').fill('administrator')
  await page.getByTestId('new-password-again').fill('administrator')
  await page.getByTestId('new-password-submit').click()
  await expect(page.getByTestId('new-password-failure')).toContainText('guessed')
  await page.getByTestId('new-password').fill('chosen by myself')
  await page.getByTestId('new-password-again').fill('chosen by myself')
  await page.getByTestId('new-password-submit').click()
  await expect(page).toHaveURL(/^[^?]*\/tickets$/) // not the way back of the log-in page

  await sign_in(request, login, 'chosen by myself')
  await page.goto('/me')
  await expect(page.getByTestId('session')).toHaveCount(2)
  await page.getByTestId('end-other-sessions').click()
  await expect(page.getByTestId('session')).toHaveCount(1)
  expect((await request.get('/api/v1/session')).status()).toBe(401)
})

test('a session that was ended elsewhere leads back to the log-in page', async ({ page, request }) => {
  const center = await make_center(request)
  await log_in(page, center.agent)
  const headers = await sign_in(request, center.agent)
  expect((await request.delete('/api/v1/me/sessions', { headers })).status()).toBe(204)
  await expect(page.getByTestId('login-form')).toBeVisible({ timeout: 5000 })
})
