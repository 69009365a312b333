import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { learnServerTime, serverNow } from '@/live/clock'
import { useSystem } from '@/stores/system'
import { fakeServer } from './support'

beforeEach(() => setActivePinia(createPinia()))

describe('what admins are told of the system', () => {
  it('is what the server says, and nothing when it does not answer', async () => {
    const system = useSystem()
    fakeServer({ 'GET /api/v1/system': () => ({ body: { troubles: ['storage: nothing new is taken in'] } }) })
    await system.look()
    expect(system.troubles).toEqual(['storage: nothing new is taken in'])
    fakeServer({ 'GET /api/v1/system': () => ({ status: 503, body: { status: 503 } }) })
    await system.look()
    expect(system.troubles).toEqual([])
  })
})

describe('the time of the server', () => {
  it('follows at once when it is set, in either direction', () => {
    const hour = 3_600_000
    for (const ahead of [2 * hour, -2 * hour, 48 * hour, 0]) {
      learnServerTime(new Date(Date.now() + ahead).toISOString())
      expect(Math.abs(serverNow() - Date.now() - ahead)).toBeLessThan(1000)
    }
  })
})
