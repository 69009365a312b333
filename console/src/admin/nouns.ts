import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import { channels } from '@/frame/presenceChoices'
import { fullMoment } from '@/format/time'
import { channelName } from '@/format/words'
import { serverNow } from '@/live/clock'
import type { Column, Field, Options, Resource } from './fields'
import { hoursNouns } from './hours'
import { areWhole, checkWords, tidy, type Step } from './steps'

export interface Noun {
  name: string
  title: string
  one: string
  about: string
  columns: {
    name: string
    label: string
    show?: (value: unknown, row: Resource) => string
    options?: Options // the value is the id of one of these
  }[]
  fields: Field[]
  list: () => Promise<Resource[]>
  create?: (body: never) => Promise<Resource>
  update?: (id: number, etag: { 'If-Match': string }, body: never) => Promise<Resource>
  remove?: (id: number) => Promise<unknown>
  removeWord?: string
  /** Fields with a route of their own: read when the form opens, written after the rest. */
  sets?: readonly {
    name: string
    read: (id: number) => Promise<unknown>
    write: (id: number, etag: { 'If-Match': string }, value: never) => Promise<unknown>
  }[]
  /** Settings that can be tried before they are saved, and how. */
  tries?: readonly string[]
  try?: (id: number, values: Record<string, unknown>) => Promise<Trial>
}

interface Member {
  agent_id: number
  rank: number
  delay_s: number
}

export interface Trial {
  words: string
  bad: boolean
}

async function tryQueue(id: number, values: Record<string, unknown>): Promise<Trial> {
  const steps = tidy((values['steps'] as Step[] | undefined) ?? [])
  const check = await answer(
    api.POST('/api/v1/queues/{id}/check', { ...at(id), body: { steps: steps as never } }),
  )
  return { words: checkWords(check, steps.length), bad: check.nobody > 0 }
}

const all = { params: { query: { limit: 200 } } }
const at = (id: number) => ({ params: { path: { id } } })
const atVersion = (id: number, headers: { 'If-Match': string }) => ({ params: { path: { id } }, headers })
const rowsOf = async <T>(call: Promise<{ items: T[] }>) => (await call).items as unknown as Resource[]
const allRows = async <T>(call: Promise<T[]>) => (await call) as unknown as Resource[]
const one = async <T>(call: Promise<T>) => (await call) as unknown as Resource
const yes = (value: unknown) => (value ? 'yes' : 'no')

const channelOptions = channels.map((channel) => [channel, channelName(channel)] as const)
const skillRows: Column[] = [
  { name: 'skill_id', label: 'Skill', kind: 'choice', options: 'skills' },
  { name: 'min', label: 'At least', kind: 'number', initial: 1 },
]
const licenceRows: Column[] = [
  { name: 'licence_id', label: 'Licence', kind: 'choice', options: 'licences' },
  { name: 'jurisdiction', label: 'Jurisdiction', kind: 'text', initial: '' },
]
const named: Field[] = [{ name: 'name', label: 'Name', kind: 'text', required: true }]

export function tokenState(token: Resource, now: number): string {
  if (token.revoked_at) return 'revoked'
  if (!token.expires_at) return 'valid'
  const until = String(token.expires_at)
  return Date.parse(until) <= now ? 'expired' : `until ${fullMoment(until)}`
}

