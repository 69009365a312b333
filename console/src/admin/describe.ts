import { answeredBy, resolved, sentTo, type Description, type Method, type Schema } from '@/api/description'
import { collection } from './collection'
import type { Field } from './fields'
import type { AnyWords, FieldWords, ListColumn, Noun } from './noun'

/** Pages and forms made from the server's own description of its nouns. */

type WordsOf = Readonly<Record<string, FieldWords | undefined>>

/** "ring_s" is "Ring (s)", "calendar_id" is "Calendar". */
export function titled(name: string): string {
  const unit = /_s$/.test(name) ? ' (s)' : /_percent$/.test(name) ? ' (%)' : ''
  const words = name.replace(/_(s|percent|id|ids)$/, '').replaceAll(/[_-]/g, ' ')
  return words.charAt(0).toUpperCase() + words.slice(1) + unit
}

/** The path of each collection, by the name of what is in it. */
export function collectionOf(from: Description, thing: string): string | undefined {
  const known = Object.entries(from.paths).flatMap(([path, methods]) => {
    const name = /^\/api\/v1\/([a-z_-]+)$/.exec(path)?.[1]
    const items = resolved(from, answeredBy(methods.get)).properties?.['items']?.items
    return name && items ? [{ name, title: resolved(from, items).title }] : []
  })
  return (
    known.find(({ title }) => title === thing) ??
    known.find(({ name }) => name === `${thing}s` || name === thing)
  )?.name
}

/** What a value of this schema is typed into. */
function inputOf(
  from: Description,
  schema: Schema,
  words: FieldWords,
): Pick<Field, 'kind' | 'options' | 'codec'> {
  const refers =
    schema.type === 'array'
      ? undefined
      : (words.options ?? (schema['x-refers-to'] && collectionOf(from, schema['x-refers-to'])))
  if (refers) return { kind: 'choice', options: refers }
  if (schema.enum) {
    const said = Object.keys(words.choices ?? {}).filter((value) => schema.enum?.includes(value))
    const all = [...said, ...schema.enum.filter((value) => !said.includes(value))]
    return { kind: 'choice', options: all.map((value) => [value, words.choices?.[value] ?? titled(value)]) }
  }
  if (schema.type === 'boolean') return { kind: 'bool' }
  if (schema.type === 'integer' || schema.type === 'number') return { kind: 'number' }
  if (schema.type !== 'array')
    return schema.format === 'date-time'
      ? { kind: 'time' }
      : { kind: (schema.maxLength ?? 0) > 1000 && !schema['x-one-line'] ? 'lines' : 'text' }
  const items = resolved(from, schema.items)
  if (items.type === 'object') return { kind: 'rows' }
  const item = inputOf(from, items, words)
  if (item.kind === 'choice') return { kind: 'ticks', options: item.options }
  return item.kind === 'number' ? { kind: 'words', codec: numbers } : { kind: 'words' }
}
const numbers = {
  show: (value: unknown) => (Array.isArray(value) ? value.map(String) : []),
  read: (words: string[]) => words.map(Number),
}

function limitsOf({ type, minimum, maximum, minLength, maxLength, maxItems }: Schema): Field['limits'] {
  return { whole: type === 'integer', min: minimum, max: maximum, minLength, maxLength, maxItems }
}

/** What stands there when somebody empties it. */
function emptyOf(schema: Schema & { nullable?: boolean }): unknown {
  if (schema.nullable) return null
  if (schema.type === 'array') return []
  if (schema.type === 'boolean') return false
  return schema.type === 'string' && !schema.enum && schema.format !== 'date-time' ? '' : undefined
}

/** The fields of an object, those of the objects in it under its name. */
export function fieldsOf(from: Description, object: Schema, words: WordsOf = {}, prefix = ''): Field[] {
  return Object.entries(object.properties ?? {}).flatMap(([part, raw]): Field[] => {
    const schema = resolved(from, raw)
    const name = prefix + part
    const own = words[name] ?? {}
    if (schema.readOnly || own.hidden) return []
    if (schema.properties && !own.kind)
      return fieldsOf(from, schema, words, `${name}.`).map((field) => ({
        under: titled(part),
        ...field,
        required: field.required && !schema.nullable,
      }))
    if (typeof schema.type !== 'string' || schema.type === 'object') return [] // nothing to type it into
    const input = inputOf(from, schema, own)
    const items = resolved(from, schema.items)
    const asked = object.required?.includes(part)
    const mustBe = schema.writeOnly
      ? asked
      : (asked && input.kind !== 'rows') ||
        (schema.minLength ?? 0) > 0 ||
        ['number', 'choice', 'time'].includes(input.kind)
    return [
      {
        ...input,
        kind: own.kind ?? (schema.writeOnly ? 'secret' : input.kind),
        name,
        label: own.label ?? titled(part),
        hint: own.hint ?? schema.description,
        example: own.example,
        limits: limitsOf(schema),
        required: own.required ?? (mustBe && !schema.nullable && !schema['x-assigned']),
        optional: schema.nullable,
        initial: own.initial ?? schema.default,
        empty: { value: emptyOf(schema) },
        ordered: own.ordered,
        unique: own.unique,
        narrow: own.narrow,
        when: own.when,
        valid: own.valid,
        ...(own.codec ? { codec: own.codec, kind: 'words' as const } : {}),
        ...(items.properties && !own.codec ? { columns: fieldsOf(from, items, own.columns) } : {}),
      },
    ]
  })
}

