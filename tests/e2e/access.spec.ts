import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { accept_by_key, make_center, post_mail, sign_in_and_be_ready, test } from './center'
import { make_world, routes, screens, sign_in_to } from './screens'

/**
 * WCAG 2.2 AA as far as a machine can tell, on the page as it stands. Left out: the frame with the customer's own words,
 * where no script may run, ours neither.
 */
async function expect_accessible(page: Page, what: string, part = 'body') {
  const found = await new AxeBuilder({ page })
    .include(part)
    .options({
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'label-content-name-mismatch': { enabled: true } },
    })
    .exclude('[data-testid="mail-frame"]')
    .setLegacyMode()
    .analyze()
  expect.soft(
    found.violations.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`),
  ).toEqual([])
}

const modes = {
  light: { colorScheme: 'light', forcedColors: 'none' },
  dark: { colorScheme: 'dark', forcedColors: 'none' },
  'forced colours': { colorScheme: 'dark', forcedColors: 'active' },
} as const

test('the table of screens leaves out no route', () => {
  expect(routes().filter((path) => !screens.some(({ route }) => route === path))).toEqual([])
})

for (const [mode, media] of Object.entries(modes)) {
  // Each screen with the rights of those who need the least for it, and again with all.
  for (const role of ['agent', 'supervisor', 'admin'] as const)
    test(`every screen of ${role} is accessible (${mode})`, async ({ page, request }) => {
      test.setTimeout(300_000)
      await page.emulateMedia({ ...media, reducedMotion: 'reduce' })
      const at = await make_world(request, role)
      const own = screens.filter((screen) => screen.role === role)
      for (const screen of screens.filter((screen) => role === 'agent' && screen.role === 'nobody')) {
        await screen.open(page, at)
        await expect_accessible(page, screen.name)
      }
      await sign_in_to(page, at.center.agent)
      for (const screen of own) {
        await screen.open(page, at)
        await expect_accessible(page, screen.name)
      }
    })

  test(`an offer and the chat page of a visitor are accessible (${mode})`, async ({ page, request }) => {
    await page.emulateMedia({ ...media, reducedMotion: 'reduce' })
    const center = await make_center(request)
    await sign_in_and_be_ready(page, center.agent)
    await expect_accessible(page, 'ready')
    await post_mail(request, center, `From: Zelda Quill <zelda@example.net>\nTo: desk@example.com\nSubject: The zylophant hums\n\nIt hums.\n`)
    await expect(page.getByTestId('offer-card')).toBeVisible()
    await expect_accessible(page, 'offer')
    await page.goto('/tickets')
    await expect(page.getByTestId('offer-card')).toBeVisible()
    await expect_accessible(page, 'offer elsewhere')
    await page.keyboard.press('Shift+F2')
    await expect(page.getByTestId('decline-menu')).toBeVisible()
    await expect_accessible(page, 'declining', '[data-testid="decline-menu"]') // over what is below it
    await page.keyboard.press('Escape')
    await accept_by_key(page)
    await page.setViewportSize({ width: 640, height: 360 })
    await expect_accessible(page, 'a ticket on a low screen')
    await page.getByTestId('nav-menu').click()
    await expect_accessible(page, 'the menu')
    await page.goto('/chat/demo.html')
    await page.locator('switchboard-chat').getByRole('button').first().click()
    await expect(page.locator('switchboard-chat').getByRole('dialog')).toBeVisible()
    // Of a page without tokens axe reads the colours that the browser has replaced.
    await expect_accessible(page, 'chat page', media.forcedColors === 'active' ? 'switchboard-chat' : 'body')
  })
}
