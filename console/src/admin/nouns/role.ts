import type { Permission, Reach } from '@/api/types'
import type { NounWords, Schemas } from '../noun'

/** Every permission and every reach that the server declares: one that is missing here does not compile. */
export const permissionWords: Record<Permission, string> = {
  'ticket.read': 'Tickets: read',
  'ticket.note': 'Tickets: leave a note, write a draft',
  'ticket.reply': 'Tickets: reply',
  'ticket.edit': 'Tickets: change subject, priority, language',
  'ticket.transfer': 'Tickets: transfer',
  'ticket.escalate': 'Tickets: escalate',
  'ticket.hold': 'Tickets: hold and resume',
  'ticket.solve': 'Tickets: solve',
  'ticket.reopen': 'Tickets: reopen',
  'ticket.claim': 'Tickets: take what waits',
  'ticket.assign': 'Tickets: assign to an agent',
  'action.request': 'Actions: ask for them, approve, carry out',
  'callback.promise': 'Callbacks: promise, cancel, record',
  'followup.promise': 'Follow-ups: promise, move, keep, drop',
  'contact.raw': 'Contacts: the bytes as they came',
  'customer.read': 'Customers: read',
  'customer.edit': 'Customers: change',
  'customer.merge': 'Customers: merge, split, undo that',
  'customer.sensitive': 'Customers: see what is sensitive',
  'organization.edit': 'Organizations: add, change, remove',
  'object.write': 'What customers have: push it',
  'quarantine.read': 'Quarantine: read',
  'quarantine.replay': 'Quarantine: replay',
  'team.watch': 'Team: watch queues and agents',
  'routing.simulate': 'Routing: ask what if',
  'escalation.take': 'Escalations: is asked with the supervisors',
  'user.read': 'Users: see logins and addresses',
  'config.read': 'Set-up: read all of it',
  'config.queues': 'Set-up: queues and their members',
  'config.skills': 'Set-up: skills and licences',
  'config.people': 'Set-up: users and agents',
  'config.roles': 'Set-up: roles',
  'config.hours': 'Set-up: calendars',
  'config.sla': 'Set-up: targets',
  'config.rules': 'Set-up: rules',
  'config.gateways': 'Set-up: gateways',
  'config.tokens': 'Set-up: tokens',
  'config.reasons': 'Set-up: absence reasons',
  'config.objects': 'Set-up: kinds of what customers have',
  'config.actions': 'Set-up: actions and their limits',
  'system.read': 'System: what is wrong with it',
  'audit.read': 'Audit: who did what, and who came in',
}
export const reachWords: Record<Reach, string> = { own: 'Own', queues: 'Own queues', all: 'All' }

export const roleWords: NounWords<Schemas['role']> = {
  about: 'What people may do. Who has several roles may what any of them permits.',
  columns: [
    { name: 'name' },
    {
      name: 'grants',
      label: 'Permissions',
      show: (value) => String(Array.isArray(value) ? value.length : 0),
    },
  ],
  fields: {
    grants: {
      label: 'Permits',
      hint: 'How far: one’s own tickets, those of one’s queues too, or all. Who is given tickets needs both to read and to reply.',
      kind: 'grants',
      columns: { permission: { choices: permissionWords, unique: true }, reach: { choices: reachWords } },
    },
  },
}
