import { expect } from '@playwright/test'
import { accept_by_key, expect_errors, make_center, post_mail, sign_in_and_be_ready, test } from './center'

test('an admin closes a queue by a calendar, and its agent sees that the promise stands still', async ({ page, request }) => {
  expect_errors(/status of 401/) // the next one signs in while the admin's page still reads
  const center = await make_center(request)
  const name = `Closed ${center.agent}`
  await page.goto('/login')
  await page.getByTestId('login-name').fill('admin')
  await page.getByTestId('login-password').fill('switchboard')
  await page.getByTestId('login-submit').click()
  await expect(page.getByTestId('presence-button')).toBeVisible()

  await page.goto('/admin/calendars')
  await page.getByTestId('admin-new').click()
  await page.getByTestId('field-name').fill(name)
  await page.getByTestId('field-timezone').fill('Mars/Olympus')
  await page.getByTestId('admin-save').click()
  await expect(page.getByTestId('admin-form')).toContainText('is no IANA time zone')
  await page.getByTestId('field-timezone').fill('Europe/Berlin')
  await page.getByTestId('admin-save').click()
  await expect(page.getByTestId('admin-row').filter({ hasText: name })).toContainText('Europe/Berlin')

  await page.goto(`/admin/queues/${center.queue}`)
  await page.getByLabel('Open by').selectOption({ label: name })
  await page.getByTestId('admin-save').click()
  await expect(page.getByText('Saved')).toBeVisible()

  await page.context().clearCookies()
  await sign_in_and_be_ready(page, center.agent)
  await post_mail(request, center, `From: Ida <ida@example.net>\nSubject: Are you there\nMessage-ID: <${center.agent}@example.net>\n\nHello?\n`)
  await accept_by_key(page)
  await expect(page.getByTestId('promise-stopped')).toHaveText('closed, 1 h left')
})
