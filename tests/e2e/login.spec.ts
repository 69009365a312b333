import { expect, test } from '@playwright/test'

test('a stranger sees the log-in page and nothing else', async ({ page }) => {
  await page.goto('/work')
  await expect(page.getByTestId('login-form')).toBeVisible()
  await page.getByTestId('login-name').fill('nobody')
  await page.getByTestId('login-password').fill('wrong')
  await page.getByTestId('login-form').getByRole('button').click()
  await expect(page.getByTestId('login-failure')).toContainText('wrong')
  await expect(page).toHaveURL(/login/)
})
