import type { Permission } from '@/api/types'

/** Who has any of these has a page in the administration; by the last ones he looks and changes nothing. */
export const administers = [
  'config.queues',
  'config.skills',
  'config.people',
  'config.roles',
  'config.hours',
  'config.sla',
  'config.rules',
  'config.gateways',
  'config.tokens',
  'config.reasons',
  'config.objects',
  'config.actions',
  'organization.edit',
  'config.read',
  'audit.read',
] as const satisfies readonly Permission[]
