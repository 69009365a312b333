import type { ListedTicket, TicketSummary } from '@/api/types'

/** A list that holds still: what is shown changes in place, what is new waits until the reader wants it. */
export interface Row {
  ticket: ListedTicket
  /** Why it no longer belongs here; empty while it does. */
  gone: string
}

export interface Filter {
  state: string
  queue: string
  channel: string
  owner: string
}

export function matches(ticket: TicketSummary, filter: Filter, me: number | undefined): boolean {
  if (filter.state === 'open' ? ticket.state === 'solved' : filter.state && ticket.state !== filter.state)
    return false
  if (filter.queue && String(ticket.queue.id) !== filter.queue) return false
  if (filter.channel && ticket.channel !== filter.channel) return false
  if (filter.owner === 'me') return ticket.owner?.id === me
  return !filter.owner || String(ticket.owner?.id ?? '') === filter.owner
}

/** Takes a change into the rows in place. True when the ticket is not among them but would belong there. */
export function absorb(rows: Row[], ticket: TicketSummary, filter: Filter, me: number | undefined): boolean {
  const belongs = matches(ticket, filter, me)
  const row = rows.find((known) => known.ticket.id === ticket.id)
  if (!row) return belongs
  if (row.ticket.version > ticket.version) return false
  row.ticket = { ...ticket, unread: row.ticket.unread }
  row.gone = belongs ? '' : goneWord(ticket, filter)
  return false
}

function goneWord(ticket: TicketSummary, filter: Filter): string {
  if (filter.queue && String(ticket.queue.id) !== filter.queue) return `now in ${ticket.queue.name}`
  if (filter.owner && ticket.owner) return `now with ${ticket.owner.name}`
  return `now ${ticket.state}`
}
