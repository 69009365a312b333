import type { Contact, Note, Offer, Party, Presence, TicketSummary } from '@/api/types'

/** What the live feed says, by the name of the event: the only place that knows, until the server's description says it. */

export interface ContactNews {
  id: number
  channel: string
  direction: 'in' | 'out'
  from: Party | null
  subject: string
  preview: string
  occurred_at: string
  flags: string[]
}

interface Agent {
  id: number
  name: string
}

/** Of a colleague, or of one's own other tabs. */
export interface ViewerNews {
  ticket_id: number
  agent: Agent
  viewing: boolean
  writing: 'reply' | 'note' | null
}

export interface DeliveryNews {
  contact_id: number
  ticket_id: number
  delivery: NonNullable<Contact['delivery']>
  detail?: string
}

interface OfferEnd {
  offer_id: number
  ticket_id: number
  agent_id: number
  reason?: string
  by?: number | null
  /** Of an acceptance by hand. */
  how?: 'assigned' | 'claimed'
  ticket?: TicketSummary
}

interface EventData {
  /** Without a ticket: quarantine, which supervisors hear of. */
  'contact.received': {
    contact: ContactNews
    ticket: TicketSummary | null
    new_ticket: boolean
    reopened: boolean
  }
  'contact.changed': {
    contact_id: number
    ticket_id: number | null
    contact: Pick<ContactNews, 'id' | 'channel' | 'flags'>
  }
  'contact.sent': { contact: ContactNews; ticket: TicketSummary }
  'contact.delivery': DeliveryNews
  'note.added': { ticket_id: number; note: Note }
  'ticket.changed': {
    ticket: TicketSummary
    change: string
    by?: number | null
    released?: number | null
    cause?: string
  }
  'offer.created': { offer: Offer }
  'offer.accepted': OfferEnd
  'offer.declined': OfferEnd
  'offer.timed_out': OfferEnd
  'offer.rescinded': OfferEnd
  'presence.changed': { presence: Presence }
  'config.changed': { kind: string; id: number }
  'customer.changed': { customer_id: number; version: number; fields: string[] }
  'draft.changed': { ticket_id: number; agent: Agent; kind: 'reply' | 'note'; exists: boolean }
  'viewer.changed': ViewerNews
  viewers: { items: ViewerNews[] }
  typing: { ticket_id: number; from: 'customer' | 'agent'; name: string }
}

export type EventType = keyof EventData
/** `ticket_id` is there where it speaks of a ticket. */
type EventOf<T extends EventType> = {
  type: T
  data: EventData[T]
  at: string
  cursor?: string
  ticket_id?: number
}
export type LiveEvent<T extends EventType = EventType> = { [K in T]: EventOf<K> }[T]

/** What comes over the socket: events, and what only the feed itself hears. */
export type Frame =
  | { type: 'welcome'; cursor: string; server_time: string }
  | { type: 'heartbeat'; server_time: string }
  | { type: 'resync' }
  | { type: 'viewers'; items: ViewerNews[] }
  | LiveEvent<Exclude<EventType, 'viewers'>>

/** The ticket as it is after the event, where the event tells it. */
export function ticketIn({ data }: LiveEvent): TicketSummary | undefined {
  return ('ticket' in data && data.ticket) || undefined
}

/** Says who is there, and changes nothing of a ticket. */
export function isPassing({ type }: LiveEvent): boolean {
  return type === 'typing' || type === 'viewer.changed' || type === 'viewers' || type === 'draft.changed'
}
