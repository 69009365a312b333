import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import type { paths } from '@/api/schema'
import { fullMoment } from '@/format/time'
import { serverNow } from '@/live/clock'
import type { Resource } from './fields'
import type { Noun } from './nouns'
import UserSessions from './UserSessions.vue'

/** Who may do what: people and machines. */

const at = (id: number) => ({ params: { path: { id } } })

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

export const userNoun: Noun = {
  name: 'users',
  title: 'Users',
  one: 'user',
  about: 'People who work here. Nobody is deleted: who leaves is made inactive.',
  columns: [
    { name: 'login', label: 'Login' },
    { name: 'name', label: 'Name' },
    { name: 'role', label: 'Role' },
    { name: 'active', label: 'Active', show: (value) => (value ? 'yes' : 'no') },
  ],
  fields: [
    { name: 'login', label: 'Login', kind: 'text', required: true, on: 'create' },
    { name: 'name', label: 'Name', kind: 'text', required: true },
    { name: 'email', label: 'E-mail', kind: 'text' },
    {
      name: 'role',
      label: 'Role',
      kind: 'choice',
      required: true,
      options: [
        ['agent', 'Agent'],
        ['supervisor', 'Supervisor'],
        ['admin', 'Admin'],
      ],
    },
    {
      name: 'password',
      label: 'New password',
      kind: 'password',
      hint: '12 characters or more; asked to be changed at the first sign-in.',
    },
    { name: 'active', label: 'Active', kind: 'bool', on: 'edit' },
  ],
  below: UserSessions,
  list: async () => (await whole((part) => answer(api.GET('/api/v1/users', part)))) as unknown as Resource[],
  create: async (body) => (await answer(api.POST('/api/v1/users', { body }))) as unknown as Resource,
  update: async (id, headers, body) =>
    (await answer(
      api.PATCH('/api/v1/users/{id}', { params: { path: { id } }, headers, body }),
    )) as unknown as Resource,
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
  list: async () => (await whole((part) => answer(api.GET('/api/v1/tokens', part)))) as unknown as Resource[],
  create: async (body) => (await answer(api.POST('/api/v1/tokens', { body }))) as unknown as Resource,
  remove: (id) => answer(api.DELETE('/api/v1/tokens/{id}', at(id))),
  removeWord: 'Revoke',
  removable: (token) => !token['revoked_at'],
}

/** Only such a token can be bound to gateways. */
function onlyHandsIn(value: unknown): boolean {
  const all = (value ?? []) as Scope[]
  return all.length > 0 && all.every((scope) => scope === 'intake')
}
