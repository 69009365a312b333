import { expect, type Page } from '@playwright/test'
import { accept_by_key, log_in, make_center, post_mail, sign_in, sign_in_and_be_ready, test } from './center'
import { make_world, screens } from './screens'
import { visitor } from './visitor'

const letter = (subject: string, from = 'zelda') => `From: Zelda Quill <${from}@example.net>
To: desk@example.com
Subject: ${subject}
Message-ID: <sizes.${Date.now()}.${Math.random()}@example.net>

It squeaks when I turn it.
`
const state_of = async (page: Page, ticket: number) => (await (await page.request.get(`/api/v1/tickets/${ticket}`)).json()).state

/** Controls that stand beyond the edge of the window where nothing scrolls to them, or under something else. */
async function out_of_reach(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const names: string[] = []
    const scrolls = (element: Element | null): boolean =>
      !!element && (/(auto|scroll)/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement))
    // A layer that was opened may lie over what is below it.
    const layer = document.querySelector('[role="dialog"], [role="menu"]') ?? document.body
    for (const control of layer.querySelectorAll('a[href], button, input, select, textarea')) {
      const box = control.getBoundingClientRect()
      if (!box.width || !control.checkVisibility({ visibilityProperty: true }) || control.closest('.sr-only')) continue
      const name = control.getAttribute('data-testid') ?? control.getAttribute('aria-label') ?? control.textContent ?? ''
      if ((box.right > innerWidth + 1 || box.left < -1) && !scrolls(control.parentElement)) names.push(`${name.trim()} is cut off`)
      const [x, y] = [box.left + box.width / 2, box.top + box.height / 2]
      const over = document.elementFromPoint(x, y)
      const shown = [...document.elementsFromPoint(x, y)].includes(control)
      // Scrolled out of its box is not covered.
      if (over && shown && !control.contains(over) && !over.contains(control)) names.push(`${name.trim()} is under ${over.tagName} ${over.className}`)
    }
    return names
  })
}

const low = [
  [640, 360], // also 1280×720 at 200 %
  [320, 568],
  [320, 180], // 1280×720 at 400 %
] as const
for (const [width, height] of low) {
  test(`a mail is taken, read, answered and solved at ${width}×${height}`, async ({ page, request }) => {
    await page.setViewportSize({ width, height })
    const center = await make_center(request)
    await sign_in_and_be_ready(page, center.agent)
    const { ticket_id } = await post_mail(request, center, letter('The zylophant squeaks'))
    // A card is dead for its first 300 ms.
    await expect(async () => {
      await page.getByTestId('offer-accept').click({ timeout: 500 })
      await expect(page.getByTestId('reply-text')).toBeFocused({ timeout: 500 })
    }).toPass()
    await page.getByTestId('fold').click()
    const words = page.getByTestId('timeline').getByText('It squeaks when I turn it.')
    await words.scrollIntoViewIfNeeded()
    await expect(words).toBeInViewport()

    await page.getByTestId('tab-reply').click()
    await page.keyboard.insertText('Please oil the left wheel.\n\nYours\n\nWren')
    await expect(page.getByTestId('send')).toBeInViewport({ ratio: 1 })
    await page.getByTestId('send').click()
    await expect(page.getByTestId('timeline')).toContainText('Please oil the left wheel.')
    await page.getByTestId('tab-note').click()
    await page.keyboard.insertText('This one writes every week.')
    await page.getByTestId('add-note').click()
    await expect(page.getByTestId('note-entry')).toContainText('every week')

    await page.getByTestId('open-panel').click()
    await expect(page.getByTestId('customer-panel')).toContainText('zelda@example.net')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('side-panel')).toHaveCount(0)
    await expect(page.getByTestId('open-panel')).toBeFocused()
    await page.getByTestId('open-panel').click()
    await page.getByTestId('close-panel').click()
    await expect(page.getByTestId('open-panel')).toBeFocused()

    await page.getByTestId('back-to-list').click()
    await page.getByTestId('my-tickets').getByRole('option').click()
    await page.getByTestId('more-actions').click()
    await page.getByTestId('menu-transfer').click()
    await expect(page.getByTestId('transfer-search')).toBeFocused()
    await page.keyboard.press('Escape')
    await page.getByTestId('solve').click()
    await page.getByTestId('disposition-resolved').click()
    await expect.poll(() => state_of(page, ticket_id)).toBe('solved')

    await page.getByTestId('nav-menu').click()
    await page.getByTestId('nav-tickets').click()
    await page.getByTestId('filters').click()
    await page.getByTestId('filter-state').selectOption('solved')
    await expect(page.getByTestId('ticket-list').locator(`[data-ticket="${ticket_id}"]`)).toBeVisible()
  })
}

test('no control is cut off or covered on any screen, at any size', async ({ page, request }) => {
  test.setTimeout(300_000)
  const at = await make_world(request, 'admin')
  await log_in(page, at.center.agent)
  for (const screen of screens.filter(({ role }) => role !== 'nobody')) {
    await page.setViewportSize({ width: 1920, height: 1080 })
    await screen.open(page, at)
    for (const [width, height] of [[1920, 1080], [1280, 720], ...low.slice(0, 2)] as const) {
      await page.setViewportSize({ width, height })
      if (height < 720) await screen.open(page, at) // as it comes at this size, not as a larger one was left
      expect.soft(await out_of_reach(page), `${screen.name} at ${width}×${height}`).toEqual([])
    }
  }
})

