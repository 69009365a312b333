import { watch } from 'vue'
import { csrfToken } from '@/api/client'
import { useDrafts } from '@/stores/drafts'

/**
 * What is being written and not on the server yet outlives a reload of its tab: it lies in the tab's own storage, sealed
 * with a key that only the running session gives. After the session nobody can read it, whatever the browser has kept on
 * its disk. Where the browser has no cryptography (plain HTTP from another machine), nothing is kept here.
 */
const place = 'switchboard-drafts'

async function keyOf(secret: string): Promise<CryptoKey> {
  const bits = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`drafts ${secret}`))
  return crypto.subtle.importKey('raw', bits, 'AES-GCM', false, ['encrypt', 'decrypt'])
}

export async function seal(text: string, secret: string): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const data = new TextEncoder().encode(text)
  const sealed = new Uint8Array(
    await crypto.subtle.encrypt({ name: 'AES-GCM', iv }, await keyOf(secret), data),
  )
  let bytes = ''
  for (const byte of [...iv, ...sealed]) bytes += String.fromCharCode(byte)
  return btoa(bytes)
}

/** Null when it was sealed by another session, or is no such text. */
export async function unseal(sealed: string, secret: string): Promise<string | null> {
  try {
    const bytes = Uint8Array.from(atob(sealed), (byte) => byte.charCodeAt(0))
    const key = await keyOf(secret)
    const iv = bytes.slice(0, 12)
    return new TextDecoder().decode(
      await crypto.subtle.decrypt({ name: 'AES-GCM', iv }, key, bytes.slice(12)),
    )
  } catch {
    return null
  }
}

export function forgetDrafts(): void {
  sessionStorage.removeItem(place)
}

/** Brings back what the tab has kept, then keeps every change. Done when all is back. */
export function useKeptDrafts(): Promise<void> {
  if (!globalThis.crypto?.subtle) return Promise.resolve()
  const drafts = useDrafts()
  let running = false
  let changed = false

  async function keep(): Promise<void> {
    changed = true
    if (running) return
    running = true
    while (changed) {
      changed = false
      const sealed = drafts.unsent.length ? await seal(drafts.pack(), csrfToken()) : ''
      try {
        if (sealed) sessionStorage.setItem(place, sealed)
      } catch {
        forgetDrafts() // too much for the tab's storage
      }
      if (!sealed) forgetDrafts()
    }
    running = false
  }

  watch(
    () => drafts.unsent,
    () => void keep(),
    { deep: true },
  )
  const kept = sessionStorage.getItem(place)
  if (!kept) return Promise.resolve()
  return unseal(kept, csrfToken()).then((text) => {
    if (text) drafts.unpack(text)
    else forgetDrafts()
  })
}
