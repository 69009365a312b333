import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { mergeEntries, useTimelines } from '@/stores/timelines'
import { firstMark, firstUnread, toBlocks } from '@/timeline/blocks'
import { callFacts } from '@/timeline/callWords'
import { calendarLines, replyToElsewhere } from '@/timeline/mailHeader'
import { eventWords } from '@/timeline/eventWords'
import { said } from './events'
import type { TicketSummary } from '@/api/types'
import type { LiveEvent, TicketChange } from '@/live/eventTypes'
import { at, contact, entry, fakeServer, summary } from './support'

const now = Date.parse(at(59))
const kinds = (blocks: { kind: string }[]) => blocks.map((block) => block.kind)
const event = (id: number) => ({
  kind: 'event' as const,
  at: at(id),
  contact: null,
  note: null,
  event: { id, actor: null, ...said('ticket.changed', { change: 'held' }) },
})

describe('the first unread contact', () => {
  it('is the first one of a ticket that nobody has answered', () => {
    expect(firstUnread([event(1), entry(2), entry(3)])).toBe('contact-2')
  })
  it('is none where somebody has answered, or where a chat is followed at its end', () => {
    expect(firstUnread([entry(1), entry(2, { direction: 'out' })])).toBeNull()
    expect(firstUnread([entry(1, { channel: 'chat' })])).toBeNull()
  })
})

describe('a call', () => {
  const facts = (more: object, details: object) => {
    const { contact } = entry(1, { channel: 'phone', details, ...more } as never)
    return contact ? callFacts(contact).slice(1) : []
  }
  it('says how long it rang, how long and with whom somebody talked', () => {
    const answered = { ring_s: 9, disposition: 'answered', agent: '1004', legs: [{}, {}] }
    expect(facts({ duration_s: 120 }, answered)).toEqual(['rang 0:09', 'talked 2:00', 'with 1004', '2 legs'])
  })
  it('says that nobody answered, and what became of the caller', () => {
    const missed = { duration_s: 0, flags: ['missed'] }
    expect(facts(missed, { disposition: 'missed' })).toEqual(['not answered'])
    expect(facts(missed, { disposition: 'abandoned', ring_s: 42 })).toEqual([
      'rang 0:42',
      'not answered: gave up in the queue',
    ])
  })
  it('says who called beside the number, where the customer is known', () => {
    const from = { kind: 'tel', value: '+4930123', name: '' }
    const { contact } = entry(1, { channel: 'phone', direction: 'in', from, details: {} } as never)
    if (!contact) throw new Error('an entry without a contact')
    expect(callFacts(contact, 'Ana Ruiz')[0]).toBe('in from Ana Ruiz · +4930123')
    expect(callFacts(contact, '+4930123')[0]).toBe('in from +4930123')
    expect(callFacts(contact)[0]).toBe('in from +4930123')
    const named = { ...contact, from: { ...from, name: 'RUIZ A' } }
    expect(callFacts(named)[0]).toBe('in from RUIZ A · +4930123')
  })
  it('says where it is while it is not over', () => {
    expect(facts({ duration_s: null }, {})).toEqual(['ringing'])
    expect(facts({ duration_s: null }, { disposition: 'answered', agent: 'mia' })).toEqual([
      'talking',
      'with mia',
    ])
  })
})