test('an offer elsewhere than at work covers nothing and moves nothing', async ({ page, request }) => {
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  for (const [width, height] of [...low.slice(0, 2), [1280, 720]] as const) {
    await page.setViewportSize({ width, height })
    await page.goto('/tickets')
    await expect(page.getByTestId('sound-bar')).toBeVisible() // in the tray's place after a reload
    const box = await page.getByRole('main').boundingBox()
    await post_mail(request, center, letter(`The zylophant squeaks at ${width}`))
    await expect(page.getByTestId('offer-card')).toBeInViewport({ ratio: 1 })
    expect(await out_of_reach(page)).toEqual([])
    expect(await page.getByRole('main').boundingBox()).toEqual(box)
    await accept_by_key(page)
  }
})

test('a wrap-up and a notice stand beside each other on a low screen', async ({ page, request, context }) => {
  const center = await make_center(request)
  const headers = await sign_in(request)
  const etag = (await request.get(`/api/v1/queues/${center.queue}`)).headers()['etag']!
  await request.patch(`/api/v1/queues/${center.queue}`, { headers: { ...headers, 'If-Match': etag }, data: { wrapup_s: 600 } })
  await page.setViewportSize({ width: 640, height: 360 })
  await sign_in_and_be_ready(page, center.agent)
  const guest = await visitor.come(context, center)
  await guest.say('Do you sell kettles?')
  await accept_by_key(page)
  await expect(page.getByTestId('reply-text')).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('s')
  await page.getByTestId('disposition-resolved').click()
  await expect(page.getByTestId('wrapup')).toBeVisible()
  await expect(page.getByTestId('notices')).toContainText('solved')
  expect(await out_of_reach(page)).toEqual([])
  await expect(page.getByText(/^9:\d\d$/)).toBeInViewport({ ratio: 1 })
})

test('the keyboard’s focus is never hidden on a low screen', async ({ page, request }) => {
  await page.setViewportSize({ width: 640, height: 360 })
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  await post_mail(request, center, letter('The zylophant hides'))
  await accept_by_key(page)
  await page.getByTestId('reply-text').fill('Look in the cellar.')
  for (let i = 0; i < 30; i++) {
    await page.keyboard.press('Tab')
    const hidden = await page.evaluate(() => {
      const focused = document.activeElement
      if (!focused || focused === document.body) return ''
      const box = focused.getBoundingClientRect()
      const at = document.elementFromPoint(box.left + box.width / 2, box.top + Math.min(box.height / 2, 20))
      return at && (focused.contains(at) || at.contains(focused)) ? '' : focused.outerHTML.slice(0, 200)
    })
    expect(hidden).toBe('')
  }
})

test('on a wide screen an earlier ticket is read beside the open one, and the draft stays', async ({ page, request }) => {
  await page.setViewportSize({ width: 1920, height: 1080 })
  const center = await make_center(request)
  await sign_in_and_be_ready(page, center.agent)
  const from = `zelda.${Date.now()}`
  const earlier = await post_mail(request, center, letter('The zylophant was blue', from))
  await accept_by_key(page)
  await expect(page.getByTestId('timeline-entry').first()).toBeVisible()
  const story = 'It hums, and nobody knows why it should be humming at night when nobody has turned it. '.repeat(9)
  const { ticket_id } = await post_mail(request, center, letter('The zylophant is red', from).replace('It squeaks when I turn it.', story))
  await accept_by_key(page)
  await page.getByTestId('reply-text').fill('It was blue before.')
  await page.getByTestId('customer-ticket').filter({ hasText: 'was blue' }).click()
  const beside = page.getByTestId('beside-ticket')
  await expect(beside.getByTestId('timeline-beside')).toContainText('It squeaks when I turn it.')
  await expect(page).toHaveURL(new RegExp(`/work/${ticket_id}$`))
  await expect(page.getByTestId('reply-text')).toHaveValue('It was blue before.')
  expect((await page.getByTestId('side-panel').boundingBox())!.width).toBe(480)
  expect((await page.getByTestId('my-tickets').boundingBox())!.width).toBeGreaterThan(350)
  await page.keyboard.press('Escape')
  await expect(beside).toHaveCount(0)
  await expect(page.locator(`a[href="/work/${earlier.ticket_id}"]`)).toBeFocused()

  const longest = await page
    .getByTestId('timeline')
    .getByText('It hums, and nobody knows')
    .evaluate((element) => {
      const range = document.createRange()
      const words = [...element.childNodes].find(({ textContent }) => textContent!.startsWith('It hums'))!
      let [most, start, top] = [0, 0, -1]
      for (let i = 0; i < words.textContent!.length; i++) {
        range.setStart(words, i)
        range.setEnd(words, i + 1)
        const y = range.getBoundingClientRect().top
        if (y !== top) [most, start, top] = [Math.max(most, i - start), i, y]
      }
      return most
    })
  expect(longest).toBeGreaterThan(40)
  expect(longest).toBeLessThanOrEqual(75)
})
