import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from '@playwright/test'
import { accept_by_key, expect_errors, make_center, post_mail, sign_in_and_be_ready, test } from './center'

const dot = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

test('the pictures of a mail are asked for once, by the reader, through our server', async ({ page, request }) => {
  expect_errors(/status of 502/) // one of them is gone
  const asked: { url: string; headers: Record<string, unknown> }[] = []
  const site = createServer((incoming, answer) => {
    asked.push({ url: incoming.url ?? '', headers: incoming.headers })
    if (incoming.url === '/gone.png') answer.writeHead(404).end()
    else answer.writeHead(200, { 'Content-Type': 'image/png' }).end(dot)
  })
  await new Promise<void>((ready) => site.listen(0, '127.0.0.1', ready))
  const at = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  const direct: string[] = []
  page.on('request', (r) => r.url().startsWith(at) && direct.push(r.url()))
  try {
    const center = await make_center(request)
    await sign_in_and_be_ready(page, center.agent)
    const { ticket_id } = await post_mail(
      request,
      center,
      `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: Pictures of the zylophant
Message-ID: <pictures.${Date.now()}@example.net>
Content-Type: text/html; charset=utf-8

<p>See what it did.</p><img src="${at}/dent.png" alt="The dent" width="120" height="80"><img src="${at}/gone.png" alt="The wheel">
<img src="${at}/watch.gif" width="1" height="1">
`,
    )
    await accept_by_key(page)
    const mail = page.frameLocator('[data-testid="mail-frame"]')
    await expect(mail.getByText('Image blocked: The dent')).toBeVisible()
    await expect(page.getByTestId('blocked-remote')).toContainText('3 remote images blocked')
    await expect(page.getByTestId('show-pictures')).toBeVisible()
    expect(asked).toEqual([])

    await page.getByTestId('timeline').click({ position: { x: 5, y: 5 } })
    await page.keyboard.press('b')
    await expect(mail.getByAltText('The dent')).toBeVisible()
    await expect(mail.getByText('Image not available: The wheel')).toBeVisible()
    await expect(page.getByTestId('pictures-shown')).toContainText('1 picture shown, this once. The sender sees our server, not you. 1 picture could not be loaded.')
    await page.keyboard.press('b')
    expect(asked.map(({ url }) => url).sort()).toEqual(['/dent.png', '/gone.png'])
    for (const { headers } of asked) {
      expect(headers.cookie).toBeUndefined()
      expect(headers.referer).toBeUndefined()
      expect(headers['user-agent'] ?? '').not.toContain('Chrome')
    }

    await page.goto('/me')
    await page.goto(`/work/${ticket_id}`)
    await expect(mail.getByText('Image blocked: The dent')).toBeVisible()
    expect(asked).toHaveLength(2)
    expect(direct).toEqual([])
  } finally {
    site.close()
  }
})
