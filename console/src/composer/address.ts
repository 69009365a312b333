import type { Party } from '@/api/types'

/** "Ana Ruiz <ana@x.org>" or "ana@x.org"; null when it cannot be an address. */
export function parseAddress(text: string): Party | null {
  const named = /^\s*"?([^"<]*?)"?\s*<\s*([^<>\s]+)\s*>\s*$/.exec(text)
  const value = (named?.[2] ?? text).trim().replace(/^mailto:/i, '')
  if (!/^[^\s@<>,;"()]+@[^\s@<>,;"()]+\.[^\s@<>,;"().]+$/.test(value) || value.length > 254) return null
  return { kind: 'email', value, name: named?.[1]?.trim() ?? '' }
}
