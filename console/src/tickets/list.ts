import type { ListedTicket, TicketSummary } from '@/api/types'
import { serverNow } from '@/live/clock'

/** A list that holds still: what is shown changes in place, what is new waits until the reader wants it. */
export interface Row {
  ticket: ListedTicket
  /** Why it no longer belongs here; empty while it does. */
  gone: string
}

export interface Filter {
  state: string
  late: string
  queue: string
  channel: string
  owner: string
}

const inHand = new Set(['active', 'parked', 'held'])

function inState(ticket: TicketSummary, { state, late }: Filter): boolean {
  if (late) {
    const isLate = ticket.due_at !== null && Date.parse(ticket.due_at) < serverNow()
    return isLate && ticket.state !== 'solved' && (late === 'in_hand') === inHand.has(ticket.state)
  }
  if (state === 'open') return ticket.state !== 'solved'
  if (state === 'in_hand') return ticket.state === 'active' || ticket.state === 'parked'
  if (state === 'solved_today') return ticket.state === 'solved'
  return !state || ticket.state === state
}

export function matches(ticket: TicketSummary, filter: Filter, me: number | undefined): boolean {
  if (!inState(ticket, filter)) return false
  if (filter.queue && String(ticket.queue.id) !== filter.queue) return false
  if (filter.channel && ticket.channel !== filter.channel) return false
  if (filter.owner === 'me') return ticket.owner?.id === me
  return !filter.owner || String(ticket.owner?.id ?? '') === filter.owner
}

/** Takes what is known of a ticket now into the rows in place. True when the ticket is not among them but would belong there. */
export function absorb(rows: Row[], ticket: TicketSummary, filter: Filter, me: number | undefined): boolean {
  const belongs = matches(ticket, filter, me)
  const row = rows.find((known) => known.ticket.id === ticket.id)
  if (!row) return belongs
  row.ticket = { ...ticket, unread: row.ticket.unread }
  row.gone = belongs ? '' : goneWord(ticket, filter)
  return false
}

function goneWord(ticket: TicketSummary, filter: Filter): string {
  if (filter.queue && String(ticket.queue.id) !== filter.queue) return `now in ${ticket.queue.name}`
  if (filter.owner && ticket.owner) return `now with ${ticket.owner.name}`
  if (filter.late && ticket.state !== 'solved') return 'no longer late'
  return `now ${ticket.state}`
}
