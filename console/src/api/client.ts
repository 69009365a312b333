import createClient from 'openapi-fetch'
import { randomId } from '@/format/ids'
import { Problem } from './problem'
import type { paths } from './schema'

let csrf = ''
let onSignedOut: () => void = () => undefined

export function setCsrfToken(token: string): void {
  csrf = token
}

/** Of this session only, and known to this page only. */
export function csrfToken(): string {
  return csrf
}

export function whenSignedOut(callback: () => void): void {
  onSignedOut = callback
}

/** The one client: every route, body and answer is typed by the server's own description. */
export const api = createClient<paths>({
  baseUrl: window.location.origin,
  credentials: 'same-origin',
  cache: 'no-store',
  // Looked up at each call, so that tests can stand in for it.
  fetch: (request) => globalThis.fetch(request),
})

function signed(request: Request): Request {
  if (request.method !== 'GET') request.headers.set('X-CSRF-Token', csrf)
  if (request.method === 'POST' && !request.headers.has('Idempotency-Key'))
    request.headers.set('Idempotency-Key', randomId())
  return request
}
api.use({ onRequest: ({ request }) => signed(request) })

interface Outcome<T> {
  data?: T
  error?: unknown
  response: Response
}

/** Waits for an answer and gives its body, or throws a Problem. */
export async function answer<T>(call: Promise<Outcome<T>>): Promise<T> {
  let outcome: Outcome<T>
  try {
    outcome = await call
  } catch (error) {
    throw new Problem(0, error instanceof SyntaxError ? { detail: 'The answer could not be read' } : {})
  }
  if (outcome.response.ok) return outcome.data as T
  if (outcome.response.status === 401) onSignedOut()
  // What the server says of tokens is for machines.
  if (outcome.response.status === 401)
    throw new Problem(401, { detail: 'your session has ended, sign in again' })
  const body = typeof outcome.error === 'object' && outcome.error !== null ? outcome.error : {}
  throw new Problem(outcome.response.status, body)
}

/** Calls a route that is known by the server's description at run time only. What comes back is for the caller to judge. */
export function call(
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE',
  path: string,
  { body, version }: { body?: unknown; version?: number } = {},
): Promise<unknown> {
  const headers: Record<string, string> = {}
  if (body !== undefined) headers['Content-Type'] = 'application/json'
  if (version !== undefined) headers['If-Match'] = `"${version}"`
  const request = new Request(window.location.origin + path, {
    method,
    headers,
    credentials: 'same-origin',
    cache: 'no-store',
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return answer(globalThis.fetch(signed(request)).then(told))
}

async function told(response: Response): Promise<Outcome<unknown>> {
  const text = await response.text()
  if (response.ok) return { data: text ? JSON.parse(text) : undefined, response }
  try {
    return { error: JSON.parse(text), response }
  } catch {
    return { response }
  }
}

/** Sends the same key again when an action is retried, so that it happens once. */
export function retryKey(key: string): { 'Idempotency-Key': string } {
  return { 'Idempotency-Key': key }
}
