import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { ViewerNews } from '@/live/eventTypes'
import { useSession } from '@/stores/session'
import { useViewers } from '@/stores/viewers'
import { markBefore } from '@/timeline/readMark'
import { said } from './events'
import { entry } from './support'

beforeEach(() => {
  setActivePinia(createPinia())
  useSession().user = { id: 7, name: 'Me' } as never
})
const ben = { id: 8, name: 'Ben' }
const carla = { id: 9, name: 'Carla' }
const seen = (agent: typeof ben, writing: ViewerNews['writing'] = null, viewing = true): ViewerNews => ({
  ticket_id: 1,
  agent,
  viewing,
  writing,
})
const say = (data: ViewerNews) => useViewers().apply({ type: 'viewer.changed', at: '', data })
const draft = (agent: typeof ben, exists = true) =>
  useViewers().apply(said('draft.changed', { ticket_id: 1, agent, kind: 'reply', exists }))

describe('colleagues on a ticket', () => {
  it('are named, who writes first; oneself is not', () => {
    say(seen(ben))
    say(seen({ id: 7, name: 'Me' }, 'reply'))
    expect(useViewers().words(1)).toEqual(['Ben is viewing'])
    say(seen(carla, 'reply'))
    draft(ben)
    expect(useViewers().words(1)).toEqual(['Carla is writing a reply', 'Ben is viewing and has a draft'])
    expect(useViewers().shortly(1)).toBe('Carla is writing +1')
    say(seen(ben, null, false))
    say(seen(carla, 'note'))
    expect(useViewers().words(1)).toEqual(['Carla is writing a note', 'Ben has a draft'])
    draft(ben, false)
    say(seen(carla, null, false))
    expect(useViewers().words(1)).toEqual([])
  })
  it('of an earlier connection are forgotten', () => {
    say(seen(ben))
    useViewers().apply(said('viewers', { items: [seen(carla)] }))
    expect(useViewers().words(1)).toEqual(['Carla is viewing'])
  })
})

describe('unread from an entry', () => {
  it('is read up to the contact before it', () => {
    const all = [entry(1), entry(2, { direction: 'out' }), entry(3)]
    expect(markBefore(all, 'contact-3')?.id).toBe(2)
    expect(markBefore(all, 'contact-1')).toBeNull()
  })
})
