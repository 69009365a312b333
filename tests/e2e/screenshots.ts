import { fileURLToPath } from 'node:url'
import { expect, type Page } from '@playwright/test'
import { accept_by_key, make_center, post_mail, show_widget, sign_in, test } from './center'
import { make_world, screens, sign_in_to, type world } from './screens'

const folder = fileURLToPath(new URL('../../build/screenshots/', import.meta.url))
const sizes = [
  [320, 568],
  [640, 360],
  [1280, 720],
  [1920, 1080],
] as const
/** `SCREENS=work,dialog` and `SIZES=640` make only these. */
const only = (process.env.SCREENS ?? '').split(',')
const is_wanted = (name: string) => only.some((start) => name.startsWith(start))
const wanted_sizes = sizes.filter(([width]) => (process.env.SIZES ?? String(width)).split(',').includes(String(width)))
const themes = (process.env.THEMES ?? 'light,dark').split(',') as ('light' | 'dark')[]

async function shoot(page: Page, name: string) {
  for (const [width, height] of wanted_sizes) {
    await page.setViewportSize({ width, height })
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `${folder}${name}.${width}x${height}.${theme}.png` })
    }
  }
}
/** At each size anew: what a screen does when it opens depends on its room. */
async function shoot_screen(page: Page, at: world, screen: (typeof screens)[number]) {
  for (const [width, height] of wanted_sizes) {
    await page.setViewportSize({ width, height })
    await screen.open(page, at)
    for (const theme of themes) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
      await page.screenshot({ path: `${folder}${screen.name}.${width}x${height}.${theme}.png` })
    }
  }
}

test('every screen at every size', async ({ page, request }) => {
  const at = await make_world(request, 'admin')
  const wanted = screens.filter(({ name }) => is_wanted(name))
  for (const screen of wanted.filter(({ role }) => role === 'nobody')) await shoot_screen(page, at, screen)
  await sign_in_to(page, at.center.agent)
  for (const screen of wanted.filter(({ role }) => role !== 'nobody')) await shoot_screen(page, at, screen)
})

test('an offer rings, and a wrap-up runs', async ({ page, request }) => {
  test.skip(!is_wanted('offer') && !is_wanted('wrapup'))
  const center = await make_center(request, { role: 'admin' })
  const headers = await sign_in(request)
  const queue = await request.get(`/api/v1/queues/${center.queue}`)
  const match = { 'If-Match': queue.headers()['etag']! }
  const longer = await request.patch(`/api/v1/queues/${center.queue}`, { headers: { ...headers, ...match }, data: { wrapup_s: 600, ring_s: 600 } })
  expect(longer.status(), await longer.text()).toBe(200)
  await sign_in_to(page, center.agent)
  await page.getByTestId('presence-button').click()
  await page.getByTestId('presence-ready').click()
  const letter = 'From: Zelda Quill <zelda@example.net>\nTo: desk@example.com\nSubject: The zylophant squeaks when it is turned\n\nIt does.\n'
  await post_mail(request, center, letter)
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await shoot(page, 'offer-on-work')
  await page.goto('/tickets')
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await shoot(page, 'offer-elsewhere')
  await page.keyboard.press('Shift+F2')
  await expect(page.getByTestId('decline-menu')).toBeVisible()
  await shoot(page, 'offer-decline')
  await page.keyboard.press('Escape')
  await accept_by_key(page)
  await expect(page.getByTestId('timeline-entry').first()).toBeVisible()
  await shoot(page, 'offer-taken')
  const shop = await page.context().newPage()
  const widget = await show_widget(shop, center.website)
  await widget.getByRole('button').first().click()
  await widget.getByRole('dialog').getByRole('textbox').last().fill('Do you sell zylophants?')
  await widget.getByRole('dialog').getByRole('textbox').last().press('Enter')
  await accept_by_key(page)
  await expect(page.getByTestId('chat-bubble').first()).toBeVisible()
  await shoot(page, 'offer-taken-chat')
  await page.keyboard.press('Escape')
  await page.keyboard.press('s')
  await page.getByTestId('disposition-resolved').click()
  await expect(page.getByTestId('wrapup')).toBeVisible()
  await shoot(page, 'wrapup-on-work')
  await page.goto('/tickets')
  await expect(page.getByTestId('wrapup')).toBeVisible()
  await shoot(page, 'wrapup-elsewhere')
})

test('the chat page of a visitor', async ({ page }) => {
  test.skip(!is_wanted('chat-page'))
  await page.goto('/chat/demo.html')
  await expect(page.locator('switchboard-chat')).toBeAttached()
  await shoot(page, 'chat-page')
  await page.locator('switchboard-chat').getByRole('button').first().click()
  await expect(page.locator('switchboard-chat').getByRole('dialog')).toBeVisible()
  await shoot(page, 'chat-page-open')
})
