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

const number = (minimum: number, maximum: number): Schema => ({ type: 'integer', minimum, maximum })
const id = number(1, 2 ** 31)
const among = (...values: string[]): Schema => ({ type: 'string', enum: values })
const time: Schema = { type: 'string', format: 'date-time' }
const words: Schema = { type: 'array', items: text }
const lines = (properties: Record<string, Schema>, required: string[]): Schema => ({
  type: 'array',
  items: { type: 'object', properties, required },
})
const sent = (properties: Record<string, Schema>, required: string[] = []) => ({
  requestBody: { content: { 'application/json': { schema: { type: 'object', properties, required } } } },
})
const person = {
  name: text,
  email: { type: 'string', maxLength: 320 },
  roles: { type: 'array', items: { ...id, 'x-refers-to': 'role' }, minItems: 1 },
  password: { type: 'string', minLength: 12, maxLength: 200 },
  grade: number(0, 9),
}

/** Forms that the server has without describing a noun. */
const olderForms: Description['paths'] = {
  '/api/v1/users': { post: sent({ login: text, ...person }, ['login', 'name', 'roles']) },
  '/api/v1/users/{id}': { patch: sent({ ...person, active: { type: 'boolean' } }) },
  '/api/v1/agents/{id}': {
    put: sent({
      skills: lines({ skill_id: id, level: number(1, 10) }, ['skill_id', 'level']),
      licences: lines(
        { licence_id: id, jurisdictions: words, valid_from: time, valid_until: time, state: among('active') },
        ['licence_id', 'jurisdictions', 'valid_from', 'valid_until'],
      ),
      grade: number(0, 9),
      calendar_id: { anyOf: [id, { type: 'null' }] },
      hat: text,
    }),
  },
  '/api/v1/tokens': {
    post: sent(
      {
        name: text,
        scopes: { type: 'array', items: among('intake', 'read', 'admin') },
        gateway_ids: { type: 'array', items: id },
        expires_at: time,
      },
      ['name', 'scopes'],
    ),
  },
}

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
Object.assign(someNouns.paths, olderForms)
