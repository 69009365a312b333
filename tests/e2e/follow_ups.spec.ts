import { expect } from '@playwright/test'
import { accept_by_key, make_center, post_mail, sign_in_and_be_ready, test } from './center'

test('an agent promises to come back, solves, and has the ticket again when that is due', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const { ticket_id } = await post_mail(
    request,
    center,
    `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: The line is dead
Message-ID: <follow-up.${Date.now()}.${Math.random()}@example.net>
Content-Type: text/plain; charset=utf-8

It was mended, and is dead again.
`,
  )
  await accept_by_key(page)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await page.keyboard.press('Escape')
  await page.keyboard.press('s')
  await page.getByTestId('promise-first').click()
  await expect(page.getByTestId('promise-confirm')).toBeDisabled()
  await page.getByTestId('promise-reason').fill('Is the line still alive?')
  await page.getByTestId('promise-confirm').click()
  await expect(page.getByTestId('solve-dialog')).toContainText('You come back: 1 follow-up')
  await page.getByTestId('disposition-resolved').click()
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'solved')
  const one = page.getByTestId('follow-up')
  await expect(one).toContainText('Is the line still alive?')
  await expect(one).toHaveAttribute('data-state', 'open')

  // In a moment in place of tomorrow.
  const { follow_ups } = await (await page.request.get(`/api/v1/tickets/${ticket_id}`)).json()
  const { session } = await (await page.request.get('/api/v1/session/current')).json()
  const moved = await page.request.post(`/api/v1/follow-ups/${follow_ups[0].id}/move`, {
    headers: { 'X-CSRF-Token': session.csrf_token },
    data: { due_at: new Date(Date.now() + 2000).toISOString(), reason: 'she cannot wait' },
  })
  expect(moved.status()).toBe(200)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await expect(one).toHaveAttribute('data-state', 'due')
  await expect(page.getByTestId('coming-follow-ups')).toContainText('Is the line still alive?')

  await page.getByTestId('nav-follow-ups').click()
  const row = page.getByTestId('follow-up-row').filter({ hasText: 'Zelda Quill' })
  await row.getByTestId('follow-up-keep').click()
  await page.getByTestId('follow-up-note').fill('It is.')
  await page.getByTestId('follow-up-keep-confirm').click()
  await expect(row).toHaveCount(0)
  await page.goto(`/work/${ticket_id}`)
  await expect(one).toContainText('kept by Wren Calloway: It is.')
  await expect(page.getByText('Wren Calloway came back: It is.')).toBeVisible()
})
