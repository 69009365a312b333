import type { ObjectField, UnmaskReason } from '@/api/types'

/** Why somebody looks at what is sensitive: each reason that the server declares. */
export const reasonWords: Record<UnmaskReason, string> = {
  identity_check: 'To check who they are',
  customer_asked: 'The customer asked',
  needed_for_request: 'It is needed for the request',
  complaint: 'A complaint',
  audit: 'An audit',
}

/** How a value of an object's field reads. What does not fit its field any more is shown as it was sent. */
export function fieldWords(field: ObjectField, value: unknown): string {
  if (value === null || value === undefined || value === '') return ''
  switch (field.type) {
    case 'money':
      return moneyWords(value) ?? plainWords(value)
    case 'yes_no':
      return value === true ? 'yes' : value === false ? 'no' : plainWords(value)
    case 'choices':
      return Array.isArray(value) ? value.join(', ') : plainWords(value)
    case 'lines':
      return Array.isArray(value) ? value.map(lineWords).join('; ') : plainWords(value)
    default:
      return plainWords(value)
  }
}

const plainWords = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * How many digits stand behind the point, by ISO 4217; all others have 2. A browser's own figure is what people there
 * usually write, which for the forint, the rupiah and some twenty more is none.
 */
const minorDigits = new Map<string, number>([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'
    .split(' ')
    .map((code) => [code, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((code) => [code, 3] as const),
  ...'CLF UYW'.split(' ').map((code) => [code, 4] as const),
])

export const minorDigitsOf = (currency: string): number => minorDigits.get(currency) ?? 2

/** Of minor units. */
export function moneyWords(value: unknown): string | null {
  if (!isRecord(value) || typeof value.amount !== 'number' || typeof value.currency !== 'string') return null
  try {
    const digits = minorDigitsOf(value.currency)
    const shown = new Intl.NumberFormat(undefined, {
      style: 'currency',
      currency: value.currency,
      minimumFractionDigits: digits,
      maximumFractionDigits: digits,
    })
    return shown.format(value.amount / 10 ** digits)
  } catch {
    return null
  }
}

function lineWords(line: unknown): string {
  if (!isRecord(line)) return plainWords(line)
  const many = typeof line.quantity === 'number' && line.quantity !== 1 ? `${line.quantity} × ` : ''
  const price = moneyWords(line.amount)
  return `${many}${String(line.text ?? '')}${price ? ` ${price}` : ''}`
}
