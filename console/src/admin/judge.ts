import { isRecord } from './collection'
import { isEmpty, type Field } from './fields'

const needed = 'is needed'
const isMissing = (field: Field, value: unknown) =>
  !!field.required && field.kind !== 'bool' && isEmpty(value)

/** What the schema's limits say against a value; empty when nothing does. Lines are judged one by one: see `lacks`. */
export function judge(field: Field, value: unknown): string {
  if (isMissing(field, value)) return needed
  const { whole, min, max, minLength = 0, maxLength, maxItems } = field.limits ?? {}
  if (typeof value === 'number') {
    if (whole && !Number.isInteger(value)) return 'must be a whole number'
    if (min !== undefined && value < min) return `must be at least ${min}`
    if (max !== undefined && value > max) return `must be at most ${max}`
  }
  if (typeof value === 'string' && value !== '') {
    if (value.length < minLength) return `must have at least ${minLength} characters`
    if (maxLength !== undefined && [...value].length > maxLength)
      return `must have at most ${maxLength} characters`
  }
  if (Array.isArray(value) && maxItems !== undefined && value.length > maxItems)
    return `must have at most ${maxItems} items`
  return ''
}

/** Whether this, or something in its lines, could not be saved: its label, or nothing. */
export function lacks(field: Field, value: unknown): string {
  if (judge(field, value)) return field.label
  if (field.kind !== 'rows' || !Array.isArray(value)) return ''
  for (const [i, row] of value.entries())
    for (const column of field.columns ?? []) {
      const inside = isRecord(row) ? lacks(column, row[column.name]) : ''
      if (inside) return `${field.label}, line ${i + 1}, ${inside}`
    }
  return ''
}
