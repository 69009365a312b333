import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api, setCsrfToken } from '@/api/client'
import { forgetDrafts } from '@/composer/kept'
import { saveAll } from '@/composer/saving'
import type { Grant, Permission, Reach, Session, User } from '@/api/types'
import { learnServerTime } from '@/live/clock'
import { setTimeZone } from '@/format/time'
import { setKeyPreferences } from '@/keys/dispatch'
import { applyTheme } from '@/style/theme'
import { onEvent, onResync } from '@/live/events'
import { useLive } from './live'
import { sane, type Preferences } from './preferences'

export type { Preferences }

export const useSession = defineStore('session', () => {
  const user = ref<User | null>(null)
  /** Unknown until the server was asked once. */
  const asked = ref(false)
  let lastUser: number | null = null
  const preferences = computed<Preferences>(() => sane(user.value?.preferences))
  const grants = ref<readonly Grant[]>([])
  /** Whether one can be given tickets at all; who cannot has no presence to set. */
  const takesWork = ref(false)
  const reaches: Record<Reach, number> = { own: 1, queues: 2, all: 3 }

  /** Whether one's roles permit this, at least so far. */
  function may(permission: Permission, far: Reach = 'own'): boolean {
    return grants.value.some((one) => one.permission === permission && reaches[one.reach] >= reaches[far])
  }

  function enter(session: Session): void {
    setCsrfToken(session.csrf_token)
    if (session.server_time) learnServerTime(session.server_time)
    user.value = session.user
    grants.value = session.grants
    takesWork.value = session.takes_work
    lastUser = session.user.id
    applyPreferences()
  }

  function applyPreferences(): void {
    const chosen = preferences.value
    applyTheme(chosen.theme, chosen.density)
    setTimeZone(chosen.time_zone || undefined)
    setKeyPreferences({ remap: chosen.keys, lettersOff: chosen.letters_off })
  }

  async function load(): Promise<void> {
    try {
      const { session } = await answer(api.GET('/api/v1/session/current'))
      if (session) enter(session)
      else user.value = null
    } catch {
      // A server that cannot be reached says nothing about who is signed in: whoever writes keeps the page.
      if (!asked.value) user.value = null
    }
    asked.value = true
  }

  // What one may can change while one is signed in.
  onEvent('config.changed', ({ data }) => {
    const mine = data.kind === 'role' || (data.kind === 'user' && data.id === user.value?.id)
    if (mine) void load()
  })
  onResync(() => void load())

  async function login(name: string, password: string): Promise<void> {
    const before = lastUser
    enter(await answer(api.POST('/api/v1/session', { body: { login: name, password } })))
    asked.value = true
    // Drafts outlive a lost session, but only for the one who wrote them: somebody else begins with a fresh page.
    if (before !== null && before !== lastUser) window.location.assign('/work')
  }

  /** Leaves by a fresh page, so that nothing of a customer stays in memory. */
  async function logout(): Promise<void> {
    await saveAll()
    forgetDrafts()
    useLive().stop() // else what it hears of is asked for by somebody who has signed out
    await answer(api.DELETE('/api/v1/session')).catch(() => undefined)
    window.location.assign('/login')
  }

  async function prefer(change: Partial<Preferences>): Promise<void> {
    if (!user.value) return
    const before = user.value
    const next: User = { ...before, preferences: { ...before.preferences, ...change } as User['preferences'] }
    user.value = next
    applyPreferences()
    try {
      user.value = await answer(api.PATCH('/api/v1/me', { body: { preferences: next.preferences } }))
    } catch (error) {
      user.value = before
      applyPreferences()
      throw error
    }
  }

  /** Ends the other sessions. */
  async function changePassword(current: string, next: string): Promise<void> {
    user.value = await answer(
      api.PATCH('/api/v1/me', { body: { password: next, current_password: current } }),
    )
  }

  function signedOut(): void {
    user.value = null
  }

  return {
    user,
    asked,
    preferences,
    grants,
    takesWork,
    may,
    load,
    login,
    logout,
    prefer,
    changePassword,
    signedOut,
  }
})
