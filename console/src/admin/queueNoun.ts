import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import type { Noun, Trial } from './nouns'
import { allRows, at, atVersion, licenceRows, named, one, skillRows, yes } from './parts'
import { areWhole, checkWords, tidy, type Step } from './steps'

interface Member {
  agent_id: number
  rank: number
  delay_s: number
}

async function tryQueue(id: number, values: Record<string, unknown>): Promise<Trial> {
  const steps = tidy((values['steps'] as Step[] | undefined) ?? [])
  const check = await answer(
    api.POST('/api/v1/queues/{id}/check', { ...at(id), body: { steps: steps as never } }),
  )
  return { words: checkWords(check, steps.length), bad: check.nobody > 0 }
}

const orderModes = [
  ['fifo', 'First come, first served'],
  ['aging', 'Priority, growing with waiting'],
  ['edf', 'What is due first'],
  ['fqr', 'A fixed share between queues'],
] as const

export const queueNoun: Noun = {
  name: 'queues',
  title: 'Queues',
  one: 'queue',
  about: 'Where tickets wait, in which order, and what an agent needs to take them.',
  columns: [
    { name: 'name', label: 'Name' },
    { name: 'order_mode', label: 'Order', options: orderModes },
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
      options: orderModes,
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
    {
      name: 'dispositions',
      under: 'Solved as',
      label: 'Dispositions',
      hint: 'The first nine that are not retired have the keys 1 to 9. Solved tickets keep their words.',
      kind: 'rows',
      columns: [
        { name: 'name', label: 'Name', kind: 'text', initial: '' },
        { name: 'retired', label: 'Retired', kind: 'bool', initial: false, narrow: true },
      ],
      ordered: true,
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
}
