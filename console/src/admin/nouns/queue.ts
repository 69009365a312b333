import { answer, api } from '@/api/client'
import { isRecord } from '../collection'
import type { NounWords, Schemas, Trial } from '../noun'
import { areWhole, checkWords, isSteps, tidy } from '../steps'
import { skillNeeds } from './needs'

type Queue = Schemas['queue']
const at = (id: number) => ({ params: { path: { id } } })

async function tryQueue(id: number, values: Record<string, unknown>): Promise<Trial> {
  const steps = isSteps(values['steps']) ? tidy(values['steps']) : []
  const check = await answer(api.POST('/api/v1/queues/{id}/check', { ...at(id), body: { steps } }))
  return { words: checkWords(check, steps.length), bad: check.nobody > 0 }
}

const orderModes: Record<Queue['order_mode'], string> = {
  fifo: 'First come, first served',
  aging: 'Priority, growing with waiting',
  edf: 'What is due first',
  fqr: 'A fixed share between queues',
}
const agentPolicies: Record<Queue['agent_policy'], string> = {
  longest_idle: 'Idle longest',
  best_skill: 'Best skilled',
  least_overqualified: 'Nearest to what is asked',
  least_loaded: 'Least in hand',
  round_robin: 'In turn',
  fewest_today: 'Fewest today',
}
const leftActions: Record<Queue['left_action'], string> = {
  call_back: 'Call back, where a number is known',
  close: 'Close',
  stay: 'Stay, as work that can wait',
}

/** As the server takes them: without their names. */
function members(rows: unknown): Schemas['queue_members_in']['members'] {
  return (Array.isArray(rows) ? rows : []).filter(isRecord).map(({ agent_id, rank, delay_s }) => ({
    agent_id: Number(agent_id),
    rank: Number(rank),
    delay_s: Number(delay_s),
  }))
}

export const queueWords: NounWords<Queue, 'members'> = {
  about: 'Where tickets wait, in which order, and what an agent needs to take them.',
  columns: [
    { name: 'name' },
    { name: 'order_mode' },
    { name: 'ring_s', label: 'Rings', show: (value) => `${String(value)} s` },
    { name: 'sla_target_s', label: 'Target', show: (value) => `${Math.round(Number(value) / 60)} min` },
    { name: 'active' },
  ],
  groups: [
    ['', ['name', 'active']],
    ['Who works here', ['members']],
    [
      'Which ticket, which agent',
      [
        'order_mode',
        'fqr_percent',
        'boost_s',
        'agent_policy',
        'affinity_hold_s',
        'idle_reserve',
        'skills',
        'licences',
      ],
    ],
    ['Offers', ['ring_s', 'fan_out', 'cool_s', 'wrapup_s', 'interruptible']],
    ['When it waits', ['sla_target_s', 'steps']],
    [
      'When there is no place',
      [
        'max_waiting',
        'overflow_queue_id',
        'calendar_id',
        'closed_action',
        'left_action',
        'return_after_s',
        'escalation_queue_id',
      ],
    ],
    ['Solved as', ['dispositions']],
    ['Conversation', ['thread_window_s', 'sender_name', 'signature', 'acknowledgement']],
  ],
  fields: {
    order_mode: { label: 'Order', choices: orderModes },
    fqr_percent: {
      label: 'Share of what waits (%)',
      hint: '',
      when: (values) => values['order_mode'] === 'fqr',
    },
    boost_s: {
      label: 'A priority step is worth (s)',
      hint: '',
      when: (values) => values['order_mode'] === 'aging',
    },
    agent_policy: { label: 'Between agents', choices: agentPolicies },
    affinity_hold_s: { label: 'Kept for the last agent (s)' },
    idle_reserve: { label: 'Agents kept idle' },
    skills: { label: 'Skills needed', ...skillNeeds },
    licences: { label: 'Licences needed' },
    ring_s: { label: 'Ring for (s)' },
    fan_out: { label: 'Agents asked at once' },
    cool_s: { label: 'No second offer for (s)' },
    wrapup_s: { label: 'Wrap-up (s)' },
    interruptible: { label: 'Written work may be put aside for calls and chats', hint: '' },
    sla_target_s: { label: 'Target for waiting (s)' },
    steps: {
      kind: 'steps',
      hint: 'After so long a wait, less is asked of who may take it. Licences stay.',
      valid: (value) => !isSteps(value) || areWhole(value),
    },
    max_waiting: { label: 'Most that may wait' },
    overflow_queue_id: { label: 'Overflows to' },
    calendar_id: { label: 'Open by' },
    closed_action: { label: 'Calls and chats while closed', hint: '' },
    left_action: {
      label: 'When the customer leaves unanswered',
      hint: 'who hangs up, or closes the chat, before anybody has it in hand',
      choices: leftActions,
    },
    return_after_s: {
      label: 'Comes back from an absent agent after (s)',
      hint: 'calls and chats in the hands of somebody whose connection is lost',
    },
    escalation_queue_id: { label: 'Escalates to', hint: '' },
    dispositions: {
      hint: 'The first nine that are not retired have the keys 1 to 9. Solved tickets keep their words.',
      ordered: true,
      columns: { id: { hidden: true }, retired: { narrow: true } },
    },
    thread_window_s: { label: 'Same ticket within (s)' },
    acknowledgement: {
      label: 'Answer to a new mail',
      hint: 'Sent once for a new ticket. {number}, {name} and {subject} are filled in; empty = none.',
    },
  },
  tries: ['steps'],
  try: tryQueue,
  sets: [
    {
      field: {
        name: 'members',
        label: 'Members',
        kind: 'rows',
        on: 'edit',
        columns: [
          { name: 'agent_id', label: 'Agent', kind: 'choice', options: 'agents', unique: true },
          { name: 'rank', label: 'Rank', kind: 'number', initial: 0 },
          { name: 'delay_s', label: 'After (s)', kind: 'number', initial: 0 },
        ],
      },
      read: async (id) => (await answer(api.GET('/api/v1/queues/{id}/members', at(id)))).items,
      write: async (id, version, rows) => {
        const call = api.PUT('/api/v1/queues/{id}/members', {
          ...at(id),
          headers: { 'If-Match': `"${version}"` },
          body: { members: members(rows) },
        })
        return (await answer(call)).items
      },
    },
  ],
}
