import { sentTo, resolved, type Description } from '@/api/description'
import { collection } from '../collection'
import { formOf } from '../describe'
import type { FieldWords, Names, Noun, Schemas } from '../noun'
import UserSessions from '../UserSessions.vue'

const path = '/api/v1/users'
const { list, create, update } = collection(path)

const words: Partial<Record<Names<Schemas['user_create']>, FieldWords>> = {
  email: { label: 'E-mail' },
  roles: { hint: 'Everything that any of them permits may be done.', options: 'roles' },
  password: {
    label: 'New password',
    kind: 'password',
    required: false,
    hint: '12 characters or more; asked to be changed at the first sign-in.',
  },
  // Of an agent: they stand there.
  grade: { hidden: true },
  units: { hidden: true },
}

/** Not like other nouns: nobody is deleted. */
export const userNoun = (from: Description): Noun => ({
  name: 'users',
  title: 'Users',
  one: 'user',
  about: 'People who work here. Nobody is deleted: who leaves is made inactive.',
  columns: [
    { name: 'login', label: 'Login' },
    { name: 'name', label: 'Name' },
    { name: 'roles', label: 'Roles', options: 'roles' },
    { name: 'active', label: 'Active', show: (value) => (value ? 'yes' : 'no') },
  ],
  fields: formOf(
    from,
    resolved(from, sentTo(from.paths[path]?.post)),
    resolved(from, sentTo(from.paths[`${path}/{id}`]?.patch)),
    words,
  ),
  below: UserSessions,
  list,
  create,
  update,
})
