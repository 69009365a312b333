import {
  type APIRequestContext,
  type BrowserContext,
  type BrowserContextOptions,
  expect,
  type Page,
  test as plain_test,
} from '@playwright/test'

/** A queue of one's own with one agent, a mailbox and a website chat, so that no other test takes what is offered. */
export interface center {
  queue: number
  agent: string
  mailbox: string
  website: string
  token: string
}

/** The browser calls every refusal an error. These are the screen's to show: a conflict, an old version, a wrong field. */
const refusals = /status of (409|412|422)/
/** What the tools of the tests run in each frame is stopped in a customer's mail, as everything is. */
const mail_frames = /Blocked script execution in 'about:srcdoc'/
/** What else a test brings about on purpose. */
let expected: RegExp[] = []
export const expect_errors = (...patterns: RegExp[]) => void expected.push(...patterns)

/** Every test fails at an error that its pages throw or write to the console, unless it has said so. */
export const test = plain_test.extend<{ no_errors: void }>({
  no_errors: [
    async ({ browser }, use) => {
      const errors: string[] = []
      const watch = (context: BrowserContext) => {
        context.on('weberror', (error) => errors.push(String(error.error().stack ?? error.error())))
        context.on('console', (said) => {
          if (said.type() === 'error') errors.push(`${said.text()} (${said.location().url})`)
        })
        return context
      }
      expected = [refusals, mail_frames]
      const open = browser.newContext
      browser.newContext = async (options?: BrowserContextOptions) => watch(await open.call(browser, options))
      await use()
      browser.newContext = open
      expect(errors.filter((error) => !expected.some((pattern) => pattern.test(error)))).toEqual([])
    },
    { auto: true },
  ],
})

let made = 0

/** The demo's people have one password; those that a test makes another, which they chose themselves. */
const given = 'given by an admin'
const chosen = 'chosen by myself'
export const password_of = (login: string) => (login.startsWith('e2e-') ? chosen : 'switchboard')

/** The headers that whoever signed in sends along. */
export async function sign_in(
  request: APIRequestContext,
  login = 'admin',
  password = password_of(login),
): Promise<Record<string, string>> {
  const signed_in = await request.post('/api/v1/session', { data: { login, password } })
  expect(signed_in.status(), await signed_in.text()).toBe(200)
  return { 'X-CSRF-Token': (await signed_in.json()).csrf_token as string }
}

/** The numbers of the roles that every center begins with. */
const shipped = { agent: 2, supervisor: 4, admin: 6 }

/** `needs_skill`: a skill that its tickets ask for, and its agent has not. `fan_out`: agents who are asked at once. */
interface wishes {
  needs_skill?: number
  role?: 'agent' | 'supervisor' | 'admin'
  capacity?: number
  fan_out?: number
}

export async function make_center(
  request: APIRequestContext,
  { needs_skill, role = 'agent', capacity = 3, fan_out = 1 }: wishes = {},
): Promise<center> {
  const name = `e2e-${Date.now()}-${++made}`
  const headers = await sign_in(request)
  const add = async (path: string, data: object) => {
    const answer = await request.post(`/api/v1/${path}`, { data, headers })
    expect(answer.status(), await answer.text()).toBe(201)
    return answer.json()
  }
  // Before the gateways: an intake that knows these knows what the queue asks for.
  const skills = needs_skill ? [{ skill_id: needs_skill, min: 3 }] : []
  const queue = (await add('queues', { name, ring_s: 60, wrapup_s: 0, fan_out, skills })).id
  const agent = (await add('users', { login: name, name: 'Wren Calloway', roles: [shipped[role]], password: given })).id
  const set = await request.put(`/api/v1/agents/${agent}`, {
    headers,
    data: {
      queues: [{ queue_id: queue }],
      channels: ['email', 'chat'].map((channel) => ({ channel, capacity, weight: 1 })),
    },
  })
  expect(set.status(), await set.text()).toBe(200)
  const mail = await add('gateways', { name: `${name}-mail`, kind: 'email', queue_id: queue, from_address: 'desk@example.com' })
  const site = await add('gateways', { name: `${name}-site`, kind: 'widget', queue_id: queue })
  const { token } = await add('tokens', { name, scopes: ['intake'], gateway_ids: [mail.id] })
  await request.delete('/api/v1/session', { headers })
  const own = await sign_in(request, name, given)
  const data = { password: chosen, current_password: given }
  expect((await request.patch('/api/v1/me', { headers: own, data })).status()).toBe(200)
  await request.delete('/api/v1/session', { headers: own })
  return { queue, agent: name, mailbox: mail.name, website: site.name, token }
}

export async function post_mail(request: APIRequestContext, to: center, mail: string) {
  const answer = await request.post(`/api/v1/intake/${to.mailbox}`, {
    headers: { Authorization: `Bearer ${to.token}`, 'Content-Type': 'message/rfc822' },
    data: Buffer.from(mail.replaceAll('\n', '\r\n')),
  })
  expect(answer.status(), await answer.text()).toBe(201)
  return answer.json()
}

/** A page of a shop with the chat of this website, in the browser of another person. Loaded anew, it needs it again. */
export async function show_widget(shop: Page, website: string) {
  await shop.goto('/healthz') // any page will do
  await shop.evaluate((gateway) => {
    const widget = document.createElement('script')
    widget.src = '/chat/widget.js'
    widget.dataset.gateway = gateway
    widget.dataset.language = 'en'
    document.body.append(widget)
  }, website)
  await expect(shop.locator('switchboard-chat')).toBeAttached()
  return shop.locator('switchboard-chat')
}

export async function log_in(page: Page, login: string) {
  await page.goto('/work')
  await page.getByTestId('login-name').fill(login)
  await page.getByTestId('login-password').fill(password_of(login))
  await page.getByTestId('login-submit').click()
  await expect(page.getByRole('banner')).toBeVisible() // the frame's top bar: who takes no work has no presence
}

export async function sign_in_and_be_ready(page: Page, login: string) {
  await log_in(page, login)
  await page.getByTestId('presence-button').click()
  await page.getByTestId('presence-ready').click()
  await expect(page.getByTestId('presence-button')).toHaveAttribute('data-state-name', 'ready')
}

/** Saves the admin's form, and waits until it is. */
export async function save_form(page: Page) {
  const save = page.getByTestId('admin-save')
  await save.click()
  await expect(save).toBeDisabled()
  await expect(save).not.toHaveAttribute('aria-busy')
}

/** F2 is dead for a card's first 300 ms, so that a swapped card is never taken blindly: pressed until it counts. */
export async function accept_by_key(page: Page) {
  await expect(page.getByTestId('offer-card')).toBeVisible()
  await expect(async () => {
    await page.keyboard.press('F2')
    await expect(page.getByTestId('offer-card')).toBeHidden({ timeout: 500 })
  }).toPass()
}
