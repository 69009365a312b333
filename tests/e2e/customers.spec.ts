import { expect } from '@playwright/test'
import { log_in, make_center, post_mail, sign_in, test } from './center'

const letter = (from: string, subject: string) => `From: ${from}
To: desk@example.com
Subject: ${subject}
Message-ID: <customers.${Date.now()}.${Math.random()}@example.net>
Content-Type: text/plain; charset=utf-8

It hums.
`

test('two records of one person become one, and two again', async ({ page, request }) => {
  const center = await make_center(request)
  const tag = `zq${Date.now()}`
  await post_mail(request, center, letter(`Zelda ${tag} <home.${tag}@example.net>`, `At home ${tag}`))
  await post_mail(request, center, letter(`Zelda ${tag} <work.${tag}@example.net>`, `At work ${tag}`))
  await log_in(page, 'admin')
  await page.keyboard.press('g')
  await page.keyboard.press('c')
  await expect(page).toHaveURL(/\/customers$/)
  await page.getByTestId('customer-search').fill(tag)
  await expect(page.getByTestId('customer-row')).toHaveCount(2)
  await page
    .getByTestId('customer-row')
    .filter({ hasText: `home.${tag}` })
    .click()
  const records = page.getByTestId('customer-records')
  await expect(records.getByTestId('possible-duplicate')).toContainText('has the same name')
  await records.getByRole('button', { name: 'Merge…' }).click()
  await expect(page.getByTestId('move-preview')).toContainText('1 open ticket')
  await expect(page.getByTestId('move-preview')).toContainText(`work.${tag}@example.net`)
  await page.getByTestId('merge-reason').fill('Both from the same Zelda')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('merge-dialog')).toHaveCount(0)
  const panel = page.getByTestId('customer-panel')
  await expect(panel).toContainText(`work.${tag}@example.net`)
  await expect(panel.getByTestId('customer-ticket')).toHaveCount(2)
  await expect(records.getByTestId('possible-duplicate')).toHaveCount(0)

  await records.getByTestId('undo-move').click()
  await page.getByTestId('undo-reason').fill('father and son')
  await page.getByTestId('undo-move-confirm').click()
  await expect(records.getByTestId('undone-by')).toContainText('father and son')
  await expect(panel.getByTestId('customer-ticket')).toHaveCount(1)
  await expect(panel).not.toContainText(`work.${tag}@example.net`)
  await expect(records.getByTestId('possible-duplicate')).toHaveCount(1)
})

test('an address that is somebody else’s takes its tickets along', async ({ page, request }) => {
  const center = await make_center(request)
  const tag = `zs${Date.now()}`
  await post_mail(request, center, letter(`Zelda <one.${tag}@example.net>`, `One ${tag}`))
  await post_mail(request, center, letter(`Yorick <two.${tag}@example.net>`, `Two ${tag}`))
  await log_in(page, 'admin')
  await page.goto('/customers')
  await page.getByTestId('customer-search').fill(`one.${tag}`)
  await expect(page.getByTestId('customer-row')).toHaveCount(1)
  await page.getByTestId('customer-row').click()
  await page.getByTestId('open-merge').click()
  await page.getByTestId('customer-finder-search').fill(`two.${tag}`)
  await page.getByTestId('merge-dialog').getByRole('option').click()
  await page.getByTestId('merge-reason').fill('Thought so')
  await page.getByTestId('merge-confirm').click()
  await expect(page.getByTestId('customer-panel').getByTestId('customer-ticket')).toHaveCount(2)

  const old = page.url()
  await page.getByTestId('open-split').click()
  await page.getByTestId('split-dialog').getByLabel(`two.${tag}@example.net`).check()
  await page.getByTestId('split-name').fill('Yorick')
  await expect(page.getByTestId('move-preview')).toContainText('1 open ticket')
  await page.getByTestId('split-reason').fill('They are two after all')
  await page.getByTestId('split-confirm').click()
  await expect(page).not.toHaveURL(old)
  await expect(page.getByTestId('customer-panel').getByRole('heading', { name: 'Yorick' })).toBeVisible()
  await expect(page.getByTestId('customer-panel').getByTestId('customer-ticket')).toContainText(`Two ${tag}`)
})

