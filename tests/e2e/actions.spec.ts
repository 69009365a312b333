import { expect } from '@playwright/test'
import { accept_by_key, log_in, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'

test('an agent asks for more than she may, a supervisor approves less, and it is carried out', async ({ page, request, browser }) => {
  const center = await make_center(request)
  const headers = await sign_in(request)
  const add = async (path: string, data: object) => {
    const answer = await request.post(`/api/v1/${path}`, { data, headers })
    expect(answer.status(), await answer.text()).toBe(201)
    return (await answer.json()).id as number
  }
  const title = `Refund ${center.agent}`
  const kind_id = await add('action-kinds', {
    name: `refund-${Date.now()}`,
    title,
    amount_field: 'amount',
    currency: 'EUR',
    fields: [
      { name: 'amount', label: 'Amount', type: 'money', required: true },
      { name: 'why', label: 'Reason', type: 'choice', choices: ['broken', 'late'], required: true },
    ],
  })
  await add('action-limits', { kind_id, role_id: 2, per_action: 10_000 })
  await add('action-limits', { kind_id, role_id: 4, per_action: 500_000 })
  await request.delete('/api/v1/session', { headers })

  await sign_in_and_be_ready(page, center.agent)
  await post_mail(
    request,
    center,
    `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: It came broken
Message-ID: <refund.${Date.now()}.${Math.random()}@example.net>
Content-Type: text/plain; charset=utf-8

I want my 180 back.
`,
  )
  await accept_by_key(page)
  await expect(page.getByTestId('ticket-state')).toHaveAttribute('data-state', 'active')
  await page.keyboard.press('Escape')
  await page.keyboard.press('o')
  await page.getByTestId('account-kind').selectOption({ label: title })
  await expect(page.getByTestId('account-confirm')).toBeDisabled()
  await page.getByTestId('form-amount').fill('180')
  await page.getByTestId('form-why').selectOption('broken')
  await page.getByTestId('account-words').fill('She has a picture of it.')
  await page.getByTestId('account-confirm').click()
  const one = page.getByTestId('account-action')
  await expect(one).toHaveAttribute('data-state', 'awaiting_approval')
  await expect(one.getByTestId('why-it-waits')).toContainText('may authorise €100.00 at a time')

  const boss = await (await browser.newContext()).newPage()
  await log_in(boss, 'sonia')
  await boss.getByTestId('nav-approvals').click()
  const row = boss.getByTestId('approval-row').filter({ hasText: title })
  await expect(row).toContainText('She has a picture of it.')
  await row.getByTestId('action-approve').click()
  await boss.getByTestId('approve-less').fill('150')
  await boss.getByTestId('action-approve-confirm').click()
  await expect(row).toHaveCount(0)
  await boss.context().close()

  await expect(one, 'she sees it without asking').toHaveAttribute('data-state', 'authorised')
  await expect(one).toContainText('€150.00')
  await one.getByTestId('action-confirm').click()
  await page.getByTestId('step-reference').fill('R-77')
  await page.getByTestId('action-confirm-confirm').click()
  await expect(one).toHaveAttribute('data-state', 'confirmed')
  await expect(one).toContainText('R-77')
  await page.getByText('4 changes, last: ').click()
  await expect(page.getByText('Sonia Brandt approved: ')).toBeVisible()
  await expect(page.getByText('did it: ')).toBeVisible()
})