describe('blocks', () => {
  it('join chat messages of one speaker', () => {
    const chat = [1, 2].map((id) => entry(id, { channel: 'chat' }))
    const answer = entry(3, { channel: 'chat', direction: 'out', author: { id: 7, name: 'Ben' } })
    const blocks = toBlocks([...chat, answer], null, now)
    expect(kinds(blocks)).toEqual(['day', 'run', 'run'])
    expect(blocks[1]?.kind === 'run' && blocks[1].contacts).toHaveLength(2)
  })
  it('fold changes that follow each other', () => {
    const blocks = toBlocks([event(1), event(2), entry(3), event(4)], null, now)
    expect(kinds(blocks)).toEqual(['day', 'events', 'contact', 'events'])
  })
  it('draw the line before the first unread contact of the customer', () => {
    const ours = entry(2, { direction: 'out' })
    expect(kinds(toBlocks([entry(1), ours, entry(3), entry(4)], at(2), now))).toEqual([
      'day',
      'contact',
      'contact',
      'new',
      'contact',
      'contact',
    ])
    expect(kinds(toBlocks([entry(1), ours], at(2), now))).not.toContain('new')
  })
  it('show old e-mails in one line, but for the last three', () => {
    const blocks = toBlocks(
      [1, 2, 3, 4, 5].map((id) => entry(id)),
      null,
      now,
    )
    const folded = blocks.flatMap((block) => (block.kind === 'contact' ? [block.folded] : []))
    expect(folded).toEqual([true, true, false, false, false])
  })
  it('never fold an unread e-mail', () => {
    const blocks = toBlocks(
      [1, 2, 3, 4, 5].map((id) => entry(id)),
      at(0),
      now,
    )
    expect(blocks.some((block) => block.kind === 'contact' && block.folded)).toBe(false)
  })
})

describe('the first mark', () => {
  it('is our last answer when the customer wrote since', () =>
    expect(firstMark([entry(1), entry(2, { direction: 'out' }), entry(3)])).toBe(at(2)))
  it('is nothing when all or none is new', () => {
    expect(firstMark([entry(1)])).toBeNull()
    expect(firstMark([entry(1), entry(2, { direction: 'out' })])).toBeNull()
  })
})

describe('merging', () => {
  it('keeps each entry once, oldest first, newest reading', () => {
    const merged = mergeEntries([entry(2), entry(1)], [entry(2, { delivery: 'sent' }), entry(3)])
    expect(merged.map((one) => one.contact?.id)).toEqual([1, 2, 3])
    expect(merged[1]?.contact?.delivery).toBe('sent')
  })
})

describe('the timeline store', () => {
  beforeEach(() => setActivePinia(createPinia()))

  it('starts afresh when a reading does not touch what is known', async () => {
    const pages = [
      { items: [entry(1), entry(2)], previous: null },
      { items: [entry(8), entry(9)], previous: 'p' },
    ]
    fakeServer({ 'GET /api/v1/tickets/10482/timeline': () => ({ body: pages.shift() }) })
    const store = useTimelines()
    await store.refresh(10482)
    await store.refresh(10482)
    expect(store.timelines.get(10482)?.entries.map((one) => one.contact?.id)).toEqual([8, 9])
    expect(store.timelines.get(10482)?.previous).toBe('p')
  })
  it('keeps what it has when the server fails', async () => {
    const answers = [
      { body: { items: [entry(1)], previous: null } },
      { status: 503, body: { title: 'busy' } },
    ]
    fakeServer({ 'GET /api/v1/tickets/10482/timeline': () => answers.shift() ?? { body: {} } })
    const store = useTimelines()
    await store.refresh(10482)
    await store.refresh(10482)
    expect(store.timelines.get(10482)?.entries).toHaveLength(1)
    expect(store.timelines.get(10482)?.problem?.status).toBe(503)
  })
  it('follows the delivery of a message', async () => {
    fakeServer({
      'GET /api/v1/tickets/10482/timeline': () => ({
        body: {
          items: [entry(1, { delivery: 'queued' })],
          previous: null,
        },
      }),
    })
    const store = useTimelines()
    await store.refresh(10482)
    store.apply(
      said(
        'contact.delivery',
        { contact_id: 1, ticket_id: 10482, delivery: 'sent' },
        { at: at(2), ticket_id: 10482 },
      ),
    )
    expect(store.timelines.get(10482)?.entries[0]?.contact?.delivery).toBe('sent')
  })
})

