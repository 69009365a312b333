import type { Permission } from '@/api/types'

/** Who has any of these has a page in the administration. */
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
  'organization.edit',
] as const satisfies readonly Permission[]
