/** One description of what an admin may set: lists and forms are drawn from it. */

/** The names of a collection ("queues"), or these. */
export type Options = string | readonly (readonly [value: string, label: string])[]

/** A list that is typed as words with commas between them. */
export interface Codec {
  show: (value: unknown) => string[]
  read: (words: string[]) => unknown
}

export interface Limits {
  whole?: boolean | undefined
  min?: number | undefined
  max?: number | undefined
  minLength?: number | undefined
  maxLength?: number | undefined
  maxItems?: number | undefined
}

/** A field of a form, or of a line in it. */
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
    | 'time'
    | 'rows'
    | 'steps'
    | 'ticks'
    | 'expiry'
    | 'grants'
  options?: Options | undefined
  /** What it is for, said quietly. */
  hint?: string | undefined
  /** What one looks like, in the empty field, and said when it does not. */
  example?: string | undefined
  required?: boolean | undefined
  /** It may be null: nothing is chosen. */
  optional?: boolean | undefined
  limits?: Limits | undefined
  /** Whether what is there now could be saved. */
  valid?: ((value: unknown) => boolean) | undefined
  /** What a new one begins with. */
  initial?: unknown
  /** What stands there when it is emptied. Without one, nothing is kept inside an object: absent means "not set". */
  empty?: { value: unknown } | undefined
  /** The heading that it stands under, with those after it that have none. */
  under?: string | undefined
  /** It means something only when this holds of the values. */
  when?: ((values: Record<string, unknown>) => boolean) | undefined
  on?: 'create' | 'edit' | undefined
  codec?: Codec | undefined
  /** Of its lines. */
  columns?: Field[] | undefined
  /** Its lines stand in an order that means something. */
  ordered?: boolean | undefined
  /** No two lines have the same; a new line begins with one that is still free. */
  unique?: boolean | undefined
  /** In a line: as wide as a number or a time of day. */
  narrow?: boolean | undefined
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

/** A copy with the value at its place. Nothing is kept for an empty value inside an object, unless that says something. */
export function withPath(
  from: Record<string, unknown>,
  name: string,
  value: unknown,
  keepEmpty = false,
): Record<string, unknown> {
  const [first = '', ...rest] = name.split('.')
  if (rest.length === 0) return { ...from, [first]: value }
  const inner = { ...((from[first] as Record<string, unknown> | undefined) ?? {}) }
  const key = rest.join('.')
  const goes = rest.length === 1 && isEmpty(value) && !keepEmpty
  const next = goes ? omit(inner, key) : withPath(inner, key, value, keepEmpty)
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

/** The values with what was put into this field. */
export function put(values: Record<string, unknown>, field: Field, value: unknown): Record<string, unknown> {
  if (field.kind === 'secret') return withPath(values, field.name, value, value === null)
  if (field.empty && isEmpty(value)) return withPath(values, field.name, field.empty.value, true)
  return withPath(values, field.name, value, !!field.empty)
}

/** The names of every collection that is chosen from. */
export function collectionsOf(fields: readonly Field[]): string[] {
  const own = fields.flatMap(({ options }) => (typeof options === 'string' ? [options] : []))
  return [...new Set([...own, ...fields.flatMap(({ columns }) => collectionsOf(columns ?? []))])]
}

/** What a new one begins with. */
export function initialValues(fields: readonly Field[]): Record<string, unknown> {
  return fields
    .filter(({ initial }) => initial !== undefined)
    .reduce<Record<string, unknown>>((values, field) => put(values, field, field.initial), {})
}
