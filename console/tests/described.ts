import type { Description, Schema } from '@/api/description'

/** A server's description of itself with these nouns in it: each by its collection, with what can be set. */
export function describing(
  nouns: Record<string, { title: string; set: Schema; schemas?: Record<string, Schema> }>,
): Description {
  const from: Description = { paths: {}, components: { schemas: {} } }
  const json = (schema: Schema) => ({ content: { 'application/json': { schema } } })
  const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
  for (const [name, { title, set, schemas }] of Object.entries(nouns)) {
    const own: Schema = { type: 'integer', readOnly: true }
    Object.assign(from.components.schemas, schemas, {
      [title]: { type: 'object', title, properties: { id: own, ...set.properties, version: own } },
      [`${title}_create`]: { type: 'object', title, ...set },
      [`${title}_patch`]: { type: 'object', title, properties: set.properties },
    })
    const page = { type: 'object', properties: { items: { type: 'array', items: ref(title) } } }
    from.paths[`/api/v1/${name}`] = {
      get: { responses: { 200: json(page) } },
      post: { requestBody: json(ref(`${title}_create`)) },
    }
    from.paths[`/api/v1/${name}/{id}`] = {
      get: {},
      patch: { requestBody: json(ref(`${title}_patch`)) },
      delete: {},
    }
  }
  return from
}

const text: Schema = { type: 'string', minLength: 1, maxLength: 100 }
const list = (properties: Record<string, Schema>): Schema => ({
  type: 'array',
  items: { type: 'object', properties },
})

/** As much of the real ones as tests speak of. */
export const someNouns = describing({
  queues: {
    title: 'queue',
    set: { properties: { name: text, dispositions: list({ id: text, name: text }) } },
  },
  calendars: {
    title: 'calendar',
    set: { properties: { name: text, timezone: text, hours: list({ day: text, from: text, to: text }) } },
  },
  rules: {
    title: 'rule',
    set: {
      properties: {
        name: text,
        conditions: { type: 'object', properties: { always: { type: 'boolean' } } },
      },
    },
  },
})
