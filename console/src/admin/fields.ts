/** One description of what an admin may set: lists and forms are drawn from it. */

export type Options =
  | 'queues'
  | 'skills'
  | 'licences'
  | 'gateways'
  | 'calendars'
  | 'agents'
  | readonly (readonly [value: string, label: string])[]

export interface Column {
  name: string
  label: string
  kind: 'number' | 'text' | 'choice' | 'words' | 'time' | 'bool'
  options?: Options
  initial?: unknown
  /** What one looks like, said when it does not. */
  example?: string
  /** No two rows have the same; a new row begins with one that is still free. */
  unique?: boolean
  /** As wide as a number or a time of day. */
  narrow?: boolean
}

export interface Field {
  /** A dot leads into an object: "settings.timezone". */
  name: string
  label: string
  kind:
    | 'text'
    | 'lines'
    | 'password'
    | 'secret'
    | 'number'
    | 'bool'
    | 'choice'
    | 'words'
    | 'rows'
    | 'steps'
    | 'ticks'
    | 'expiry'
  /** The heading that this field and those after it stand under. */
  under?: string
  /** The field means something only when this holds of the values. */
  when?: (values: Record<string, unknown>) => boolean
  /** What it is for, said below the label. */
  hint?: string
  /** What one looks like, in the empty field. */
  example?: string
  /** Rows whose order means something. */
  ordered?: boolean
  options?: Options
  columns?: Column[]
  required?: boolean
  /** Whether what is there now could be saved. */
  valid?: (value: unknown) => boolean
  on?: 'create' | 'edit'
  optional?: boolean
}

export type Resource = Record<string, unknown> & { id: number; version?: number }

export function getPath(from: Record<string, unknown>, name: string): unknown {
  return name
    .split('.')
    .reduce<unknown>(
      (at, part) => (at && typeof at === 'object' ? (at as Record<string, unknown>)[part] : undefined),
      from,
    )
}

/** What the server shows of a secret. */
export interface ShownSecret {
  set: boolean
  changed_at: string | null
}

export function isShownSecret(value: unknown): value is ShownSecret {
  return typeof value === 'object' && value !== null && 'set' in value
}

/** A copy with the value at its place. Nothing is kept for an empty value inside an object: absent means "no condition";
 *  but for null, where it says that something is to go. */
export function withPath(
  from: Record<string, unknown>,
  name: string,
  value: unknown,
  keepNull = false,
): Record<string, unknown> {
  const [first = '', ...rest] = name.split('.')
  if (rest.length === 0) return { ...from, [first]: value }
  const inner = { ...((from[first] as Record<string, unknown> | undefined) ?? {}) }
  const key = rest.join('.')
  const next =
    isEmpty(value) && !(keepNull && value === null) ? omit(inner, key) : withPath(inner, key, value, keepNull)
  return { ...from, [first]: next }
}

function omit(from: Record<string, unknown>, key: string): Record<string, unknown> {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== key))
}

export function isEmpty(value: unknown): boolean {
  return (
    value === undefined ||
    value === null ||
    value === '' ||
    value === false ||
    (Array.isArray(value) && value.length === 0)
  )
}

/** The top-level parts that differ: what a PATCH sends. */
export function changed(
  before: Record<string, unknown>,
  after: Record<string, unknown>,
): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(after).filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(before[name])),
  )
}

/** "a, b" or one per line. */
export function toWords(text: string): string[] {
  return text
    .split(/[,\n]/)
    .map((word) => word.trim())
    .filter(Boolean)
}
