import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { leave, leaving } from '@/actions/leaving'
import { serverNow } from '@/live/clock'
import { publish } from '@/live/events'
import { useDirectory } from '@/stores/directory'
import { useNotices } from '@/stores/notices'
import { useSession } from '@/stores/session'
import { useTickets } from '@/stores/tickets'
import { useTimelines } from '@/stores/timelines'
import { useWork } from '@/stores/work'
import { said } from './events'
import { at, contact, fakeServer, offer, summary, ticket } from './support'

const news = (id: number) => ({ ...contact(id), preview: 'Hello', seq: null })
const presence = {
  agent_id: 7,
  state: 'ready' as const,
  channels: [],
  reason: '',
  after_current: false,
  since: at(0),
}

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().grants = [{ permission: 'ticket.read', reach: 'queues' }]
  useSession().user = {
    id: 7,
    login: 'ben',
    name: 'Ben',
    email: '',
    roles: [2],
    active: true,
    grade: 5,
    units: 100,
    preferences: {},
    must_change_password: false,
    version: 1,
    created_at: at(0),
  }
})

describe('offers', () => {
  it('come forward when chosen, and keep their order and their time', () => {
    const work = useWork()
    for (const id of [1, 2, 3]) work.apply(said('offer.created', { offer: offer(id) }, { at: at(id) }))
    const before = new Map(work.offers.map(({ id, expires_at }) => [id, expires_at]))
    work.bringForward(3)
    work.bringForward(99)
    expect(work.offers.map(({ id }) => id)).toEqual([3, 1, 2])
    expect(work.current?.id).toBe(3)
    for (const { id, expires_at } of work.offers) expect(expires_at).toBe(before.get(id))
  })
  it('ring in the order in which they came', () => {
    const work = useWork()
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    work.apply(said('offer.created', { offer: offer(2) }, { at: at(2) }))
    expect(work.current?.id).toBe(1)
    expect(work.offers).toHaveLength(2)
  })
  it('come first when somebody is on the line, before what was written and what can wait', () => {
    const work = useWork()
    const come = (id: number, channel: 'email' | 'chat' | 'phone', why = {}) =>
      work.apply(said('offer.created', { offer: { ...offer(id), channel, why } }, { at: at(id) }))
    come(1, 'email')
    come(2, 'phone', { work: 'callback' })
    come(3, 'chat')
    come(4, 'phone')
    expect(work.offers.map(({ id }) => id)).toEqual([3, 4, 1, 2])
  })
  it('appear once when the news is repeated', () => {
    const work = useWork()
    for (let i = 0; i < 2; i++) work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    expect(work.offers).toHaveLength(1)
  })
  it('do not come back when the end was heard before the beginning', () => {
    const work = useWork()
    work.apply(said('offer.timed_out', { offer_id: 1, ticket_id: 20001, agent_id: 7 }, { at: at(2) }))
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    expect(work.offers).toEqual([])
  })
  it('of others are not mine', () => {
    const work = useWork()
    work.apply(said('offer.created', { offer: offer(1, { agent_id: 8 }) }, { at: at(1) }))
    expect(work.current).toBeNull()
  })
  it('say who took them, for two seconds', () => {
    vi.useFakeTimers()
    const work = useWork()
    useDirectory().people = [{ id: 8, name: 'Mara' }]
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    work.apply(said('offer.rescinded', { offer_id: 1, ticket_id: 20001, agent_id: 7, by: 8 }, { at: at(2) }))
    expect(work.current).toBeNull()
    expect(work.ended[0]?.cause).toBe('Taken by Mara')
    vi.advanceTimersByTime(2000)
    expect(work.ended).toEqual([])
    vi.useRealTimers()
  })
  it('that were missed are named, and forgotten with the next', () => {
    const work = useWork()
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    work.apply(said('offer.timed_out', { offer_id: 1, ticket_id: 20001, agent_id: 7 }, { at: at(2) }))
    expect(work.missed?.offer.id).toBe(1)
    work.apply(said('offer.created', { offer: offer(2) }, { at: at(3) }))
    expect(work.missed).toBeNull()
  })
  it('bring their ticket when accepted', async () => {
    const work = useWork()
    const accepted = ticket({ id: 20001, version: 3 })
    fakeServer({ 'POST /api/v1/offers/1/accept': () => ({ body: { offer: offer(1), ticket: accepted } }) })
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    expect((await work.accept(1))?.id).toBe(20001)
    expect(work.mine.map((mine) => mine.id)).toEqual([20001])
    expect(work.offers).toEqual([])
  })
  it('tell why they were lost', async () => {
    const work = useWork()
    fakeServer({
      'POST /api/v1/offers/1/accept': () => ({ status: 409, body: { status: 409, detail: 'expired' } }),
    })
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    expect(await work.accept(1)).toBeNull()
    expect(work.offers).toEqual([])
    expect(work.failure).toBe('')
  })
  it('stand when the server was not reached', async () => {
    const work = useWork()
    globalThis.fetch = () => Promise.reject(new TypeError('offline'))
    work.apply(said('offer.created', { offer: offer(1) }, { at: at(1) }))
    expect(await work.accept(1)).toBeNull()
    expect(work.offers).toHaveLength(1)
    expect(work.failure).toContain('still stands')
  })
})

