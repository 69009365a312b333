import type { EventType, LiveEvent } from '@/live/eventTypes'
import { accountAction, followUp, offer, summary } from './support'

const contact = { id: 1, channel: 'email', subject: '', preview: '', flags: [] } as const
const end = { offer_id: 1, ticket_id: 10482, agent_id: 7, reason: '', by: null, ticket: summary() }
const promise = { ticket_id: 10482, follow_up: followUp(), by: null }
const named = { id: 7, name: 'Ben' }

const usual: { [T in EventType]: LiveEvent<T>['data'] } = {
  'contact.received': {
    contact: {
      ...contact,
      direction: 'in',
      from: null,
      occurred_at: '',
      quarantine: null,
      seq: null,
      flags: [],
    },
    ticket: summary(),
    new_ticket: false,
    reopened: false,
    chat: null,
  },
  'contact.changed': {
    contact_id: 1,
    ticket_id: 10482,
    contact: {
      id: 1,
      channel: 'phone',
      direction: 'in',
      subject: '',
      occurred_at: null,
      duration_s: 9,
      flags: [],
    },
  },
  'contact.sent': {
    contact: { id: 1, channel: 'email', direction: 'out', author_id: null, preview: '' },
    ticket: summary(),
    chat: null,
  },
  'contact.delivery': {
    contact_id: 1,
    ticket_id: 10482,
    delivery: 'sent',
    detail: '',
    report: null,
    retry_in_s: null,
    ticket: null,
  },
  'note.added': {
    ticket_id: 10482,
    note: { id: 1, ticket_id: 10482, author: named, text: '', created_at: '' },
  },
  'draft.changed': { ticket_id: 10482, agent: named, kind: 'reply', exists: true },
  'viewer.changed': { ticket_id: 10482, agent: named, viewing: true, writing: null },
  viewers: { items: [] },
  typing: { ticket_id: 10482, from: 'customer', name: 'Ana' },
  'ticket.changed': {
    change: 'edited',
    released: null,
    cause: '',
    became: null,
    callback: null,
    identity: null,
    disposition_was: null,
    past_capacity: false,
    ticket: summary(),
    by: null,
    in_place_of: null,
  },
  'follow_up.promised': promise,
  'follow_up.moved': { ...promise, was_due_at: '2026-03-03T12:30:00Z', reason: 'she is out' },
  'follow_up.due': promise,
  'follow_up.kept': promise,
  'follow_up.dropped': promise,
  'follow_up.reopened': promise,
  'action.changed': { ticket_id: 10482, action: accountAction(), by: 7 },
  'offer.created': { offer: offer(1) },
  'offer.accepted': { ...end, left_message: false, how: null, past_skill: '', past_capacity: false },
  'offer.declined': end,
  'offer.timed_out': end,
  'offer.rescinded': end,
  'presence.changed': {
    presence: { agent_id: 7, state: 'ready', channels: [], reason: '', after_current: false, since: '' },
  },
  'customer.changed': { customer_id: 1, version: 1, fields: [] },
  'object.changed': { ticket_id: 1, customer_id: 1, object_id: 1, kind: 'order' },
  'config.changed': { kind: 'queue', id: 1 },
}

/** An event that says this and what is usual beside it. */
export function said<T extends EventType>(
  type: T,
  data: Partial<LiveEvent<T>['data']> = {},
  beside: Partial<LiveEvent<T>> = {},
): LiveEvent<T> {
  return {
    type,
    at: '2026-03-03T12:00:01.000Z',
    data: { ...usual[type], ...data },
    ...beside,
  } as unknown as LiveEvent<T>
}
