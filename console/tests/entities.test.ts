import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { isOwned, isWhole, useEntities } from '@/stores/entities'
import { offer, summary, ticket } from './support'

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
