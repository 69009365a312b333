import type { PresenceState } from '@/api/types'

export const channels = ['phone', 'chat', 'email', 'fax'] as const

interface Choice {
  key: string
  state: PresenceState
  reason: string
  label: string
}

/** `p`, then the digit. */
export const presenceChoices: readonly Choice[] = [
  { key: '1', state: 'ready', reason: '', label: 'Ready' },
  { key: '2', state: 'not_ready', reason: 'break', label: 'Break' },
  { key: '3', state: 'not_ready', reason: 'lunch', label: 'Lunch' },
  { key: '4', state: 'not_ready', reason: 'meeting', label: 'Meeting' },
  { key: '5', state: 'not_ready', reason: 'training', label: 'Training' },
  { key: '6', state: 'not_ready', reason: 'back_office', label: 'Back office' },
  { key: '0', state: 'offline', reason: '', label: 'Offline' },
]
