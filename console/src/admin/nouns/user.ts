import { collection } from '../collection'
import type { Noun } from '../noun'
import UserSessions from '../UserSessions.vue'

const { list, create, update } = collection('/api/v1/users')

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
  list,
  create,
  update,
}
