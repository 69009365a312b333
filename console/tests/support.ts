import type {
  AccountAction,
  Contact,
  Entry,
  FollowUp,
  Offer,
  ServerDraft,
  Ticket,
  TicketSummary,
} from '@/api/types'

export const at = (seconds: number) => new Date(Date.UTC(2026, 2, 3, 12, 0, seconds)).toISOString()

export function summary(change: Partial<TicketSummary> = {}): TicketSummary {
  return {
    id: 10482,
    number: '10482',
    state: 'active',
    queue: { id: 1, name: 'Billing' },
    channel: 'email',
    customer: { id: 1, name: 'Ana Ruiz' },
    subject: 'Charged twice',
    tier: 1,
    priority: 5,
    language: 'en',
    owner: { id: 7, name: 'Ben' },
    enqueue_at: at(0),
    due_at: null,
    held_until: null,
    escalated: false,
    disposition: null,
    disposition_name: null,
    opened_at: at(0),
    last_contact_at: at(0),
    solved_at: null,
    version: 5,
    ...change,
  }
}

export function ticket(change: Partial<Ticket> = {}): Ticket {
  return {
    ...summary(),
    difficulty: 0,
    skills: [],
    licences: [],
    related: [],
    gateway: null,
    offer: null,
    reply: {
      kind: 'email',
      to: [{ kind: 'email', value: 'ana@x.example', name: 'Ana Ruiz' }],
      cc: [],
      others: [],
      reply_to: [],
      newcomers: [],
      bounced: [],
      from: { name: 'Billing', address: 'billing@n.example' },
      by_mail: null,
    },
    wrapup_until: null,
    sla: null,
    left_message: false,
    callback: null,
    phone: null,
    follow_ups: [],
    visitor: null,
    read: null,
    cannot_take: null,
    ...change,
  }
}

export function followUp(change: Partial<FollowUp> = {}): FollowUp {
  return {
    id: 1,
    ticket_id: 10482,
    owner: { id: 7, name: 'Ben' },
    state: 'open',
    outcome: null,
    due_at: at(3600),
    remind_s: 900,
    channel: 'phone',
    reason: 'is the line mended?',
    said_to: '',
    time_zone: '',
    repeats: 'never',
    repeat_days: null,
    series_from: at(3600),
    missed: false,
    version: 1,
    created_at: at(0),
    ended_at: null,
    ended_by: null,
    ended_note: '',
    contact_id: null,
    ...change,
  }
}

export function accountAction(change: Partial<AccountAction> = {}): AccountAction {
  return {
    id: 1,
    ticket_id: 10482,
    kind: { id: 3, name: 'Refund' },
    object: null,
    state: 'awaiting_approval',
    form: {},
    amount: 18_000,
    currency: 'EUR',
    words: 'it came broken',
    exceeded: 'per_action',
    bound: 10_000,
    used: null,
    requested_by: { id: 7, name: 'Ben' },
    requested_at: at(0),
    authorised_by: null,
    authorised_at: null,
    ended_by: null,
    ended_at: null,
    note: '',
    reference: '',
    version: 1,
    ...change,
  }
}

export function offer(id: number, change: Partial<Offer> = {}): Offer {
  return {
    id,
    ticket: summary({ id: 20000 + id, state: 'offered', owner: null, version: 1 }),
    agent_id: 7,
    state: 'offered',
    created_at: at(0),
    expires_at: new Date(Date.now() + 20_000).toISOString(),
    waited_s: 3,
    why: {},
    channel: 'phone',
    ...change,
  }
}

export function contact(id: number, change: Partial<Contact> = {}): Contact {
  return {
    id,
    channel: 'email',
    direction: 'in',
    gateway: 'support-mail',
    external_id: `x${id}`,
    thread_key: '',
    from: { kind: 'email', value: 'ana@x.example', name: 'Ana Ruiz' },
    to: [],
    cc: [],
    reply_to: [],
    subject: '',
    text: 'Hello',
    html: '',
    text_reply: '',
    attachments: [],
    occurred_at: at(id),
    received_at: at(id),
    duration_s: null,
    language: '',
    flags: [],
    quarantine: null,
    details: {},
    ticket_id: 10482,
    outcome: 'ticketed',
    delivery: null,
    delivery_detail: '',
    sends_at: null,
    author: null,
    ...change,
  }
}

export function entry(id: number, change: Partial<Contact> = {}): Entry {
  const made = contact(id, change)
  return { kind: 'contact', at: made.occurred_at, contact: made, note: null, event: null }
}

export function serverDraft(change: Partial<ServerDraft> = {}): ServerDraft {
  return {
    id: 1,
    ticket_id: 10482,
    kind: 'reply',
    text: 'Dear Ana',
    to: [{ kind: 'email', value: 'ana@x.example', name: 'Ana Ruiz' }],
    cc: [],
    channel: null,
    basis: null,
    files: [],
    version: 7,
    saved_at: at(0),
    ...change,
  }
}

/** Answers every request by path, and remembers what was asked. */
export function fakeServer(answers: Record<string, (body: unknown) => { status?: number; body: unknown }>) {
  const asked: { method: string; path: string; headers: Headers; body: unknown }[] = []
  globalThis.fetch = (async (input: Request) => {
    const path = new URL(input.url, 'http://x').pathname
    const text = await input.text()
    const body: unknown = text ? JSON.parse(text) : undefined
    asked.push({ method: input.method, path, headers: input.headers, body })
    const found = answers[`${input.method} ${path}`]
    const { status = 200, body: answer } = found
      ? found(body)
      : { status: 404, body: { title: 'no', status: 404 } }
    return new Response(JSON.stringify(answer), { status, headers: { 'content-type': 'application/json' } })
  }) as typeof fetch
  return asked
}
