import type { components } from '@/api/schema'
import type { TicketSummary } from '@/api/types'

/** What comes over the live feed, as the server describes it (model/events.hpp). */

type Schemas = components['schemas']

export type ViewerNews = Schemas['viewer_changed']
export type DeliveryNews = Schemas['contact_delivery']
export type ReceivedContact = Schemas['received_contact']
export type TicketChange = Schemas['ticket_changed']

/** Who is there, as somebody hears it who has just come. */
interface Viewers {
  type: 'viewers'
  at: string
  cursor?: string
  ticket_id?: number
  data: { items: ViewerNews[] }
}

type Any = Schemas['live_event'] | Viewers
export type EventType = Any['type']
/** `ticket_id` is there where it speaks of a ticket. */
export type LiveEvent<T extends EventType = EventType> = Extract<Any, { type: T }>

/** What comes over the socket: events, and what only the feed itself hears. */
export type Frame =
  | { type: 'welcome'; cursor: string; server_time: string }
  | { type: 'heartbeat'; server_time: string }
  | { type: 'resync'; cursor: string }
  | { type: 'viewers'; items: ViewerNews[] }
  | Schemas['live_event']

/** The ticket as it is after the event, where the event tells it. */
export function ticketIn({ data }: LiveEvent): TicketSummary | undefined {
  return ('ticket' in data && data.ticket) || undefined
}

/** Says who is there, and changes nothing of a ticket. */
export function isPassing({ type }: LiveEvent): boolean {
  return type === 'typing' || type === 'viewer.changed' || type === 'viewers' || type === 'draft.changed'
}
