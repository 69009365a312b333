import { expect } from '@playwright/test'
import { accept_by_key, make_center, post_mail, sign_in_and_be_ready, test } from './center'

test('an agent promises a callback, tries twice and reaches the customer', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post_mail(
    request,
    center,
    `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: Please call me
Message-ID: <callback.${Date.now()}.${Math.random()}@example.net>
Content-Type: text/plain; charset=utf-8

It hums.
`,
  )
  await accept_by_key(page)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await page.keyboard.press('Escape')
  await page.keyboard.press('d')
  await expect(page.getByTestId('callback-phone')).toBeFocused()
  await expect(page.getByTestId('callback-confirm')).toBeDisabled()
  await page.keyboard.insertText('030 1')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('callback-dialog')).toContainText('country code')
  await expect(page.getByText('was not changed')).toBeVisible()
  await page.getByTestId('callback-phone').fill('+49 30 1234567')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('callback-dialog')).toHaveCount(0)
  await expect(page.getByText('was not changed')).toHaveCount(0)

  await expect(page.getByTestId('offer-card')).toContainText('Call back: Please call me')
  await accept_by_key(page)
  const bar = page.getByTestId('callback')
  await expect(bar).toContainText('now, attempt 1 of 3')
  await expect(page.getByTestId('callback-number')).toHaveAttribute('href', 'tel:+49301234567')
  await page.getByTestId('call-busy').click()
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'held')
  await expect(bar).toContainText('Wren Calloway: busy')
  await expect(bar).toContainText('attempt 2 of 3')
  await expect(page.getByTestId('call-busy')).toHaveCount(0)

  await page.getByTestId('resume').click()
  await page.getByTestId('call-answered').click()
  await expect(bar).toHaveCount(0)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await expect(page.getByText('Wren Calloway called back: reached')).toBeVisible()
  const ticket = await (await page.request.get(`/api/v1/tickets/${ticket_id}`)).json()
  expect(ticket.callback).toMatchObject({ state: 'done', attempts: [{ result: 'busy' }, { result: 'answered' }] })
})
