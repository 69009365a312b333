import type { Party } from '@/api/types'

/** "Ana Ruiz <ana@x.org>" or "ana@x.org"; null when it cannot be an address. */
export function parseAddress(text: string): Party | null {
  const named = /^\s*"?([^"<]*?)"?\s*<\s*([^<>\s]+)\s*>\s*$/.exec(text)
  const name = named?.[1]?.trim() ?? ''
  const value = (named?.[2] ?? text).trim().replace(/^mailto:/i, '')
  if (!/^[^\s@<>,;"()]+@[^\s@<>,;"()]+\.[^\s@<>,;"().]+$/.test(value) || value.length > 254) return null
  // A name with these is several addresses that nobody has parted.
  if (/[@;]/.test(name) || (name.includes(',') && !/^\s*"/.test(text))) return null
  return { kind: 'email', value, name }
}

/** What may be pasted: several, parted by commas, semicolons or line breaks; null when one of them is none. */
export function parseAddresses(text: string): Party[] | null {
  const outsideOfQuotes = /[,;\n](?=(?:[^"]*"[^"]*")*[^"]*$)/
  const parts = text.split(outsideOfQuotes).filter((part) => part.trim())
  const found = parts.map(parseAddress).filter((party) => party !== null)
  return parts.length > 0 && found.length === parts.length ? found : null
}
