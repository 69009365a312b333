import { resolved, sentTo, type Description } from '@/api/description'
import { fullMoment } from '@/format/time'
import { serverNow } from '@/live/clock'
import { collection } from '../collection'
import { formOf } from '../describe'
import type { Resource } from '../fields'
import type { FieldWords, Names, Noun, Schemas } from '../noun'

const path = '/api/v1/tokens'
const { list, create, remove } = collection(path)

type Scope = Schemas['token_create']['scopes'][number]
/** Every scope that the server declares: one that is missing here does not compile. */
const scopes: Record<Scope, string> = {
  intake: 'Hand contacts in',
  read: 'Read what a supervisor reads',
  admin: 'Read and change everything',
}

export function tokenState(token: Resource, now: number): string {
  if (token.revoked_at) return 'revoked'
  if (!token.expires_at) return 'valid'
  const until = String(token.expires_at)
  return Date.parse(until) <= now ? 'expired' : `until ${fullMoment(until)}`
}

const words: Partial<Record<Names<Schemas['token_create']>, FieldWords>> = {
  scopes: { label: 'May', choices: scopes },
  gateway_ids: {
    label: 'Only for',
    hint: 'None ticked = all of them. A token that may more than hand in is for all.',
    options: 'gateways',
    when: (values) => onlyHandsIn(values['scopes']),
  },
  expires_at: { label: 'Expires', kind: 'expiry', required: false },
}

/** A token is made, and revoked; nothing in it is changed. */
export const tokenNoun = (from: Description): Noun => ({
  name: 'tokens',
  title: 'Tokens',
  one: 'token',
  about: 'For machines: what pushes contacts in or reads them out. Each is shown once, when it is made.',
  columns: [
    { name: 'name', label: 'Name' },
    {
      name: 'scopes',
      label: 'May',
      show: (value) => (value as Scope[]).map((scope) => scopes[scope] ?? scope).join(', '),
    },
    { name: 'revoked_at', label: 'State', show: (_, token) => tokenState(token, serverNow()) },
  ],
  fields: formOf(from, resolved(from, sentTo(from.paths[path]?.post)), {}, words),
  tidy: (values) => (onlyHandsIn(values['scopes']) ? values : { ...values, gateway_ids: undefined }),
  list,
  create,
  remove,
  removeWord: 'Revoke',
  removable: (token) => !token['revoked_at'],
})

/** Only such a token can be bound to gateways. */
function onlyHandsIn(value: unknown): boolean {
  const all = (value ?? []) as Scope[]
  return all.length > 0 && all.every((scope) => scope === 'intake')
}