/** In the order and under the headings of the words; what they do not name comes last. */
export function grouped(fields: readonly Field[], { groups = [] }: Pick<AnyWords, 'groups'>): Field[] {
  const named = new Map(groups.flatMap(([heading, names]) => names.map((name) => [name, heading] as const)))
  const first = [...named].flatMap(([name, under]) =>
    fields.filter((field) => field.name === name).map((field) => ({ ...field, under })),
  )
  const rest = fields.filter(({ name }) => !named.has(name))
  return [
    ...first,
    ...rest.map((field) => ({ ...field, under: field.under ?? (groups.length ? 'More' : '') })),
  ]
}

const short = new Set(['text', 'number', 'choice', 'bool', 'time'])

/** Without words: the name, and the first few that are short. */
function listed(record: Schema, fields: readonly Field[], words: AnyWords): ListColumn[] {
  const all = Object.keys(record.properties ?? {})
  const few = [
    'name' in (record.properties ?? {}) ? 'name' : 'id',
    ...fields.filter(({ kind }) => short.has(kind)).map(({ name }) => name),
  ]
  const names = words.columns ?? [...new Set(few)].slice(0, 5).map((name) => ({ name }))
  return names
    .filter(({ name }) => all.includes(name))
    .map(({ name, label, options, show }: Partial<ListColumn> & { name: string }) => {
      const field = fields.find((known) => known.name === name)
      return {
        name,
        label: label ?? field?.label ?? titled(name),
        options: options ?? (show ? undefined : field?.options),
        show: show ?? (field?.kind === 'bool' ? (value) => (value ? 'yes' : 'no') : undefined),
      }
    })
}

/** Nouns that the server describes: with what they can be listed, made, changed and removed by. */
function described(from: Description): { name: string; record: Schema; create: Schema; patch: Schema }[] {
  return Object.entries(from.paths).flatMap(([path, { get, post }]) => {
    const name = /^\/api\/v1\/([a-z_-]+)$/.exec(path)?.[1]
    const each = from.paths[`${path}/{id}`]
    const record = resolved(from, resolved(from, answeredBy(get)).properties?.['items']?.items)
    const isNoun = record.properties?.['id']?.readOnly && record.properties['version']?.readOnly
    const methods: Method[] = ['get', 'patch', 'delete']
    if (!name || !isNoun || !methods.every((method) => each?.[method])) return []
    const create = resolved(from, sentTo(post))
    const patch = resolved(from, sentTo(each?.patch))
    return create.properties && patch.properties ? [{ name, record, create, patch }] : []
  })
}

/** What is typed when one is made, and when one is changed: fields that only one of the two takes stand only there. */
export function formOf(from: Description, create: Schema, patch: Schema, words?: WordsOf): Field[] {
  const both: Schema = {
    ...patch,
    ...create,
    properties: { ...create.properties, ...patch.properties, ...create.properties },
  }
  const top = (field: Field) => field.name.split('.')[0] ?? ''
  return fieldsOf(from, both, words).map((field) => ({
    ...field,
    on: !(top(field) in (create.properties ?? {}))
      ? ('edit' as const)
      : !(top(field) in (patch.properties ?? {}))
        ? ('create' as const)
        : undefined,
  }))
}

function nounOf(
  from: Description,
  { name, record, create, patch }: ReturnType<typeof described>[number],
  words: AnyWords,
): Noun {
  const fields = formOf(from, create, patch, words.fields)
  const { columns: _, groups: __, fields: ___, ...extras } = words
  return {
    ...extras,
    ...collection(`/api/v1/${name}`),
    name,
    title: words.title ?? titled(name),
    one: words.one ?? (record.title ?? name).replaceAll('_', ' '),
    about: words.about ?? record.description ?? '',
    columns: listed(record, fields, words),
    fields: grouped([...fields, ...(words.sets ?? []).map(({ field }) => field)], words),
  }
}

/** Everything that can be administered. `words`: by the name of the collection; a noun without any has a page, too. */
export function nounsFrom(from: Description, words: Readonly<Record<string, AnyWords | undefined>>): Noun[] {
  return described(from).map((known) => nounOf(from, known, words[known.name] ?? {}))
}
