import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Ticket } from '@/api/types'
import { onLive, onResync } from '@/live/events'
import { isPassing, ticketIn, type LiveEvent } from '@/live/eventTypes'
import { isWhole, useEntities } from './entities'
import { useSession } from './session'
import { useWork } from './work'

const kept = 30

/** The tickets looked at lately, whole, so that switching back is instant. */
export const useTickets = defineStore('tickets', () => {
  const entities = useEntities()
  /** The version that each was read whole in, the latest read last. */
  const read = ref<Map<number, number>>(new Map())
  const details = computed(() => {
    const whole = new Map<number, Ticket>()
    for (const id of read.value.keys()) {
      const ticket = entities.get('ticket', id)
      if (isWhole(ticket)) whole.set(id, ticket)
    }
    return whole
  })
  const loading = new Map<number, Promise<Ticket>>()
  entities.claim((kind, id) => kind === 'ticket' && read.value.has(id))

  function put(ticket: Ticket): Ticket {
    const now = entities.learn('ticket', ticket.id, ticket)
    if (now.version > ticket.version) {
      // The feed was faster: of the rest, this would be older than what is known.
      const whole = details.value.get(ticket.id)
      if (!whole) void load(ticket.id).catch(() => undefined)
      return whole ?? ticket
    }
    read.value.delete(ticket.id)
    read.value.set(ticket.id, ticket.version)
    for (const id of read.value.keys()) {
      if (read.value.size <= kept) break
      if (id !== useWork().openTicket) read.value.delete(id)
    }
    useWork().learn(ticket)
    return ticket
  }

  function load(id: number): Promise<Ticket> {
    const running = loading.get(id)
    if (running) return running
    const call = ask(id).finally(() => loading.delete(id))
    loading.set(id, call)
    return call
  }

  async function ask(id: number): Promise<Ticket> {
    const call = () => answer(api.GET('/api/v1/tickets/{id}', { params: { path: { id } } }))
    const ticket = await call()
    const isOld = (entities.get('ticket', id)?.version ?? 0) > ticket.version
    return put(isOld ? await call() : ticket)
  }

  function apply(event: LiveEvent): void {
    const id = event.ticket_id
    if (id === undefined || !read.value.has(id) || isPassing(event)) return
    const ticket = ticketIn(event)
    const version = read.value.get(id) ?? 0
    if (event.type === 'ticket.changed') {
      const { by, ticket: now } = event.data
      // Our own change has come back by its answer already. What others do may leave the version as it is.
      if (version > now.version || (version === now.version && by === useSession().user?.id)) return
    }
    if (ticket && !useWork().sees(ticket)) return
    // Recipients and wrap-up are not part of an event: read them again for what is on the screen.
    if (event.type === 'note.added' || event.type === 'contact.delivery') return
    if (id === useWork().openTicket) void load(id).catch(() => undefined)
    else if (!event.type.startsWith('contact.')) read.value.delete(id)
  }

  onLive(apply)
  onResync(() => {
    const open = useWork().openTicket
    for (const id of [...read.value.keys()]) if (id !== open) read.value.delete(id)
    if (open !== null) void load(open).catch(() => undefined)
  })

  return { details, load, put, apply }
})
