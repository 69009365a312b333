// The browser as the state machine sees it.
import type { environment, session_answer, storage, upload_answer } from './environment'
import type { chat_status, client_frame, credentials, visitor } from './protocol'

export function browser_environment(base: string, gateway: string): environment {
  const address = `${base}/api/v1/chat/${encodeURIComponent(gateway)}`
  return {
    request_session: (about) => request_session(`${address}/sessions`, about),
    open_socket(events) {
      const ws = new WebSocket(address.replace(/^http/, 'ws') + '/live')
      ws.onopen = events.opened
      ws.onmessage = (e) => events.received(String(e.data))
      ws.onclose = events.ended
      return {
        send: (text) => {
          if (ws.readyState === WebSocket.OPEN) ws.send(text)
        },
        close: () => ws.close(),
      }
    },
    request_state: () => request_state(address),
    upload: (as, message) => upload(`${address}/sessions/${as.session}/messages`, as.token, message),
    download: (as, id, name) => download(`${address}/sessions/${as.session}/files/${id}`, as.token, name),
    remembered: browser_storage(() => localStorage),
    unsent: browser_storage(() => sessionStorage),
    now: Date.now,
    after(ms, run) {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
    random: Math.random,
    uuid,
    is_online: () => navigator.onLine !== false,
  }
}

async function request_session(url: string, about: visitor): Promise<session_answer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      credentials: 'omit',
      body: JSON.stringify(about),
    })
    if (answer.ok) {
      const { session, token } = (await answer.json()) as credentials
      return { credentials: { session, token } }
    }
    return await no_success(answer)
  } catch {
    return { retry_after_s: null }
  }
}

async function no_success(answer: Response): Promise<{ refused: string } | { retry_after_s: number | null }> {
  if (answer.status === 429 || answer.status >= 500) {
    const wait = Number(answer.headers.get('retry-after'))
    return { retry_after_s: Number.isFinite(wait) ? wait : null }
  }
  const problem = (await answer.json().catch(() => ({}))) as { detail?: string }
  return { refused: problem.detail ?? `${answer.status}` }
}

async function request_state(url: string): Promise<Pick<chat_status, 'open' | 'opens_at' | 'mail'> | null> {
  try {
    const answer = await fetch(url, { credentials: 'omit' })
    return answer.ok ? ((await answer.json()) as Pick<chat_status, 'open' | 'opens_at' | 'mail'>) : null
  } catch {
    return null
  }
}

async function upload(url: string, token: string, message: client_frame): Promise<upload_answer> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'chat-token': token },
      credentials: 'omit',
      body: JSON.stringify(message),
    })
    return answer.ok ? ((await answer.json()) as { seq: number }) : await no_success(answer)
  } catch {
    return { retry_after_s: null }
  }
}

/** A link cannot carry the token, so the bytes are fetched and handed to the browser as its own. */
async function download(url: string, token: string, name: string): Promise<boolean> {
  try {
    const answer = await fetch(url, { headers: { 'chat-token': token }, credentials: 'omit' })
    if (!answer.ok) return false
    const link = document.createElement('a')
    link.href = URL.createObjectURL(await answer.blob())
    link.download = name
    link.click()
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000)
    return true
  } catch {
    return false
  }
}

/** Storage may be forbidden (private windows, third-party frames): the chat then lasts as long as the page. */
function browser_storage(open: () => Storage): storage {
  const spare = new Map<string, string>()
  const attempt = <T>(run: (s: Storage) => T, otherwise: () => T): T => {
    try {
      return run(open())
    } catch {
      return otherwise()
    }
  }
  return {
    read: (key) =>
      attempt(
        (s) => s.getItem(key),
        () => spare.get(key) ?? null,
      ),
    write: (key, value) =>
      attempt(
        (s) => s.setItem(key, value),
        () => void spare.set(key, value),
      ),
    remove: (key) =>
      attempt(
        (s) => s.removeItem(key),
        () => void spare.delete(key),
      ),
  }
}

/** crypto.randomUUID exists only on secure pages; the shop round the corner may still be plain http. */
function uuid(): string {
  if (typeof crypto.randomUUID === 'function') return crypto.randomUUID()
  const b = crypto.getRandomValues(new Uint8Array(16))
  const hex = Array.from(b, (x) => x.toString(16).padStart(2, '0')).join('')
  return hex.replace(/^(.{8})(.{4}).(.{3}).(.{3})/, '$1-$2-4$3-8$4-') // version 4 in its places
}
