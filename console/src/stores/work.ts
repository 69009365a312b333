import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import { asProblem } from '@/api/problem'
import type {
  Channel,
  Offer,
  OwnedTicket,
  Permission,
  Presence,
  PresenceState,
  Ticket,
  TicketSummary,
} from '@/api/types'
import { learnServerTime, serverNow } from '@/live/clock'
import { onLive, onResync } from '@/live/events'
import type { LiveEvent } from '@/live/eventTypes'
import { conflictWords, rescindWords } from '@/offers/endWords'
import { workAsked } from '@/offers/why'
import { isLive } from '@/format/words'
import { useCustomers } from './customers'
import { useDirectory } from './directory'
import { isOwned, useEntities, type KnownTicket } from './entities'
import { useLive } from './live'
import { useSession } from './session'

export interface EndedOffer {
  offer: Offer
  cause: string
}

/** How long a card that was taken away stays, so that the hand that reaches for it finds it dead and not another. */
const ended_ms = 2000
const missed_ms = 30_000

/** My shift: presence, the offers that ring, the tickets that I hold. */
export const useWork = defineStore('work', () => {
  const entities = useEntities()
  const presence = computed<Presence | null>(() => entities.get('presence', me() ?? 0) ?? null)
  /** The offers that ring, in the order in which they are shown. */
  const ringing = ref<number[]>([])
  const offers = computed(() => ringing.value.flatMap((id) => entities.get('offer', id) ?? []))
  const ended = ref<EndedOffer[]>([])
  const missed = ref<{ offer: Offer; at: number } | null>(null)
  const accepting = ref<number | null>(null)
  const failure = ref('')
  /** Which tickets are mine, or were while they are open on the screen. */
  const held = ref<Set<number>>(new Set())
  const tickets = computed(() => {
    const mine = new Map<number, OwnedTicket>()
    for (const id of held.value) {
      const ticket = entities.get('ticket', id)
      if (isOwned(ticket)) mine.set(id, ticket)
    }
    return mine
  })
  /** Tickets that are mine no longer, but open on the screen: they stay, greyed, with the cause. */
  const departed = ref<Map<number, string>>(new Map())
  /** What is open on the screen and out of my sight now, with what became of it. */
  const hidden = ref<Map<number, string>>(new Map())
  /** Whose tickets I see, and what my profile does; null = not read yet. */
  const queues = ref<number[] | null>(null)
  const channels = ref<Channel[]>([])
  const unread = ref<Map<number, number>>(new Map())
  const typing = ref<Map<number, { name: string; until: number }>>(new Map())
  const failedDelivery = ref<Set<number>>(new Set())
  /** What somebody else has given to me and I have not opened yet. */
  const given = ref<Set<number>>(new Set())
  const openTicket = ref<number | null>(null)
  const loaded = ref(false)
  entities.claim((kind, id) => kind === 'ticket' && held.value.has(id))

  const current = computed(() => offers.value[0] ?? null)
  const mine = computed(() => [...tickets.value.values()].sort((a, b) => b.id - a.id))

  const me = () => useSession().user?.id

  async function load(): Promise<string> {
    const work = await answer(api.GET('/api/v1/me/work'))
    learnServerTime(work.server_time)
    learnPresence(work.presence)
    queues.value = work.queues
    channels.value = work.channels as Channel[]
    ringing.value = []
    ring(work.offers)
    for (const id of held.value) if (!work.tickets.some((ticket) => ticket.id === id)) held.value.delete(id)
    work.tickets.forEach(hold)
    unread.value = new Map(
      work.tickets.filter((one) => one.unread && !isLookedAt(one.id)).map((one) => [one.id, one.unread]),
    )
    loaded.value = true
    return work.cursor
  }

  const learnPresence = (said: Presence) => entities.learn('presence', said.agent_id, said)

  /** Who is on the line comes before what was written; else in the order of their coming. */
  function ring(more: Offer[]): void {
    const coming = more.filter(({ id }) => !entities.isOver('offer', id))
    for (const offer of coming) entities.learn('offer', offer.id, offer)
    const all = [...offers.value, ...coming.filter(({ id }) => !ringing.value.includes(id))]
    const live = (offer: Offer) => isLive(offer.channel) && !workAsked(offer)
    ringing.value = [...all.filter(live), ...all.filter((offer) => !live(offer))].map(({ id }) => id)
  }

  function hold(ticket: OwnedTicket): void {
    entities.learn('ticket', ticket.id, ticket)
    held.value.add(ticket.id)
  }

  function isMine(ticket: TicketSummary): boolean {
    return ticket.owner?.id === me() && ticket.state !== 'solved'
  }

  /** The server's rule of whom a permission lets act on a ticket. */
  function reaches(permission: Permission, ticket: TicketSummary): boolean {
    const { may } = useSession()
    if (ticket.owner?.id === me() || may(permission, 'all')) return may(permission)
    return may(permission, 'queues') && (queues.value === null || queues.value.includes(ticket.queue.id))
  }

  /** Its rule of who sees a ticket: whoever does not is not asked about it any more. */
  function sees(ticket: TicketSummary): boolean {
    return (
      queues.value === null ||
      reaches('ticket.read', ticket) ||
      offers.value.some((offer) => offer.ticket.id === ticket.id)
    )
  }

  function outOfSight(ticket: TicketSummary, cause: string): string {
    if (ticket.state === 'solved') return `#${ticket.number} was solved in ${ticket.queue.name}`
    if (ticket.owner) return `#${ticket.number} is with ${ticket.owner.name} in ${ticket.queue.name} now`
    return cause === 'transferred'
      ? `#${ticket.number} was transferred to ${ticket.queue.name}`
      : `#${ticket.number} is in ${ticket.queue.name} now`
  }

  /** Takes in what the server says of a ticket, unless something newer is known already. */
  function learn(said: KnownTicket, cause = ''): void {
    const ticket = entities.learn('ticket', said.id, said)
    if (ticket.version > said.version) return
    const isHeld = held.value.has(ticket.id)
    if (sees(ticket)) hidden.value.delete(ticket.id)
    // The event says why; the answer to one's own request may come after it and does not.
    else if (openTicket.value === ticket.id && (cause || !hidden.value.has(ticket.id)))
      hidden.value.set(ticket.id, outOfSight(ticket, cause))
    if (isMine(ticket)) {
      const fresh = { offer_state: '', wrapup_until: null, unread: 0, live: isLive(ticket.channel) } as const
      hold({ ...fresh, ...ticket })
      departed.value.delete(ticket.id)
    } else if (isHeld) {
      if (openTicket.value === ticket.id) departed.value.set(ticket.id, cause || departure(ticket))
      else forget(ticket.id)
    }
  }

  function causeOf({
    change,
    cause,
    ticket,
  }: {
    change: string
    cause?: string | null
    ticket: TicketSummary
  }) {
    if (change === 'transferred') return 'transferred'
    return change === 'resumed' && cause ? `${departure(ticket)}: ${cause}` : ''
  }

  function departure(ticket: TicketSummary): string {
    if (ticket.state === 'solved') return 'solved'
    return ticket.owner ? `now with ${ticket.owner.name}` : `now in ${ticket.queue.name}`
  }

  function forget(id: number): void {
    held.value.delete(id)
    given.value.delete(id)
    departed.value.delete(id)
    hidden.value.delete(id)
    unread.value.delete(id)
  }

  function open(id: number | null): void {
    const left = openTicket.value
    if (left === id) return
    openTicket.value = id
    if (left !== null && (departed.value.has(left) || hidden.value.has(left))) forget(left)
    if (id !== null) markRead(id)
  }

  function markRead(id: number): void {
    unread.value.delete(id)
    failedDelivery.value.delete(id)
    given.value.delete(id)
  }

  /** Assigned to me by somebody else: no offer has rung for it. */
  function isGift({ data: { how, agent_id, by } }: LiveEvent<'offer.accepted'>): boolean {
    return how === 'assigned' && agent_id === me() && by !== me()
  }

  /** Which of mine needs me next: who was given to me, who is on the line, what is new, what failed, then the rest. */
  function nextForMe(): OwnedTicket | undefined {
    const others = mine.value.filter(({ id }) => id !== openTicket.value)
    const unseen = others.filter(({ id }) => unread.value.has(id))
    return (
      others.find(({ id, live }) => given.value.has(id) && live) ??
      others.find(({ id }) => given.value.has(id)) ??
      unseen.find(({ live }) => live) ??
      unseen[0] ??
      mine.value.find(({ id }) => failedDelivery.value.has(id)) ??
      others.find(({ state }) => state === 'active')
    )
  }

  function apply(event: LiveEvent): void {
    switch (event.type) {
      case 'offer.created': {
        const { offer } = event.data
        if (offer.agent_id !== me() || entities.isOver('offer', offer.id)) return
        if (ringing.value.includes(offer.id)) return
        ring([offer])
        missed.value = null
        return
      }
      case 'offer.accepted':
        if (event.data.ticket) learn(event.data.ticket)
        else if (event.data.agent_id === me()) void refresh(event.data.ticket_id)
        if (isGift(event) && !isLookedAt(event.data.ticket_id)) given.value.add(event.data.ticket_id)
        endOffer(event.data.offer_id, '')
        return
      case 'offer.declined':
        endOffer(event.data.offer_id, '')
        return
      case 'offer.timed_out': {
        const offer = endOffer(event.data.offer_id, '')
        if (offer) missed.value = { offer, at: serverNow() }
        return
      }
      case 'offer.rescinded':
        endOffer(event.data.offer_id, rescindWords(takerOf(event.data.by), event.data.reason))
        return
      case 'presence.changed':
        learnPresence(event.data.presence)
        return
      case 'contact.received': {
        const { ticket } = event.data
        if (!ticket) return
        learn(ticket)
        typing.value.delete(ticket.id)
        if (tickets.value.has(ticket.id) && !isLookedAt(ticket.id))
          unread.value.set(ticket.id, (unread.value.get(ticket.id) ?? 0) + 1)
        return
      }
      case 'contact.changed': {
        // Of a call of which more was told: its ticket may be called otherwise now.
        const { ticket_id } = event.data
        if (ticket_id !== null && tickets.value.has(ticket_id)) void refresh(ticket_id)
        return
      }
      case 'contact.sent':
        learn(event.data.ticket)
        return
      case 'contact.delivery': {
        const { delivery, ticket_id } = event.data
        if (delivery === 'failed' && ticket_id !== null && tickets.value.has(ticket_id))
          failedDelivery.value.add(ticket_id)
        return
      }
      case 'ticket.changed':
        learn(event.data.ticket, causeOf(event.data))
        return
      case 'customer.changed':
        if (event.data.fields.includes('name')) void rename(event.data.customer_id).catch(() => undefined)
        return
      case 'typing':
        if (event.data.from === 'customer')
          typing.value.set(event.data.ticket_id, { name: event.data.name, until: serverNow() + 5000 })
        return
      default:
        return
    }
  }

  /** A customer of mine has another name. */
  async function rename(customer: number): Promise<void> {
    const affected = () => [...tickets.value].filter(([, ticket]) => ticket.customer?.id === customer)
    if (affected().length === 0) return
    const { id, name } = await useCustomers().load(customer)
    for (const [number, ticket] of affected())
      entities.learn('ticket', number, { ...ticket, customer: { id, name } })
  }

  const takerOf = (by: number | null | undefined) => (by === me() ? '' : useDirectory().nameOf(by))

  function isLookedAt(id: number): boolean {
    return openTicket.value === id && document.visibilityState === 'visible'
  }

  function endOffer(id: number, cause: string): Offer | null {
    const offer = offers.value.find((known) => known.id === id)
    entities.end('offer', id)
    ringing.value = ringing.value.filter((known) => known !== id)
    if (!offer) return null
    if (cause && accepting.value !== id) {
      ended.value.push({ offer, cause })
      setTimeout(() => (ended.value = ended.value.filter((card) => card.offer.id !== id)), ended_ms)
    }
    return offer
  }

  async function refresh(id: number): Promise<void> {
    try {
      learn(await answer(api.GET('/api/v1/tickets/{id}', { params: { path: { id } } })))
    } catch {
      // The next event or a resync brings it.
    }
  }

  /** Accepts and gives the ticket, or null with the reason in `failure`. */
  async function accept(id: number): Promise<Ticket | null> {
    if (accepting.value !== null) return null
    accepting.value = id
    failure.value = ''
    try {
      const { ticket } = await answer(
        api.POST('/api/v1/offers/{id}/accept', { params: { path: { id } }, body: {} }),
      )
      learn(ticket)
      endOffer(id, '')
      return ticket
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status === 409) endOffer(id, conflictWords(problem.message))
      else failure.value = `Accepting failed: ${problem.message}. The offer still stands.`
      return null
    } finally {
      accepting.value = null
    }
  }

  /** Another of the waiting offers is looked at first; the others keep their order and their time. */
  function bringForward(id: number): void {
    if (ringing.value.includes(id)) ringing.value = [id, ...ringing.value.filter((known) => known !== id)]
  }

  async function decline(id: number, reason: string): Promise<void> {
    failure.value = ''
    try {
      await answer(api.POST('/api/v1/offers/{id}/decline', { params: { path: { id } }, body: { reason } }))
      endOffer(id, '')
    } catch (error) {
      const problem = asProblem(error)
      if (problem.status === 409) endOffer(id, conflictWords(problem.message))
      else failure.value = `Declining failed: ${problem.message}`
    }
  }

  async function setPresence(
    state: PresenceState,
    more: { channels?: string[]; reason?: string; after_current?: boolean } = {},
  ): Promise<void> {
    failure.value = ''
    try {
      const call = api.PUT('/api/v1/me/presence', {
        body: { state, ...more, channels: more.channels as Channel[] | undefined },
      })
      learnPresence(await answer(call))
    } catch (error) {
      failure.value = `Presence was not changed: ${asProblem(error).message}`
    }
  }

  /** Once a second: what has had its time goes. */
  function tick(at: number): void {
    if (missed.value && at - missed.value.at > missed_ms) missed.value = null
    for (const [id, entry] of typing.value) if (entry.until < at) typing.value.delete(id)
    // The server takes offers back itself; a card that is long over must not stay when the news is late.
    const fresh = useLive().state === 'live'
    for (const offer of offers.value)
      if (fresh && Date.parse(offer.expires_at) + 3000 < at && accepting.value !== offer.id)
        endOffer(offer.id, 'Too late: the time ran out')
  }

  onLive(apply)
  onResync(() => void load().catch(() => undefined))

  return {
    presence,
    offers,
    ended,
    missed,
    accepting,
    failure,
    tickets,
    departed,
    hidden,
    channels,
    unread,
    typing,
    failedDelivery,
    given,
    openTicket,
    loaded,
    current,
    mine,
    load,
    reaches,
    sees,
    hold,
    learn,
    open,
    markRead,
    isGift,
    nextForMe,
    apply,
    accept,
    bringForward,
    decline,
    setPresence,
    tick,
  }
})
