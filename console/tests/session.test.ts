import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { useSession } from '@/stores/session'
import { at, fakeServer } from './support'

const user = { id: 7, login: 'ben', name: 'Ben', role: 'agent', preferences: {} }
beforeEach(() => setActivePinia(createPinia()))

describe('a session', () => {
  it('is not ended by a server that cannot be reached, only by one that says so', async () => {
    const session = useSession()
    fakeServer({ 'GET /api/v1/session': () => ({ body: { user, csrf_token: 'c', server_time: at(0) } }) })
    await session.load()
    expect(session.user?.name).toBe('Ben')
    globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    await session.load()
    fakeServer({ 'GET /api/v1/session': () => ({ status: 503, body: { status: 503 } }) })
    await session.load()
    expect(session.user?.name).toBe('Ben')
    fakeServer({ 'GET /api/v1/session': () => ({ status: 401, body: { status: 401 } }) })
    await session.load()
    expect(session.user).toBeNull()
  })
})