describe('my tickets', () => {
  it('take the newest version, whatever the order of the news', () => {
    const work = useWork()
    work.apply(
      said(
        'ticket.changed',
        { ticket: summary({ version: 6, subject: 'new' }), change: 'edited' },
        { at: at(2) },
      ),
    )
    work.apply(
      said(
        'ticket.changed',
        { ticket: summary({ version: 5, subject: 'old' }), change: 'edited' },
        { at: at(1) },
      ),
    )
    expect(work.mine[0]?.subject).toBe('new')
  })
  it('leave when they are given away', () => {
    const work = useWork()
    work.learn(summary())
    work.apply(
      said(
        'ticket.changed',
        { ticket: summary({ version: 6, owner: null, state: 'waiting' }), change: 'transferred' },
        { at: at(2) },
      ),
    )
    expect(work.mine).toEqual([])
  })
  it('stay while open, with the cause, until left', () => {
    const work = useWork()
    work.learn(summary())
    work.open(10482)
    work.apply(
      said(
        'ticket.changed',
        { ticket: summary({ version: 6, owner: { id: 8, name: 'Mara' } }), change: 'assigned' },
        { at: at(2) },
      ),
    )
    expect(work.mine).toHaveLength(1)
    expect(work.departed.get(10482)).toBe('now with Mara')
    work.open(null)
    expect(work.mine).toEqual([])
  })
  it('count what came in while another was open', () => {
    const work = useWork()
    work.learn(summary())
    work.open(1)
    const event = said(
      'contact.received',
      { contact: news(1), ticket: summary({ version: 6 }), new_ticket: false, reopened: false },
      { at: at(2) },
    )
    work.apply(event)
    expect(work.unread.get(10482)).toBe(1)
    work.open(10482)
    expect(work.unread.has(10482)).toBe(false)
  })
  it('are not troubled by what comes to quarantine, without a ticket', () => {
    const work = useWork()
    work.learn(summary())
    const data = { contact: news(1), ticket: null, new_ticket: false, reopened: false }
    work.apply(said('contact.received', data))
    expect(work.mine).toHaveLength(1)
  })
  it('are marked when a message could not be delivered', () => {
    const work = useWork()
    work.learn(summary())
    work.apply(
      said('contact.delivery', { contact_id: 1, ticket_id: 10482, delivery: 'failed' }, { at: at(2) }),
    )
    expect(work.failedDelivery.has(10482)).toBe(true)
  })
  it('survive a fresh reading that is older than the news', async () => {
    const work = useWork()
    work.learn(summary({ version: 9, subject: 'news' }))
    fakeServer({
      'GET /api/v1/me/work': () => ({
        body: {
          server_time: new Date().toISOString(),
          cursor: '1-1',
          presence,
          offers: [],
          tickets: [{ ...summary({ version: 8 }), offer_state: 'active', wrapup_until: null, live: false }],
          wrapup: [],
        },
      }),
    })
    expect(await work.load()).toBe('1-1')
    expect(work.mine[0]?.subject).toBe('news')
  })
})

