import type { Note, Offer, Party, Presence, TicketSummary } from '@/api/types'

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

/** Of a colleague, or of one's own other tabs. */
export interface ViewerNews {
  ticket_id: number
  agent: { id: number; name: string }
  viewing: boolean
  writing: 'reply' | 'note' | null
}

type OfferEnd = {
  offer_id: number
  ticket_id: number
  agent_id: number
  reason?: string
  by?: number | null
  /** Of an acceptance by hand. */
  how?: 'assigned' | 'claimed'
  ticket?: TicketSummary
}

/** What the live feed says; `ticket_id` is there where it speaks of a ticket. */
export type LiveEvent = { cursor?: string; at: string; ticket_id?: number } & (
  | {
      type: 'contact.received'
      /** Without a ticket: quarantine, which supervisors hear of. */
      data: { contact: ContactNews; ticket: TicketSummary | null; new_ticket: boolean; reopened: boolean }
    }
  | {
      type: 'contact.changed'
      data: {
        contact_id: number
        ticket_id: number | null
        contact: Pick<ContactNews, 'id' | 'channel' | 'flags'>
      }
    }
  | { type: 'contact.sent'; data: { contact: ContactNews; ticket: TicketSummary } }
  | {
      type: 'contact.delivery'
      data: { contact_id: number; ticket_id: number; delivery: string; detail?: string }
    }
  | { type: 'note.added'; data: { ticket_id: number; note: Note } }
  | {
      type: 'ticket.changed'
      data: {
        ticket: TicketSummary
        change: string
        by?: number | null
        released?: number | null
        cause?: string
      }
    }
  | { type: 'offer.created'; data: { offer: Offer } }
  | { type: 'offer.accepted' | 'offer.declined' | 'offer.timed_out' | 'offer.rescinded'; data: OfferEnd }
  | { type: 'presence.changed'; data: { presence: Presence } }
  | { type: 'config.changed'; data: { kind: string; id: number } }
  | { type: 'customer.changed'; data: { customer_id: number; version: number; fields: string[] } }
  | {
      type: 'draft.changed'
      data: { ticket_id: number; agent: { id: number; name: string }; kind: string; exists: boolean }
    }
  | { type: 'viewer.changed'; data: ViewerNews }
  | { type: 'viewers'; data: { items: ViewerNews[] } }
  | { type: 'typing'; data: { ticket_id: number; from: 'customer' | 'agent'; name: string } }
)

type Listener = (event: LiveEvent) => void

const listeners = new Set<Listener>()
const refetchers = new Set<() => void>()

export function onLive(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** Called when the feed could not be resumed: whatever is shown must be read again. */
export function onResync(refetch: () => void): () => void {
  refetchers.add(refetch)
  return () => refetchers.delete(refetch)
}

export function publish(event: LiveEvent): void {
  for (const listener of [...listeners]) listener(event)
}

export function publishResync(): void {
  for (const refetch of [...refetchers]) refetch()
}

/** Says who is there, and changes nothing of a ticket. */
export function isPassing(event: LiveEvent): boolean {
  return ['typing', 'viewer.changed', 'viewers', 'draft.changed'].includes(event.type)
}

/** Orders two cursors "<xid>-<id>" by transaction, then by id. */
export function compareCursors(a: string, b: string): number {
  const [ax = '0', ai = '0'] = a.split('-')
  const [bx = '0', bi = '0'] = b.split('-')
  const x = BigInt(ax) - BigInt(bx)
  const order = x === 0n ? BigInt(ai) - BigInt(bi) : x
  return order < 0n ? -1 : order > 0n ? 1 : 0
}
