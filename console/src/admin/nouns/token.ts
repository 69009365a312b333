import type { paths } from '@/api/schema'
import { fullMoment } from '@/format/time'
import { serverNow } from '@/live/clock'
import { collection } from '../collection'
import type { Resource } from '../fields'
import type { Noun } from '../noun'

const { list, create, remove } = collection('/api/v1/tokens')

type Scope = NonNullable<
  paths['/api/v1/tokens']['post']['requestBody']
>['content']['application/json']['scopes'][number]
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

export const tokenNoun: Noun = {
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
  fields: [
    { name: 'name', label: 'Name', kind: 'text', required: true, on: 'create' },
    {
      name: 'scopes',
      label: 'May',
      kind: 'ticks',
      options: Object.entries(scopes),
      required: true,
      on: 'create',
    },
    {
      name: 'gateway_ids',
      label: 'Only for',
      hint: 'None ticked = all of them. A token that may more than hand in is for all.',
      kind: 'ticks',
      options: 'gateways',
      on: 'create',
      when: (values) => onlyHandsIn(values['scopes']),
    },
    { name: 'expires_at', label: 'Expires', kind: 'expiry', on: 'create' },
  ],
  tidy: (values) => (onlyHandsIn(values['scopes']) ? values : { ...values, gateway_ids: undefined }),
  list,
  create,
  remove,
  removeWord: 'Revoke',
  removable: (token) => !token['revoked_at'],
}

/** Only such a token can be bound to gateways. */
function onlyHandsIn(value: unknown): boolean {
  const all = (value ?? []) as Scope[]
  return all.length > 0 && all.every((scope) => scope === 'intake')
}