describe('a ticket that goes out of sight', () => {
  const gone = (change = {}) =>
    said(
      'ticket.changed',
      {
        ticket: summary({
          version: 6,
          owner: null,
          state: 'waiting',
          queue: { id: 9, name: 'Claims' },
          ...change,
        }),
        change: 'transferred',
        by: 7,
      },
      { at: at(9) },
    )
  async function mine() {
    const asked = fakeServer({
      'GET /api/v1/me/work': () => ({
        body: {
          server_time: at(0),
          cursor: '1-1',
          presence,
          availability: { state: 'ready', until: null },
          offers: [],
          tickets: [{ ...summary(), offer_state: 'active', wrapup_until: null, live: false }],
          wrapup: [],
          queues: [1],
          channels: ['email', 'chat'],
        },
      }),
      'GET /api/v1/tickets/10482': () => ({ body: ticket({ version: 7 }) }),
      'GET /api/v1/tickets/10482/timeline': () => ({ body: { items: [], previous: null } }),
    })
    const work = useWork()
    await work.load()
    work.open(10482)
    useTickets().put(ticket())
    await useTimelines().refresh(10482)
    asked.length = 0
    return { work, asked }
  }

  it('is named with its queue, and nothing of it is asked for', async () => {
    const { work, asked } = await mine()
    publish(gone())
    await Promise.resolve()
    expect(work.hidden.get(10482)).toBe('#10482 was transferred to Claims')
    expect(asked).toEqual([])
    expect(work.mine.map(({ id }) => id)).toEqual([10482])
    work.open(null)
    expect(work.hidden.size).toBe(0)
    expect(work.mine).toEqual([])
  })
  it('says with whom it is when somebody took it away', async () => {
    const { work } = await mine()
    publish(gone({ owner: { id: 8, name: 'Mara' }, state: 'active' }))
    expect(work.hidden.get(10482)).toBe('#10482 is with Mara in Claims now')
  })
  it('is shown again when it comes back, and stays where its queue is one of mine', async () => {
    const { work } = await mine()
    publish(gone())
    publish(gone({ version: 8, queue: { id: 1, name: 'Billing' } }))
    expect(work.hidden.size).toBe(0)
    expect(work.departed.get(10482)).toBe('transferred')
  })
  it('is never out of a supervisor’s sight', async () => {
    const { work } = await mine()
    const session = useSession()
    session.grants = [{ permission: 'ticket.read', reach: 'all' }]
    publish(gone())
    expect(work.hidden.size).toBe(0)
  })
})

describe('going away', () => {
  const owned = (change = {}) => ({
    ...summary(change),
    offer_state: 'active' as const,
    wrapup_until: null,
    unread: 0,
    live: false,
  })
  it('asks once for what goes back to its queue, and never for what stays', () => {
    const work = useWork()
    const sure = vi.fn()
    work.hold(owned({ id: 1 }))
    work.hold({ ...owned({ id: 2, channel: 'chat', state: 'held' }), live: true })
    leave('Sign out', sure)
    expect(sure).toHaveBeenCalledOnce()
    work.hold({ ...owned({ id: 3, channel: 'chat' }), live: true })
    work.hold(owned({ id: 4, due_at: new Date(serverNow() + 60_000).toISOString() }))
    leave('Sign out', sure)
    expect(sure).toHaveBeenCalledOnce()
    expect(leaving.value?.goes).toEqual(['Ana Ruiz’s mail', 'Ana Ruiz’s chat'])
    leaving.value?.sure()
    expect(sure).toHaveBeenCalledTimes(2)
    leaving.value = null
  })
})

describe('a ticket', () => {
  it('does not go back to an older version', () => {
    const tickets = useTickets()
    tickets.put(ticket({ version: 7, subject: 'new' }))
    tickets.put(ticket({ version: 6, subject: 'old' }))
    tickets.apply(
      said(
        'ticket.changed',
        { ticket: summary({ version: 5, subject: 'oldest' }), change: 'edited' },
        { at: at(1) },
      ),
    )
    expect(tickets.details.get(10482)?.subject).toBe('new')
  })
})

describe('what somebody else gives me', () => {
  const assigned = (id: number, change: object = {}) =>
    useWork().apply(
      said(
        'offer.accepted',
        {
          offer_id: id,
          ticket_id: id,
          agent_id: 7,
          by: 3,
          how: 'assigned',
          ticket: summary({ id, channel: 'phone' }),
          ...change,
        },
        { at: at(1) },
      ),
    )

  it('is marked until it is opened, and comes before all that is new', () => {
    const work = useWork()
    work.learn(summary({ id: 50 }))
    work.unread.set(50, 2)
    assigned(40)
    expect(work.given.has(40)).toBe(true)
    expect(work.nextForMe()?.id).toBe(40)
    work.open(40)
    expect(work.given.has(40)).toBe(false)
    expect(work.nextForMe()?.id).toBe(50)
  })
  it('is the one on the line first', () => {
    const work = useWork()
    assigned(60, { ticket: summary({ id: 60, channel: 'email' }) })
    assigned(41)
    expect(work.nextForMe()?.id).toBe(41)
  })
  it('is not what I took or gave to myself, nor what others got', () => {
    const work = useWork()
    assigned(42, { by: 7 })
    assigned(43, { how: 'claimed', by: 7 })
    assigned(44, { agent_id: 8, ticket: summary({ id: 44, owner: { id: 8, name: 'Mara' } }) })
    expect(work.given.size).toBe(0)
  })
})

describe('notices of a ticket', () => {
  it('go with the next thing that is done to it', () => {
    const notices = useNotices()
    notices.say('#1 on hold', 'ok', undefined, 1)
    notices.say('#2 on hold', 'ok', undefined, 2)
    notices.forget(1)
    expect(notices.notices.map(({ text }) => text)).toEqual(['#2 on hold'])
  })
})
