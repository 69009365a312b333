import type { AbsenceReason, PresenceState } from '@/api/types'

export const channels = ['phone', 'chat', 'email', 'fax'] as const

export interface PresenceChoice {
  key: string // after `p`; those beyond the ninth have none
  state: PresenceState
  reason: string
  label: string
}

/** Ready, the reasons of the center in their order, Offline. */
export function presenceChoices(reasons: readonly AbsenceReason[]): PresenceChoice[] {
  const away = reasons
    .filter(({ enabled }) => enabled)
    .map(({ name }, i) => ({
      key: i < 8 ? String(i + 2) : '',
      state: 'not_ready' as const,
      reason: name,
      label: name,
    }))
  // Whose center has no reasons can be away all the same.
  const plain = { key: '2', state: 'not_ready' as const, reason: '', label: 'Not ready' }
  return [
    { key: '1', state: 'ready', reason: '', label: 'Ready' },
    ...(away.length ? away : [plain]),
    { key: '0', state: 'offline', reason: '', label: 'Offline' },
  ]
}
