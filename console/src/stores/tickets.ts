import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Ticket, TicketSummary } from '@/api/types'
import { isPassing, onLive, onResync, type LiveEvent } from '@/live/events'
import { useSession } from './session'
import { useWork } from './work'

const kept = 30

/** The tickets looked at lately, whole, so that switching back is instant. */
export const useTickets = defineStore('tickets', () => {
  const details = ref<Map<number, Ticket>>(new Map())
  const loading = new Map<number, Promise<Ticket>>()

  function put(ticket: Ticket): Ticket {
    const known = details.value.get(ticket.id)
    if (known && known.version > ticket.version) return known
    details.value.delete(ticket.id)
    details.value.set(ticket.id, ticket)
    for (const id of details.value.keys()) {
      if (details.value.size <= kept) break
      if (id !== useWork().openTicket) details.value.delete(id)
    }
    useWork().learn(ticket)
    return ticket
  }

  function load(id: number): Promise<Ticket> {
    const running = loading.get(id)
    if (running) return running
    const call = answer(api.GET('/api/v1/tickets/{id}', { params: { path: { id } } }))
      .then(put)
      .finally(() => loading.delete(id))
    loading.set(id, call)
    return call
  }

  function merge(summary: TicketSummary): void {
    const known = details.value.get(summary.id)
    if (known && summary.version >= known.version) details.value.set(summary.id, { ...known, ...summary })
  }

  function apply(event: LiveEvent): void {
    const id = event.ticket_id
    if (id === undefined || !details.value.has(id) || isPassing(event)) return
    const { ticket } = event.data as { ticket?: TicketSummary }
    const known = details.value.get(id)
    if (event.type === 'ticket.changed' && known) {
      const { by, ticket: now } = event.data
      // Our own change has come back by its answer already. What others do may leave the version as it is.
      if (known.version > now.version || (known.version === now.version && by === useSession().user?.id))
        return
    }
    if (ticket) merge(ticket)
    if (ticket && !useWork().sees(ticket)) return
    // Recipients and wrap-up are not part of an event: read them again for what is on the screen.
    if (event.type === 'note.added' || event.type === 'contact.delivery') return
    if (id === useWork().openTicket) void load(id).catch(() => undefined)
    else if (!event.type.startsWith('contact.')) details.value.delete(id)
  }

  onLive(apply)
  onResync(() => {
    const open = useWork().openTicket
    for (const id of [...details.value.keys()]) if (id !== open) details.value.delete(id)
    if (open !== null) void load(open).catch(() => undefined)
  })

  return { details, load, put, apply }
})
