import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type APIRequestContext, expect, type Page } from '@playwright/test'
import { type center, log_in, make_center, post_mail, sign_in } from './center'

/** Every screen of the console, once: the pictures and the tests that go over all of them read this table. */
export interface screen {
  /** As the picture's file is called. */
  name: string
  /** Shown to: the least role that sees it. */
  role: 'nobody' | 'agent' | 'supervisor' | 'admin'
  /** The route's path in router.ts. */
  route: string
  open: (page: Page, at: world) => Promise<void>
}

/** Tickets of one agent on all channels. */
export interface world {
  center: center
  mail: number
  chat: number
  fax: number
  call: number
  waiting: number
  customer: number
}

const mail = (subject: string, body: string, more = '', type = 'text/plain') => `From: Adelheid Wagenknecht-Lindemann <adelheid.wagenknecht-lindemann@versicherungsmakler.example>
To: desk@example.com
Cc: Tom Bauer <tom.bauer@example.net>
Subject: ${subject}
Message-ID: <${Date.now()}.${Math.random()}@example.net>
${more}Content-Type: ${type}; charset=utf-8

${body}
`
const long_story = `Dear Sir or Madam,

the second invoice of this month names the policy NY-448133 twice, once with the old and once with the new premium, and both
were debited on Monday. Please tell me which of them stands, and when the other one comes back to the account.

${'The hub in the cellar blinks red since the power cut, and the app says that it is offline. '.repeat(6)}

Kind regards
Adelheid Wagenknecht-Lindemann`

/** An agent (`role`) with a mail, a chat, a fax, a call and a promise in hand, a credit that waits for approval, and a mail that waits for somebody else. */
export async function make_world(request: APIRequestContext, role: 'agent' | 'supervisor' | 'admin'): Promise<world> {
  const center = await make_center(request, { role, capacity: 20 })
  const headers = await sign_in(request)
  const ok = async (answer: Awaited<ReturnType<APIRequestContext['get']>>) => {
    expect(answer.ok(), await answer.text()).toBe(true)
    return answer.json()
  }
  const gateway = async (kind: string) =>
    (await ok(await request.post('/api/v1/gateways', { headers, data: { name: `${center.agent}-${kind}`, kind, queue_id: center.queue } }))).id
  const ids = [await gateway('phone'), await gateway('fax'), await gateway('chat')]
  const { token } = await ok(
    await request.post('/api/v1/tokens', { headers, data: { name: `${center.agent}-2`, scopes: ['intake'], gateway_ids: ids } }),
  )
  const bearer = { Authorization: `Bearer ${token}` }
  const members = await ok(await request.get(`/api/v1/queues/${center.queue}/members`))
  const agent_id = members.items[0].agent_id as number
  const give = (ticket: number) =>
    request.post(`/api/v1/tickets/${ticket}/assign`, { headers, data: { agent_id, reason: 'Shown in a picture.' } }).then(ok)

  const first = (await post_mail(request, center, mail('The premium was debited twice this month, and the hub in the cellar is offline since the power cut', long_story))).ticket_id
  const minutes_ago = (n: number) => new Date(Date.now() - n * 60_000).toISOString()
  const call = await ok(
    await request.post(`/api/v1/intake/${center.agent}-phone`, {
      headers: bearer,
      data: {
        call_id: center.agent,
        direction: 'in',
        from: '+12125550139',
        to: '+12125550190',
        started_at: minutes_ago(9),
        answered_at: minutes_ago(8),
        ended_at: minutes_ago(3),
        notes: 'The hub is offline since the power cut.',
      },
    }),
  )
  const image = readFileSync(fileURLToPath(new URL('../../config/demo/fax.tiff', import.meta.url)))
  const fax = await ok(
    await request.post(`/api/v1/intake/${center.agent}-fax`, {
      headers: bearer,
      multipart: { fax_id: center.agent, from: '+12125550131', to: '+12125550193', file: { name: 'fax.tiff', mimeType: 'image/tiff', buffer: image } },
    }),
  )
  const said = ['Bonjour, mon zylophant ne chante plus.', 'Que puis-je faire ?']
  let chat = 0
  for (const [i, text] of said.entries()) {
    const from = { id: center.agent, name: 'Bruno Tessier', email: 'bruno.tessier@example.org', verified: true }
    const data = { session_id: center.agent, message_id: String(i), text, from }
    chat = (await ok(await request.post(`/api/v1/intake/${center.agent}-chat`, { headers: bearer, data }))).ticket_id
  }
  for (const ticket of [first, call.ticket_id, fax.ticket_id, chat]) await give(ticket)
  await ok(await request.post(`/api/v1/tickets/${first}/notes`, { headers, data: { text: 'She rang about this on Monday, too.' } }))
  const promise = {
    due_at: minutes_ago(-2 * 24 * 60),
    channel: 'phone',
    reason: 'Is the second debit back on the account?',
    said_to: 'Adelheid Wagenknecht-Lindemann',
    time_zone: 'America/New_York',
    repeats: 'weekly',
  }
  await ok(await request.post(`/api/v1/tickets/${first}/follow-ups`, { headers, data: promise }))
  // More than an admin authorises, who has no limit: it waits for approval.
  const kinds = await ok(await request.get('/api/v1/action-kinds'))
  const kind_id = kinds.items.find(({ name }: { name: string }) => name === 'goodwill').id
  const credit = {
    kind_id,
    form: { amount: { amount: 4550, currency: 'EUR' }, reason: 'we made a mistake' },
    words: 'She was debited twice and has rung three times about it.',
  }
  await ok(await request.post(`/api/v1/tickets/${first}/actions`, { headers, data: credit }))
  const waiting = (await post_mail(request, center, mail('Where is my certificate?', 'I asked for it in March.'))).ticket_id
  const { customer } = await ok(await request.get(`/api/v1/tickets/${first}`))
  return { center, mail: first, chat, fax: fax.ticket_id, call: call.ticket_id, waiting, customer: customer.id }
}

