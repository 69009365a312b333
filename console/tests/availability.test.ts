import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Availability } from '@/api/types'
import { setTimeZone } from '@/format/time'
import { readyWords } from '@/offers/availability'
import { useAvailability } from '@/stores/availability'
import { useSession } from '@/stores/session'
import { at, fakeServer, summary } from './support'
import { publish } from '@/live/events'
import { said } from './events'

const noon = Date.parse(at(0))
const words = (state: Availability['state'], until: string | null = null) =>
  readyWords({ state, until }, noon).title

describe('what the tray says to who is ready', () => {
  beforeEach(() => setTimeZone('UTC'))

  it('is that nobody waits only when the server says so', () => {
    expect(words('ready')).toBe('Ready, nothing for you now')
    expect(readyWords(null, noon).title).toBe('Ready')
  })
  it('is why nothing comes, and until when', () => {
    expect(words('full')).toBe('Ready, no room for more')
    expect(words('cooling', at(120))).toBe('Ready, until 12:02 only in part')
    expect(words('wrap_up', at(60))).toBe('In wrap-up until 12:01')
  })
  it('is nothing of offers while presence and the server differ for a moment', () => {
    expect(words('offline')).toBe('Ready')
  })
})

describe('my availability', () => {
  let state: Availability['state'] = 'ready'
  const work = () => ({
    body: { wrapup: [], availability: { state, until: state === 'cooling' ? at(30) : null } },
  })
  const settled = () => new Promise((done) => setTimeout(done))

  beforeEach(() => {
    setActivePinia(createPinia())
    useSession().user = { id: 7 } as never
    state = 'ready'
  })

  it('is asked anew when something of mine has changed, and not for others', async () => {
    const asked = fakeServer({ 'GET /api/v1/me/work': work })
    const availability = useAvailability()
    await availability.ask()
    expect(availability.mine?.state).toBe('ready')

    state = 'cooling'
    publish(said('offer.declined', { offer_id: 1, ticket_id: 2, agent_id: 8 }, { at: at(1) }))
    await settled()
    expect(asked).toHaveLength(1)
    publish(said('offer.declined', { offer_id: 1, ticket_id: 2, agent_id: 7 }, { at: at(1) }))
    await settled()
    expect(availability.mine?.state).toBe('cooling')

    state = 'full'
    publish(
      said(
        'ticket.changed',
        { ticket: summary({ owner: null }), change: 'edited', released: 7 },
        { at: at(1) },
      ),
    )
    await settled()
    expect(availability.mine?.state).toBe('full')
  })
  it('is asked anew when its time is over', async () => {
    state = 'cooling'
    const asked = fakeServer({ 'GET /api/v1/me/work': work })
    const availability = useAvailability()
    await availability.ask()
    availability.tick(noon + 29_000)
    expect(asked).toHaveLength(1)
    availability.tick(noon + 31_000)
    await settled()
    expect(asked).toHaveLength(2)
  })
  it('is not told twice for what changes while it is asked', async () => {
    const asked = fakeServer({ 'GET /api/v1/me/work': work })
    const availability = useAvailability()
    await Promise.all([availability.ask(), availability.ask(), availability.ask()])
    await settled()
    expect(asked).toHaveLength(2)
  })
  it('is not known when the server does not answer', async () => {
    fakeServer({})
    const availability = useAvailability()
    await availability.ask()
    expect(availability.mine).toBeNull()
  })
})
