import { expect } from '@playwright/test'
import { test } from './center'

test('a supervisor asks what one more colleague would change', async ({ page }) => {
  await page.goto('/login')
  await page.getByTestId('login-name').fill('sonia')
  await page.getByTestId('login-password').fill('switchboard')
  await page.getByTestId('login-submit').click()
  await page.getByTestId('nav-what-if').click()
  await page.getByTestId('colleague-like').selectOption({ label: 'Ben Okafor' })
  await page.getByTestId('simulate').click()
  const lines = page.getByTestId('simulation-lines')
  await expect(lines).toContainText('As it is')
  await expect(lines).toContainText('What if')
  await expect(page.getByTestId('curve-what-if').first()).toBeVisible()
  await page.getByText(/^Occupancy of/).click()
  await expect(page.getByText('like Ben Okafor (1)')).toBeVisible()
})
