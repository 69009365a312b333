import type { Tone } from '@/format/words'

export interface Threshold {
  word: string
  tone: Tone
}

/** How the oldest waiting ticket stands against the queue's target. */
export function waitThreshold(oldest_s: number | null, target_s: number): Threshold {
  if (oldest_s === null) return { word: '', tone: 'muted' }
  if (oldest_s > target_s) return { word: 'over target', tone: 'danger' }
  if (oldest_s > target_s * 0.75) return { word: 'near target', tone: 'warn' }
  return { word: 'in target', tone: 'ok' }
}

export const toneClasses: Record<Tone, string> = {
  ok: 'text-ok',
  warn: 'text-warn',
  danger: 'text-danger',
  accent: 'text-accent',
  muted: 'text-muted',
}