export const nouns: readonly Noun[] = [
  {
    name: 'gateways',
    title: 'Gateways',
    one: 'gateway',
    about:
      'Where contacts come from and answers leave: a mailbox, a telephone system, a fax line, a website.',
    columns: [
      { name: 'name', label: 'Name' },
      { name: 'kind', label: 'Kind' },
      { name: 'from_address', label: 'Sends from' },
      { name: 'enabled', label: 'Enabled', show: yes },
    ],
    fields: [
      { name: 'name', label: 'Name', kind: 'text', required: true, hint: 'support-mail' },
      {
        name: 'kind',
        label: 'Kind',
        kind: 'choice',
        required: true,
        on: 'create',
        options: [
          'email',
          'phone',
          'freeswitch',
          'asterisk',
          'chat',
          'widget',
          'fax',
          'sendgrid',
          'mailgun',
          'postmark',
          'ses',
        ].map((kind) => [kind, kind] as const),
      },
      {
        name: 'queue_id',
        label: 'Queue',
        kind: 'choice',
        options: 'queues',
        required: true,
        hint: 'where its tickets wait when no rule says otherwise',
      },
      { name: 'from_name', label: 'Sender name', kind: 'text' },
      { name: 'from_address', label: 'Sender address', kind: 'text' },
      { name: 'settings.own_addresses', label: 'Own addresses', kind: 'words' },
      {
        name: 'settings.groups',
        label: 'Groups and lists that are ours',
        kind: 'words',
        hint: 'their mail is from persons: an address or a List-Id',
      },
      {
        name: 'settings.forms',
        label: 'Senders of web forms',
        kind: 'words',
        hint: 'who wrote stands in Reply-To',
      },
      {
        name: 'settings.forwarders',
        label: 'Who may forward customers’ mail',
        kind: 'words',
        hint: 'beside the users, by their own e-mail addresses',
      },
      {
        name: 'settings.authserv_ids',
        label: 'Hosts that check senders',
        kind: 'words',
        hint: 'whose Authentication-Results are believed: mx.example.com',
      },
      { name: 'settings.outgoing', label: 'Takes copies of what we sent ourselves', kind: 'bool' },
      { name: 'settings.own_numbers', label: 'Own numbers', kind: 'words' },
      { name: 'settings.extensions', label: 'Extensions', kind: 'words' },
      { name: 'settings.default_country', label: 'Default country', kind: 'text', hint: 'DE' },
      { name: 'settings.timezone', label: 'Time zone', kind: 'text', hint: 'Europe/Berlin' },
      {
        name: 'settings.columns',
        label: 'Columns of call records',
        kind: 'words',
        hint: 'in their order, where they are not Asterisk’s: start, src, dst, …',
      },
      {
        name: 'settings.time_format',
        label: 'Times of call records',
        kind: 'text',
        hint: '%d.%m.%Y %H:%M:%S',
      },
      {
        name: 'settings.charset',
        label: 'Character set',
        kind: 'text',
        hint: 'of call records that are no UTF-8: iso-8859-2',
      },
      { name: 'settings.secret', label: 'Secret', kind: 'secret' },
      { name: 'settings.verify_token', label: 'Verify token', kind: 'secret' },
      {
        name: 'settings.topics',
        label: 'SNS topics',
        kind: 'words',
        hint: 'of Amazon SES: arn:aws:sns:eu-west-1:123456789012:mail',
      },
      { name: 'settings.public_url', label: 'Public URL', kind: 'text' },
      { name: 'settings.dial_url', label: 'URL that dials (callbacks)', kind: 'text' },
      { name: 'enabled', label: 'Enabled', kind: 'bool' },
    ],
    list: () => rowsOf(answer(api.GET('/api/v1/gateways', all))),
    create: (body) => one(answer(api.POST('/api/v1/gateways', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/gateways/{id}', { ...atVersion(id, header), body }))),
  },
  {
    name: 'queues',
    title: 'Queues',
    one: 'queue',
    about: 'Where tickets wait, in which order, and what an agent needs to take them.',
    columns: [
      { name: 'name', label: 'Name' },
      { name: 'order_mode', label: 'Order' },
      { name: 'ring_s', label: 'Rings', show: (value) => `${String(value)} s` },
      { name: 'sla_target_s', label: 'Target', show: (value) => `${Math.round(Number(value) / 60)} min` },
      { name: 'active', label: 'Active', show: yes },
    ],
    fields: [
      ...named,
      {
        name: 'members',
        under: 'Who works here',
        label: 'Members',
        kind: 'rows',
        on: 'edit',
        columns: [
          { name: 'agent_id', label: 'Agent', kind: 'choice', options: 'agents', unique: true },
          { name: 'rank', label: 'Rank', kind: 'number', initial: 0 },
          { name: 'delay_s', label: 'After (s)', kind: 'number', initial: 0 },
        ],
      },
      {
        name: 'order_mode',
        under: 'Which ticket, which agent',
        label: 'Order',
        kind: 'choice',
        options: [
          ['fifo', 'First come, first served'],
          ['aging', 'Priority, growing with waiting'],
          ['edf', 'What is due first'],
          ['fqr', 'A fixed share between queues'],
        ],
      },
      {
        name: 'fqr_percent',
        label: 'Share of what waits (%)',
        kind: 'number',
        when: (values) => values['order_mode'] === 'fqr',
      },
      {
        name: 'boost_s',
        label: 'A priority step is worth (s)',
        kind: 'number',
        when: (values) => values['order_mode'] === 'aging',
      },
      {
        name: 'agent_policy',
        label: 'Between agents',
        kind: 'choice',
        options: [
          ['longest_idle', 'Idle longest'],
          ['best_skill', 'Best skilled'],
          ['least_overqualified', 'Nearest to what is asked'],
          ['least_loaded', 'Least in hand'],
          ['round_robin', 'In turn'],
          ['fewest_today', 'Fewest today'],
        ],
      },
      { name: 'affinity_hold_s', label: 'Kept for the last agent (s)', kind: 'number' },
      { name: 'idle_reserve', label: 'Agents kept idle', kind: 'number' },
      { name: 'skills', label: 'Skills needed', kind: 'rows', columns: skillRows },
      { name: 'licences', label: 'Licences needed', kind: 'rows', columns: licenceRows },
      { name: 'ring_s', under: 'Offers', label: 'Ring for (s)', kind: 'number' },
      { name: 'fan_out', label: 'Agents asked at once', kind: 'number' },
      { name: 'cool_s', label: 'No second offer for (s)', kind: 'number' },
      { name: 'wrapup_s', label: 'Wrap-up (s)', kind: 'number' },
      { name: 'interruptible', label: 'Written work may be put aside for calls and chats', kind: 'bool' },
      { name: 'sla_target_s', under: 'When it waits', label: 'Target for waiting (s)', kind: 'number' },
      {
        name: 'steps',
        label: 'Steps',
        kind: 'steps',
        hint: 'After so long a wait, less is asked of who may take it. Licences stay.',
        valid: (value) => areWhole((value as Step[] | undefined) ?? []),
      },
      {
        name: 'max_waiting',
        under: 'When there is no place',
        label: 'Most that may wait',
        kind: 'number',
        optional: true,
      },
      { name: 'overflow_queue_id', label: 'Overflows to', kind: 'choice', options: 'queues', optional: true },
      { name: 'calendar_id', label: 'Open by', kind: 'choice', options: 'calendars', optional: true },
      {
        name: 'closed_action',
        label: 'Calls and chats while closed',
        kind: 'choice',
        options: [
          ['wait', 'Wait'],
          ['overflow', 'Overflow'],
          ['callback', 'Callback'],
          ['voicemail', 'Voicemail'],
        ],
      },
      {
        name: 'left_action',
        label: 'When the customer leaves unanswered',
        kind: 'choice',
        hint: 'who hangs up, or closes the chat, before anybody has it in hand',
        options: [
          ['call_back', 'Call back, where a number is known'],
          ['close', 'Close'],
          ['stay', 'Stay, as work that can wait'],
        ],
      },
      {
        name: 'return_after_s',
        label: 'Comes back from an absent agent after (s)',
        kind: 'number',
        hint: 'calls and chats in the hands of somebody whose connection is lost',
      },
      {
        name: 'escalation_queue_id',
        label: 'Escalates to',
        kind: 'choice',
        options: 'queues',
        optional: true,
      },
      { name: 'thread_window_s', under: 'Conversation', label: 'Same ticket within (s)', kind: 'number' },
      { name: 'sender_name', label: 'Sender name', kind: 'text' },
      { name: 'signature', label: 'Signature', kind: 'lines' },
      {
        name: 'acknowledgement',
        label: 'Answer to a new mail',
        kind: 'lines',
        hint: 'Sent once for a new ticket. {number}, {name} and {subject} are filled in; empty = none.',
      },
      { name: 'active', label: 'Active', kind: 'bool' },
    ],
    tries: ['steps'],
    try: tryQueue,
    sets: [
      {
        name: 'members',
        read: async (id) => (await answer(api.GET('/api/v1/queues/{id}/members', at(id)))).items,
        write: async (id, header, rows: Member[]) => {
          const members = rows.map(({ agent_id, rank, delay_s }) => ({ agent_id, rank, delay_s }))
          const call = { ...atVersion(id, header), body: { members } }
          return (await answer(api.PUT('/api/v1/queues/{id}/members', call))).items
        },
      },
    ],
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/queues', part)))),
    create: (body) => one(answer(api.POST('/api/v1/queues', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/queues/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/queues/{id}', at(id))),
  },
  ...hoursNouns,
  {
    name: 'rules',
    title: 'Rules',
    one: 'rule',
    about:
      'Read in order for each new ticket: all conditions must hold; the first to name a queue or priority wins.',
    columns: [
      { name: 'position', label: 'Position' },
      { name: 'name', label: 'Name' },
      { name: 'enabled', label: 'Enabled', show: yes },
    ],
    fields: [
      { name: 'position', label: 'Position', kind: 'number' },
      ...named,
      { name: 'conditions.gateway_ids', label: 'If it came by', kind: 'numbers', options: 'gateways' },
      { name: 'conditions.channels', label: 'If its channel is', kind: 'words', hint: 'email, chat' },
      { name: 'conditions.addresses', label: 'If an address is', kind: 'words', hint: '*@example.org' },
      { name: 'conditions.words', label: 'If it says', kind: 'words', hint: 'invoice, refund' },
      { name: 'conditions.languages', label: 'If its language is', kind: 'words', hint: 'de, fr' },
      { name: 'actions.queue_id', label: 'Then queue', kind: 'choice', options: 'queues', optional: true },
      { name: 'actions.priority', label: 'Then priority (0–9)', kind: 'number', optional: true },
      { name: 'actions.tier', label: 'Then tier (0–3)', kind: 'number', optional: true },
      { name: 'actions.language', label: 'Then language', kind: 'text' },
      { name: 'actions.skills', label: 'Then skills', kind: 'rows', columns: skillRows },
      { name: 'actions.licences', label: 'Then licences', kind: 'rows', columns: licenceRows },
      { name: 'actions.stop', label: 'Then stop', kind: 'bool' },
      { name: 'enabled', label: 'Enabled', kind: 'bool' },
    ],
    list: () => rowsOf(answer(api.GET('/api/v1/rules'))),
    create: (body) => one(answer(api.POST('/api/v1/rules', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/rules/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/rules/{id}', at(id))),
  },
  {
    name: 'skills',
    title: 'Skills',
    one: 'skill',
    about: 'What an agent can do, from 1 to 10.',
    columns: [{ name: 'name', label: 'Name' }],
    fields: named,
    list: () => rowsOf(answer(api.GET('/api/v1/skills', all))),
    create: (body) => one(answer(api.POST('/api/v1/skills', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/skills/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/skills/{id}', at(id))),
  },
  {
    name: 'licences',
    title: 'Licences',
    one: 'licence',
    about: 'What an agent may do, where and until when. Nothing and nobody relaxes a licence.',
    columns: [{ name: 'name', label: 'Name' }],
    fields: named,
    list: () => rowsOf(answer(api.GET('/api/v1/licences', all))),
    create: (body) => one(answer(api.POST('/api/v1/licences', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/licences/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/licences/{id}', at(id))),
  },
  {
    name: 'users',
    title: 'Users',
    one: 'user',
    about: 'People who work here. Nobody is deleted: who leaves is made inactive.',
    columns: [
      { name: 'login', label: 'Login' },
      { name: 'name', label: 'Name' },
      { name: 'role', label: 'Role' },
      { name: 'active', label: 'Active', show: yes },
    ],
    fields: [
      { name: 'login', label: 'Login', kind: 'text', required: true, on: 'create' },
      ...named,
      { name: 'email', label: 'E-mail', kind: 'text' },
      {
        name: 'role',
        label: 'Role',
        kind: 'choice',
        required: true,
        options: [
          ['agent', 'Agent'],
          ['supervisor', 'Supervisor'],
          ['admin', 'Admin'],
        ],
      },
      {
        name: 'password',
        label: 'New password',
        kind: 'password',
        hint: '12 characters or more; asked to be changed at the first sign-in',
      },
      { name: 'active', label: 'Active', kind: 'bool', on: 'edit' },
    ],
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/users', part)))),
    create: (body) => one(answer(api.POST('/api/v1/users', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/users/{id}', { ...atVersion(id, header), body }))),
  },
  {
    name: 'agents',
    title: 'Agents',
    one: 'agent',
    about: 'Skills, licences, queues, shifts, and how much an agent handles at once.',
    columns: [
      { name: 'name', label: 'Name' },
      { name: 'queues', label: 'Queues', show: (value) => String((value as unknown[]).length) },
      { name: 'skills', label: 'Skills', show: (value) => String((value as unknown[]).length) },
      { name: 'licences', label: 'Licences', show: (value) => String((value as unknown[]).length || '–') },
      { name: 'calendar_id', label: 'Shift', options: 'calendars' },
    ],
    fields: [
      { name: 'grade', label: 'Grade (0–9)', kind: 'number' },
      { name: 'units', label: 'Units in all', kind: 'number' },
      {
        name: 'calendar_id',
        label: 'Shift',
        hint: 'the hours of a calendar; without one, no end is known',
        kind: 'choice',
        options: 'calendars',
        optional: true,
      },
      {
        name: 'queues',
        label: 'Queues',
        kind: 'rows',
        columns: [
          { name: 'queue_id', label: 'Queue', kind: 'choice', options: 'queues', unique: true },
          { name: 'rank', label: 'Rank', kind: 'number', initial: 0 },
          { name: 'delay_s', label: 'After (s)', kind: 'number', initial: 0 },
        ],
      },
      {
        name: 'skills',
        label: 'Skills',
        kind: 'rows',
        columns: [
          { name: 'skill_id', label: 'Skill', kind: 'choice', options: 'skills', unique: true },
          { name: 'level', label: 'Level (1–10)', kind: 'number', initial: 5 },
        ],
      },
      {
        name: 'channels',
        label: 'Channels',
        kind: 'rows',
        columns: [
          { name: 'channel', label: 'Channel', kind: 'choice', options: channelOptions, unique: true },
          { name: 'capacity', label: 'At once', kind: 'number', initial: 1 },
          { name: 'weight', label: 'Units each', kind: 'number', initial: 0 },
        ],
      },
      {
        name: 'licences',
        label: 'Licences',
        kind: 'rows',
        columns: [
          { name: 'licence_id', label: 'Licence', kind: 'choice', options: 'licences' },
          { name: 'jurisdictions', label: 'Jurisdictions', kind: 'words', initial: [] },
          { name: 'valid_from', label: 'From', kind: 'time', initial: '' },
          { name: 'valid_until', label: 'Until', kind: 'time', initial: '' },
          {
            name: 'state',
            label: 'State',
            kind: 'choice',
            options: [
              ['active', 'Active'],
              ['suspended', 'Suspended'],
              ['revoked', 'Revoked'],
            ],
            initial: 'active',
          },
        ],
      },
    ],
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/agents', part)))),
    update: (id, header, body) =>
      one(answer(api.PUT('/api/v1/agents/{id}', { ...atVersion(id, header), body }))),
  },
  {
    name: 'tokens',
    title: 'Tokens',
    one: 'token',
    about: 'For machines: what pushes contacts in or reads them out. Each is shown once, when it is made.',
    columns: [
      { name: 'name', label: 'Name' },
      { name: 'scopes', label: 'May', show: (value) => (value as string[]).join(', ') },
      { name: 'revoked_at', label: 'State', show: (_, token) => tokenState(token, serverNow()) },
    ],
    fields: [
      { ...(named[0] as Field), on: 'create' },
      {
        name: 'scopes',
        label: 'May',
        kind: 'words',
        hint: 'intake, read, admin',
        required: true,
        on: 'create',
      },
      { name: 'gateway_ids', label: 'Only for', kind: 'numbers', options: 'gateways', on: 'create' },
      {
        name: 'expires_at',
        label: 'Expires',
        kind: 'text',
        hint: '2027-01-31T00:00:00Z; empty = when it is revoked',
        on: 'create',
      },
    ],
    list: () => rowsOf(answer(api.GET('/api/v1/tokens', all))),
    create: (body) => one(answer(api.POST('/api/v1/tokens', { body }))),
    remove: (id) => answer(api.DELETE('/api/v1/tokens/{id}', at(id))),
    removeWord: 'Revoke',
  },
]
