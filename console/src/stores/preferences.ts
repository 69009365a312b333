import type { Remap } from '@/keys/registry'
import type { Theme } from '@/style/theme'

export interface Preferences {
  theme: Theme
  density: 'comfortable' | 'compact'
  sound: boolean
  volume: number
  notifications: boolean
  time_zone: string
  letters_off: boolean
  keys: Remap
}

const ordinary: Preferences = {
  theme: 'system',
  density: 'comfortable',
  sound: true,
  volume: 0.6,
  notifications: true,
  time_zone: '',
  letters_off: false,
  keys: {},
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isKeys = (value: unknown): value is string[] =>
  Array.isArray(value) && value.every((key) => typeof key === 'string')

function isLike<T>(value: unknown, usual: T): value is T {
  return typeof value === typeof usual
}

/** What the server keeps is whatever somebody once wrote there: what has no sense is as if nobody had chosen. */
export function sane(kept: unknown): Preferences {
  if (!isRecord(kept)) return ordinary
  const keys: Remap = {}
  if (isRecord(kept.keys))
    for (const [action, chosen] of Object.entries(kept.keys)) if (isKeys(chosen)) keys[action] = chosen
  const out: Preferences = { ...ordinary }
  const take = <K extends keyof Preferences>(name: K) => {
    const value = kept[name]
    if (isLike(value, ordinary[name])) out[name] = value
  }
  take('theme')
  take('density')
  take('sound')
  take('volume')
  take('notifications')
  take('time_zone')
  take('letters_off')
  return { ...out, keys }
}
