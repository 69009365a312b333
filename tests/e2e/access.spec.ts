import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import { accept_by_key, make_center, post_mail, sign_in_and_be_ready, test } from './center'

/**
 * WCAG 2.2 AA as far as a machine can tell, on the page as it stands. Left out: the frame with the customer's own words,
 * where no script may run, ours neither.
 */
async function expect_accessible(page: Page, what: string) {
  const found = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .exclude('[data-testid="mail-frame"]')
    .setLegacyMode()
    .analyze()
  expect.soft(
    found.violations.map((v) => `${what}: ${v.id}: ${v.nodes.map((n) => n.target.join(' ')).join(' | ')}`),
  ).toEqual([])
}

const letter = `From: Zelda Quill <zelda@example.net>
To: desk@example.com
Subject: The zylophant hums
Message-ID: <access.${Date.now()}@example.net>
Content-Type: text/html; charset=utf-8

<p>It hums <b>all night</b>.</p><img src="https://tracker.example/pixel.png" alt="logo" width="90">
`

for (const theme of ['light', 'dark'] as const) {
  test(`every screen of an agent and a supervisor is accessible (${theme})`, async ({ page, request }) => {
    test.slow()
    await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' })
    const center = await make_center(request)
    await page.goto('/login')
    await expect_accessible(page, 'login')
    await sign_in_and_be_ready(page, center.agent)
    await expect_accessible(page, 'work, empty')
    await post_mail(request, center, letter.replace('access.', `access.${theme}.`))
    await expect(page.getByTestId('offer-card')).toBeVisible()
    await expect_accessible(page, 'offer')
    await accept_by_key(page)
    await expect(page.getByTestId('mail-frame')).toBeVisible()
    await expect_accessible(page, 'ticket')
    await page.keyboard.press('Escape')
    for (const [key, what] of [['t', 'transfer'], ['e', 'escalate'], ['h', 'hold'], ['s', 'solve'], ['?', 'keys'], ['n', 'note']]) {
      await page.keyboard.press(key!)
      if (what !== 'note') await expect(page.getByRole('dialog')).toBeVisible()
      await expect_accessible(page, what!)
      await page.keyboard.press('Escape')
      await expect(page.getByRole('dialog')).toHaveCount(0)
    }
    for (const path of ['/tickets', '/me']) {
      await page.goto(path)
      await expect(page.getByRole('main')).toBeVisible()
      await expect_accessible(page, path)
    }
    await page.context().clearCookies()
    await page.goto('/login')
    await page.getByTestId('login-name').fill('admin')
    await page.getByTestId('login-password').fill('switchboard')
    await page.getByTestId('login-submit').click()
    await expect(page.getByTestId('nav-queues')).toBeVisible()
    const nobodys = await make_center(request)
    const waits = await post_mail(request, nobodys, letter.replace('access.', `waits.${theme}.`))
    await page.goto(`/work/${waits.ticket_id}`)
    await expect(page.getByTestId('waiting-words')).toContainText('Has waited')
    await expect_accessible(page, 'a waiting ticket')
    await page.getByTestId('assign').click()
    await expect(page.getByTestId('assign-dialog').getByRole('option').first()).toBeVisible()
    await expect_accessible(page, 'assign')
    for (const path of ['/tickets', '/queues', '/agents', '/quarantine', '/admin/gateways', '/admin/queues', `/admin/queues/${nobodys.queue}`, '/admin/users', '/admin/rules']) {
      await page.goto(path)
      await expect(page.getByRole('main')).toBeVisible()
      await expect_accessible(page, path)
    }
  })
}