test('somebody new is noted down, once', async ({ page }) => {
  const tag = `zn${Date.now()}`
  await log_in(page, 'admin')
  await page.goto('/customers')
  for (const times of [1, 2]) {
    await page.getByTestId('new-customer').click()
    await page.getByTestId('new-customer-name').fill(`Nora ${tag}`)
    await page.getByTestId('new-customer-email').fill(`Nora.${tag}@Example.net`)
    await page.getByTestId('new-customer-confirm').click()
    if (times === 1) {
      await expect(page.getByTestId('customer-panel')).toContainText(`nora.${tag}@example.net`)
      await page.getByTestId('add-address').fill('nonsense')
      await page.getByRole('button', { name: 'Add' }).click()
      await expect(page.getByTestId('customer-records')).toContainText('must be an e-mail address')
      await page.getByTestId('add-address').fill(`second.${tag}@example.net`)
      await page.getByRole('button', { name: 'Add' }).click()
      await expect(page.getByTestId('customer-panel')).toContainText(`second.${tag}@example.net`)
      await page.getByTestId('confirm-address').first().click()
      await page.getByTestId('confirm-how').selectOption('code_read_back')
      await page.getByTestId('confirm-address-confirm').click()
      await expect(page.getByTestId('confirmed')).toHaveCount(1)
      await page.goBack()
    }
  }
  await expect(page.getByTestId('new-customer-dialog')).toContainText(`Nora ${tag}`)
  await expect(page.getByTestId('new-customer-dialog')).toContainText('merge the two if they are one person')
})

test('what another system tells stands beside the ticket, and changes in place', async ({
  page,
  request,
}) => {
  const center = await make_center(request)
  const headers = await sign_in(request)
  const tag = `zo${Date.now()}`
  const fields = [
    { name: 'total', label: 'Total', type: 'money', column: true },
    { name: 'state', label: 'State', type: 'text', column: true },
    { name: 'page', label: 'In the shop', type: 'url' },
  ]
  const made = await request.post('/api/v1/object-kinds', {
    headers,
    data: { name: tag, title: 'Order', fields },
  })
  expect(made.status(), await made.text()).toBe(201)
  const push = (state: string) =>
    request.put(`/api/v1/objects/shop/${tag}/A-1`, {
      headers,
      data: {
        customer: { email: `${tag}@example.net` },
        data: { total: { amount: 1999, currency: 'EUR' }, state, page: 'https://shop.example/A-1' },
      },
    })
  expect((await push('paid')).status()).toBe(200)
  const { ticket_id } = await post_mail(
    request,
    center,
    letter(`Zoe <${tag}@example.net>`, `My order ${tag}`),
  )
  await log_in(page, center.agent)
  await page.goto(`/work/${ticket_id}`)
  const order = page.getByTestId('customer-object')
  await expect(order).toContainText('Order A-1')
  await expect(order).toContainText('19.99')
  await expect(order).toContainText('paid')
  await push('delivered')
  await expect(order).toContainText('delivered')
  await order.locator('summary').click()
  await expect(order.getByRole('link')).toHaveAttribute('href', 'https://shop.example/A-1')
})

test('a customer is put into an organization, and found by it', async ({ page, request }) => {
  const center = await make_center(request)
  const tag = `zo${Date.now()}`
  await post_mail(request, center, letter(`Ada ${tag} <ada.${tag}@example.net>`, `Order ${tag}`))
  await post_mail(request, center, letter(`Bea ${tag} <bea.${tag}@example.net>`, `Bill ${tag}`))
  await log_in(page, 'admin')
  await page.goto('/customers')
  await page.getByTestId('customer-search').fill(tag)
  await expect(page.getByTestId('customer-row')).toHaveCount(2)
  await page.getByRole('heading', { name: 'Customers' }).click() // out of the field, where letters are keys
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  const panel = page.getByTestId('customer-panel')
  await expect(panel.getByRole('heading', { name: `Ada ${tag}` })).toBeVisible()

  await page.getByTestId('open-organization').click()
  await page.getByTestId('organization-search').fill(`Engines ${tag}`)
  await page.getByTestId('organization-add').click()
  await expect(page.getByTestId('organization-dialog')).toHaveCount(0)
  await panel.getByTestId('organization').click()
  await expect(page.getByTestId('of-organization')).toContainText(`Of Engines ${tag}`)
  await expect(page.getByTestId('customer-row')).toHaveCount(1)
  await page.getByTestId('customer-row').click()
  await page.getByTestId('open-organization').click()
  await page.getByTestId('organization-none').click()
  await expect(panel.getByTestId('organization')).toHaveCount(0)
})
