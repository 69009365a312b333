import { defineStore } from 'pinia'
import { reactive } from 'vue'
import type { Customer, Offer, OwnedTicket, Presence, Ticket, TicketSummary } from '@/api/types'
import { onLive } from '@/live/events'
import { ticketIn, type LiveEvent } from '@/live/eventTypes'

type Beside<T> = Partial<Omit<T, keyof TicketSummary>>
/** All that is known of a ticket: what a list, the feed, my work and its own page say. */
export type KnownTicket = TicketSummary & Beside<Ticket> & Beside<OwnedTicket>

interface Known {
  ticket: KnownTicket
  customer: Customer
  offer: Offer
  /** Of an agent. */
  presence: Presence
}
type Kind = keyof Known

export const isWhole = (ticket: KnownTicket | undefined): ticket is KnownTicket & Ticket =>
  ticket?.reply !== undefined
export const isOwned = (ticket: KnownTicket | undefined): ticket is KnownTicket & OwnedTicket =>
  ticket?.offer_state !== undefined

const versionOf = (entity: object) =>
  'version' in entity && typeof entity.version === 'number' ? entity.version : 0
const most = 2000

/**
 * What the server has said of each thing, once: whoever reads something or hears of it brings it here, and whoever shows
 * it looks here. One rule: older never overwrites newer; what says less leaves the rest as it was.
 */
export const useEntities = defineStore('entities', () => {
  const known: { [K in Kind]: Map<number, Known[K]> } = reactive({
    ticket: new Map(),
    customer: new Map(),
    offer: new Map(),
    presence: new Map(),
  })
  /** What is over for good: late news of it does not bring it back. */
  const over: Record<Kind, Set<number>> = {
    ticket: new Set(),
    customer: new Set(),
    offer: new Set(),
    presence: new Set(),
  }
  const claims: ((kind: Kind, id: number) => boolean)[] = []

  /** Takes in what the server says, and gives what is known now: something newer, perhaps. */
  function learn<K extends Kind>(kind: K, id: number, said: Known[K]): Known[K] {
    if (over[kind].has(id)) return said
    const before = known[kind].get(id)
    if (before && versionOf(before) > versionOf(said)) return before
    const now = { ...before, ...said }
    known[kind].set(id, now)
    if (!before) trim(kind)
    return now
  }

  const get = <K extends Kind>(kind: K, id: number): Known[K] | undefined => known[kind].get(id)
  const all = <K extends Kind>(kind: K): ReadonlyMap<number, Known[K]> => known[kind]
  const isOver = (kind: Kind, id: number) => over[kind].has(id)
  const forget = (kind: Kind, id: number) => known[kind].delete(id)
  function end(kind: Kind, id: number): void {
    over[kind].add(id)
    forget(kind, id)
  }

  /** What somebody shows is not forgotten when there is too much. */
  function claim(isNeeded: (kind: Kind, id: number) => boolean): void {
    claims.push(isNeeded)
  }
  function trim(kind: Kind): void {
    for (const id of known[kind].keys()) {
      if (known[kind].size <= most) return
      if (!claims.some((isNeeded) => isNeeded(kind, id))) forget(kind, id)
    }
  }

  /** What an event tells is known before anybody acts on it: whoever listens uses this store, which listened first. */
  function hear(event: LiveEvent): void {
    const ticket = ticketIn(event)
    if (ticket) learn('ticket', ticket.id, ticket)
    if (event.type === 'presence.changed') {
      const { presence } = event.data
      learn('presence', presence.agent_id, presence)
    }
  }
  onLive(hear)

  return { learn, get, all, isOver, forget, end, claim }
})
