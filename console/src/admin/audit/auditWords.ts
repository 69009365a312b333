import type { AuditEntry, AuditKind } from '@/api/types'
import { isRecord } from '../collection'
import { titled } from '../describe'

/** Every kind that the server declares: one that is missing here does not compile. */
export const kindWords: Record<AuditKind, string> = {
  made: 'Made',
  changed: 'Changed',
  removed: 'Removed',
  signed_in: 'Signed in',
  sign_in_failed: 'Failed to sign in',
  sign_in_refused: 'Was not let try to sign in',
  signed_out: 'Signed out',
  session_ended: 'Session ended',
  password_changed: 'Changed the own password',
  password_reset: 'Gave a new password',
  exported: 'Exported',
  unmasked: 'Looked at what is sensitive',
  bound_hit: 'Ran into a bound',
}

/** Who did it: a person, a token, whoever tried with this login, or nobody. */
export function doer({ actor, login, token_id, actor_id, address }: AuditEntry): string {
  if (actor) return token_id === null ? actor : `Token ${actor}`
  if (login) return `“${login}”`
  return actor_id === null && token_id === null && !address ? 'The system' : 'Somebody'
}

/** What it was done to, as it was called then. */
export function subject({ noun, noun_id, name, about, user_id }: AuditEntry): string {
  if (noun === 'audit') return 'The audit'
  if (noun && noun !== 'session') return `${titled(noun)} ${name ? `“${name}”` : `#${noun_id ?? ''}`}`
  return about || (user_id === null ? '' : `User #${user_id}`)
}

export interface ChangeLine {
  field: string
  before?: string
  after?: string
  secret?: boolean
}
/** The name behind a number in this field, where it is known. */
export type NameOf = (field: string, id: number) => string | undefined

function shown(value: unknown, field: string, nameOf: NameOf): string {
  if (value === null || value === undefined || value === '') return '–'
  if (typeof value === 'boolean') return value ? 'yes' : 'no'
  if (typeof value === 'number') return nameOf(field, value) ?? String(value)
  if (typeof value === 'string') return value
  if (Array.isArray(value))
    return value.length === 0 ? 'none' : value.map((one) => shown(one, field, nameOf)).join(', ')
  if (!isRecord(value)) return JSON.stringify(value)
  const members = Object.entries(value).filter(([, inner]) => inner !== null && inner !== '')
  return members.map(([name, inner]) => `${titled(name)} ${shown(inner, name, nameOf)}`).join(' · ')
}

/** Of two lists only what left and what came is worth reading; of a new order, all. */
function apart(before: unknown[], after: unknown[]): [unknown[], unknown[]] {
  const keys = (list: unknown[]) => new Set(list.map((one) => JSON.stringify(one)))
  const [had, has] = [keys(before), keys(after)]
  const left = before.filter((one) => !has.has(JSON.stringify(one)))
  const came = after.filter((one) => !had.has(JSON.stringify(one)))
  return left.length || came.length ? [left, came] : [before, after]
}

/** Each field that changed, with what it was and is. */
export function changeLines(
  changes: Record<string, unknown>,
  nameOf: NameOf = () => undefined,
): ChangeLine[] {
  return Object.entries(changes).map(([path, change]) => {
    const field = path.split('.').map(titled).join(' · ')
    if (!isRecord(change)) return { field, secret: true }
    let { before, after } = change
    if (Array.isArray(before) && Array.isArray(after)) [before, after] = apart(before, after)
    return {
      field,
      ...('before' in change ? { before: shown(before, path, nameOf) } : {}),
      ...('after' in change ? { after: shown(after, path, nameOf) } : {}),
    }
  })
}

/** What else is known, in words: why a session ended, which bound, what was exported, how often. */
export function detailWords({ details, times }: AuditEntry): string {
  const { why, bound, filter, fields, reason } = details as Record<string, unknown>
  const told: string[] = []
  if (typeof why === 'string') told.push(why)
  if (typeof bound === 'string') told.push(titled(bound))
  if (isRecord(filter)) {
    const limits = Object.entries(filter).map(([name, value]) => `${titled(name)}: ${String(value)}`)
    told.push(limits.join(', ') || 'all of it')
  }
  if (Array.isArray(fields)) told.push(fields.map(String).map(titled).join(', '))
  if (typeof reason === 'string') told.push(titled(reason))
  if (times > 1) told.push(`${times} times`)
  return told.join(' · ')
}