async function work(page: Page, ticket: number) {
  await page.goto(`/work/${ticket}`)
  await expect(page.getByTestId('timeline-entry').first()).toBeVisible()
}
/** A dialog of the open mail, by its key. */
const dialog = (name: string, key: string): screen => ({
  name: `dialog-${name}`,
  role: 'agent',
  route: 'work/:ticket(\\\\d+)?',
  open: async (page, at) => {
    await work(page, at.mail)
    await page.keyboard.press(key)
    await expect(page.getByRole('dialog')).toBeVisible()
  },
})
const ticket = (name: 'mail' | 'chat' | 'fax' | 'call'): screen => ({
  name: `work-${name}`,
  role: 'agent',
  route: 'work/:ticket(\\\\d+)?',
  open: (page, at) => work(page, at[name]),
})
const place = (name: string, role: screen['role'], route = name, path = `/${name}`): screen => ({
  name,
  role,
  route,
  open: async (page) => {
    await page.goto(path)
    await expect(page.getByRole('main')).toBeVisible()
    await page.waitForLoadState('networkidle')
  },
})
const nouns = ['gateways', 'queues', 'rules', 'skills', 'licences', 'users', 'agents', 'calendars', 'sla-targets', 'tokens']

export const screens: screen[] = [
  {
    name: 'login',
    role: 'nobody',
    route: '/login',
    open: async (page) => {
      await page.goto('/login')
      await expect(page.getByTestId('login-form')).toBeVisible()
    },
  },
  place('work', 'agent', 'work/:ticket(\\\\d+)?'),
  ticket('mail'),
  ticket('chat'),
  ticket('fax'),
  ticket('call'),
  {
    name: 'work-writing',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.mail)
      await page.keyboard.press('r')
      await page.getByTestId('reply-text').fill('Dear Ms Wagenknecht-Lindemann,\n\nthe second debit comes back this week.')
      await expect(page.getByTestId('send')).toBeInViewport({ ratio: 1 })
    },
  },
  {
    name: 'work-note',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.mail)
      await page.keyboard.press('n')
      await expect(page.getByTestId('note-text')).toBeVisible()
    },
  },
  {
    name: 'work-customer',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.mail)
      if (!(await page.getByTestId('side-panel').isVisible())) await page.keyboard.press('c')
      await expect(page.getByTestId('customer-panel')).toContainText('Adelheid')
    },
  },
  {
    // Beside the open one where there is room for it, else in its place.
    name: 'work-earlier-ticket',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.mail)
      if (!(await page.getByTestId('side-panel').isVisible())) await page.keyboard.press('c')
      await page.getByTestId('customer-ticket').filter({ hasText: 'certificate' }).first().click()
      await expect(page.getByTestId('timeline-entry').filter({ hasText: 'I asked for it in March' })).toBeVisible()
    },
  },
  {
    name: 'work-fax-page',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.fax)
      await page.getByTestId('fax-page').first().click()
      const image = page.getByTestId('page-viewer').getByRole('img')
      await expect.poll(() => image.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBeGreaterThan(0)
    },
  },
  dialog('transfer', 't'),
  dialog('hold', 'h'),
  dialog('escalate', 'e'),
  dialog('priority', '!'),
  dialog('callback', 'd'),
  dialog('promise', 'f'),
  {
    name: 'dialog-account',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.mail)
      await page.keyboard.press('o')
      await page.getByTestId('account-kind').selectOption({ label: 'Goodwill credit' })
      await expect(page.getByTestId('form-amount')).toBeVisible()
    },
  },
  dialog('solve', 's'),
  dialog('keys', '?'),
  dialog('commands', 'Control+k'),
  {
    name: 'dialog-why',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.waiting)
      await page.getByTestId('why').click()
      await expect(page.getByTestId('why-dialog')).toBeVisible()
    },
  },
  {
    name: 'dialog-assign',
    role: 'supervisor',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page, at) => {
      await work(page, at.waiting)
      await page.keyboard.press('a')
      await expect(page.getByTestId('assign-dialog').getByRole('option').first()).toBeVisible()
    },
  },
  {
    name: 'presence',
    role: 'agent',
    route: 'work/:ticket(\\\\d+)?',
    open: async (page) => {
      await page.goto('/work')
      await page.getByTestId('presence-button').click()
      await expect(page.getByTestId('presence-menu')).toBeVisible()
    },
  },
  place('tickets', 'agent'),
  place('customers', 'agent'),
  place('follow-ups', 'agent'),
  {
    name: 'approvals',
    role: 'supervisor',
    route: 'approvals',
    open: async (page) => {
      await page.goto('/approvals')
      await expect(page.getByTestId('approval-row').first()).toBeVisible()
    },
  },
  {
    name: 'dialog-approve',
    role: 'supervisor',
    route: 'approvals',
    open: async (page) => {
      await page.goto('/approvals')
      await page.getByTestId('action-approve').first().click()
      await expect(page.getByRole('dialog')).toBeVisible()
    },
  },
  {
    name: 'customer',
    role: 'agent',
    route: 'customers/:id(\\\\d+)',
    open: async (page, at) => {
      await page.goto(`/customers/${at.customer}`)
      await expect(page.getByTestId('customer-panel')).toContainText('Adelheid')
    },
  },
  place('me', 'agent'),
  place('nowhere', 'agent', ':rest(.*)*', '/nothing-is-here'),
  place('queues', 'supervisor'),
  place('agents', 'supervisor'),
  place('wallboard', 'supervisor'),
  place('what-if', 'supervisor'),
  place('quarantine', 'supervisor'),
  ...nouns.map((noun) => place(`admin-${noun}`, 'admin', 'admin/:noun?/:id?', `/admin/${noun}`)),
  place('admin-audit', 'admin', 'admin/:noun?/:id?', '/admin/audit'),
  ...nouns.map((noun): screen => ({
    name: `admin-${noun}-form`,
    role: 'admin',
    route: 'admin/:noun?/:id?',
    open: async (page) => {
      await page.goto(`/admin/${noun}`)
      await page.waitForLoadState('networkidle')
      const add = page.getByTestId('admin-new')
      await ((await add.isVisible()) ? add : page.getByTestId('admin-row').first().getByRole('button')).click()
      await expect(page.locator('aside form')).toBeVisible()
    },
  })),
]

/** The paths of router.ts, so that a new page is not forgotten here. */
export function routes(): string[] {
  const router = readFileSync(fileURLToPath(new URL('../../console/src/router.ts', import.meta.url)), 'utf8')
  return [...router.matchAll(/path: '([^']*)'(?!, redirect|,\n\s+component: AppFrame)/g)].map(([, path]) => path!)
}

export async function sign_in_to(page: Page, login: string) {
  await page.context().clearCookies()
  await log_in(page, login)
}
