import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { tokenState } from '@/admin/nouns/token'
import { browserOf } from '@/me/browser'
import { makeRouter } from '@/router'
import { useSession } from '@/stores/session'
import { at, fakeServer } from './support'

const user = { id: 7, login: 'ben', name: 'Ben', roles: [2], preferences: {} }
beforeEach(() => setActivePinia(createPinia()))

describe('a session', () => {
  it('is not ended by a server that cannot be reached, only by one that says so', async () => {
    const session = useSession()
    const signedIn = { user, grants: [], csrf_token: 'c', server_time: at(0) }
    fakeServer({ 'GET /api/v1/session/current': () => ({ body: { session: signedIn } }) })
    await session.load()
    expect(session.user?.name).toBe('Ben')
    globalThis.fetch = () => Promise.reject(new TypeError('Failed to fetch'))
    await session.load()
    fakeServer({ 'GET /api/v1/session/current': () => ({ status: 503, body: { status: 503 } }) })
    await session.load()
    expect(session.user?.name).toBe('Ben')
    fakeServer({ 'GET /api/v1/session/current': () => ({ body: { session: null } }) })
    await session.load()
    expect(session.user).toBeNull()
  })
})

describe('a password that somebody else knows', () => {
  it('leads to the form for a new one before anything else', async () => {
    const router = makeRouter()
    fakeServer({
      'GET /api/v1/session/current': () => ({
        body: {
          session: {
            user: { ...user, must_change_password: true },
            grants: [],
            csrf_token: 'c',
            server_time: at(0),
          },
        },
      }),
      'PATCH /api/v1/me': () => ({ body: { ...user, must_change_password: false } }),
    })
    await router.push('/tickets')
    expect(router.currentRoute.value.fullPath).toBe('/login?back=/tickets')
    await useSession().changePassword('given by an admin', 'chosen by myself')
    await router.push('/tickets')
    expect(router.currentRoute.value.fullPath).toBe('/tickets')
  })
})

describe('what a browser says of itself', () => {
  it('is told in two words', () => {
    const chrome =
      'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36'
    expect(browserOf(chrome)).toBe('Chrome on Linux')
    expect(
      browserOf('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'),
    ).toBe('Safari on iPhone')
    expect(browserOf('curl/8.5.0')).toBe('curl/8.5.0')
    expect(browserOf('')).toBe('unknown')
  })
})

describe('a token', () => {
  it('is valid, expired or revoked', () => {
    const now = Date.parse(at(0))
    expect(tokenState({ id: 1, expires_at: null, revoked_at: null }, now)).toBe('valid')
    expect(tokenState({ id: 1, expires_at: at(0), revoked_at: null }, now)).toBe('expired')
    expect(tokenState({ id: 1, expires_at: at(60), revoked_at: null }, now)).toContain('until')
    expect(tokenState({ id: 1, expires_at: at(60), revoked_at: at(0) }, now)).toBe('revoked')
  })
})