describe('how far a message has come', () => {
  const come = (delivery: 'read' | 'delivered') =>
    said('contact.delivery', { contact_id: 1, ticket_id: 10482, delivery }, { at: at(2), ticket_id: 10482 })
  const ours = (delivery: 'sent' | 'failed' | 'queued') =>
    entry(1, { direction: 'out', channel: 'chat', delivery })
  async function opened(entries: ReturnType<typeof entry>[]) {
    fakeServer({
      'GET /api/v1/tickets/10482/timeline': () => ({ body: { items: entries, previous: null } }),
    })
    const store = useTimelines()
    await store.refresh(10482)
    return store
  }
  const delivery = (store: ReturnType<typeof useTimelines>) =>
    store.timelines.get(10482)?.entries[0]?.contact?.delivery
  it('is not taken back by an answer that was begun before', async () => {
    const store = await opened([ours('sent')])
    store.apply(come('read'))
    store.add(10482, [ours('sent')])
    expect(delivery(store)).toBe('read')
  })
  it('is known though it was told before the message itself', async () => {
    const store = await opened([])
    store.apply(come('delivered'))
    store.add(10482, [ours('sent')])
    expect(delivery(store)).toBe('delivered')
  })
  it('begins anew where it failed and is sent again', async () => {
    const store = await opened([ours('failed')])
    store.add(10482, [ours('queued')])
    expect(delivery(store)).toBe('queued')
  })
})

describe('event lines', () => {
  it('say who did what', () => {
    const nameOf = (id: number) => (id === 7 ? 'Ana' : '')
    const words = (event: LiveEvent<'ticket.changed' | 'offer.accepted' | 'offer.declined'>) =>
      eventWords({ id: 1, actor: { id: 1, name: 'Mara' }, ...event }, nameOf)
    const changed = (change: TicketChange['change'], ticket: Partial<TicketSummary>) =>
      words(said('ticket.changed', { change, ticket: summary(ticket) }))
    const accepted = (data: Partial<LiveEvent<'offer.accepted'>['data']>) =>
      words(said('offer.accepted', data))
    expect(changed('transferred', { queue: { id: 1, name: 'Claims' } })).toBe('Mara transferred it to Claims')
    expect(changed('solved', { disposition: 'f', disposition_name: 'Needs follow-up' })).toBe(
      'Mara solved it as Needs follow-up',
    )
    expect(changed('wrapup_done', { state: 'solved', disposition: 's', disposition_name: 'Spam' })).toBe(
      'Mara finished wrap-up: solved as Spam',
    )
    expect(changed('wrapup_done', { state: 'active' })).toBe('Mara finished wrap-up')
    const given = { how: 'assigned', agent_id: 7, reason: 'knows him' } as const
    expect(accepted(given)).toBe('Mara assigned it to Ana: knows him')
    expect(accepted({ ...given, past_skill: 'skill Spanish', past_capacity: true })).toBe(
      'Mara assigned it to Ana, past what the queue asks for (skill Spanish) and beyond what the agent can have in hand: knows him',
    )
    expect(accepted({ how: 'claimed' })).toBe('Mara took it')
    expect(accepted({})).toBe('Mara accepted it')
    expect(words(said('offer.declined', { reason: 'not_my_skill' }))).toBe('Mara declined it: not my skill')
  })
})

describe('the header of a mail', () => {
  it('names where the answer is asked for, when that is elsewhere', () => {
    const party = (value: string) => ({ kind: 'email', value, name: '' })
    expect(replyToElsewhere(contact(1, { reply_to: [party('ANA@x.example')] }))).toEqual([])
    expect(
      replyToElsewhere(contact(1, { reply_to: [party('desk@y.example')] })).map(({ value }) => value),
    ).toEqual(['desk@y.example'])
  })
  it('has the lines of a calendar beside its words', () => {
    const invitation = 'Invitation: Meter, new\nWhen: 2026-03-10 13:00\nAda declines'
    expect(calendarLines(contact(1, { details: { invitation } as never }))).toEqual([
      { name: 'Invitation', value: 'Meter, new' },
      { name: 'When', value: '2026-03-10 13:00' },
    ])
    expect(calendarLines(contact(1, { details: { invitation: 7 } as never }))).toEqual([])
  })
})
