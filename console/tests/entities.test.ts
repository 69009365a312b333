import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { onEvent, publish } from '@/live/events'
import { ticketIn } from '@/live/eventTypes'
import { isOwned, isWhole, useEntities } from '@/stores/entities'
import { said } from './events'
import { at, offer, summary, ticket } from './support'

beforeEach(() => setActivePinia(createPinia()))

describe('what is known of a thing', () => {
  it('is never overwritten by something older, and the newer is told', () => {
    const entities = useEntities()
    entities.learn('ticket', 1, summary({ id: 1, version: 7, subject: 'new' }))
    expect(entities.learn('ticket', 1, summary({ id: 1, version: 6, subject: 'old' })).subject).toBe('new')
    expect(entities.get('ticket', 1)?.subject).toBe('new')
    entities.learn('ticket', 1, summary({ id: 1, version: 7, subject: 'said again' }))
    expect(entities.get('ticket', 1)?.subject).toBe('said again')
  })
  it('keeps what the newer does not speak of', () => {
    const entities = useEntities()
    entities.learn('ticket', 1, ticket({ id: 1, version: 5 }))
    const now = entities.learn('ticket', 1, summary({ id: 1, version: 6, state: 'solved' }))
    expect(isWhole(now) && now.reply.kind).toBe('email')
    expect(now.state).toBe('solved')
    expect(isOwned(now)).toBe(false)
  })
  it('does not come back when it is over', () => {
    const entities = useEntities()
    entities.learn('offer', 3, offer(3))
    entities.end('offer', 3)
    entities.learn('offer', 3, offer(3))
    expect(entities.get('offer', 3)).toBeUndefined()
    expect(entities.isOver('offer', 3)).toBe(true)
  })
  it('is forgotten where there is too much, but for what is shown', () => {
    const entities = useEntities()
    entities.claim((kind, id) => kind === 'ticket' && id === 1)
    for (let id = 1; id <= 2010; id++) entities.learn('ticket', id, summary({ id }))
    expect(entities.all('ticket').size).toBe(2000)
    expect(entities.get('ticket', 1)).toBeDefined()
    expect(entities.get('ticket', 2)).toBeUndefined()
  })
})

describe('what an event tells', () => {
  const changed = (version: number, subject: string) =>
    said(
      'ticket.changed',
      { ticket: summary({ id: 1, version, subject }), change: 'edited' },
      { at: at(1), ticket_id: 1 },
    )
  it('is known before anybody acts on it, and never older than what was known', () => {
    const entities = useEntities()
    const heard: (string | undefined)[] = []
    const stop = onEvent('ticket.changed', () => heard.push(entities.get('ticket', 1)?.subject))
    publish(changed(7, 'new'))
    publish(changed(6, 'late'))
    publish(said('config.changed', { kind: 'queue', id: 1 }, { at: at(2) }))
    stop()
    expect(heard).toEqual(['new', 'new'])
  })
  it('is its ticket, where it tells one', () => {
    expect(ticketIn(changed(7, 'new'))?.subject).toBe('new')
    expect(ticketIn(said('config.changed'))).toBeUndefined()
    expect(ticketIn(said('contact.received', { ticket: null }))).toBeUndefined()
  })
})
