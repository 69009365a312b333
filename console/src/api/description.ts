import { call } from './client'
import type { Permission } from './types'

/** The server's own description of itself (OpenAPI), as far as forms are made of it. */
export interface Schema {
  $ref?: string
  type?: string | string[]
  title?: string
  description?: string
  format?: string
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  anyOf?: Schema[]
  enum?: string[]
  default?: unknown
  minimum?: number
  maximum?: number
  minLength?: number
  maxLength?: number
  maxItems?: number
  readOnly?: boolean
  writeOnly?: boolean
  'x-refers-to'?: string
  'x-one-line'?: boolean
  'x-assigned'?: boolean
}
interface Content {
  content?: Record<string, { schema?: Schema }>
}
interface Operation {
  requestBody?: Content
  responses?: Record<string, Content>
  'x-permission'?: Permission
}
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete'
export interface Description {
  paths: Record<string, Partial<Record<Method, Operation>>>
  components: { schemas: Record<string, Schema> }
}

let asked: Promise<Description> | null = null

/** Read once: it is the server's that this page talks to, so that it cannot be of another version. */
export function description(): Promise<Description> {
  asked ??= call('GET', '/api/v1/openapi.json').then((read) => {
    if (!isDescription(read)) throw new SyntaxError('no description')
    return read
  })
  asked.catch(() => (asked = null))
  return asked
}

function isDescription(value: unknown): value is Description {
  return typeof value === 'object' && value !== null && 'paths' in value && 'components' in value
}

/** The schema itself: what it refers to, with what is said beside it. `nullable`: it may also be null. */
export function resolved(
  { components }: Description,
  schema: Schema | undefined,
): Schema & { nullable?: boolean } {
  if (!schema) return {}
  if (schema.$ref) {
    const { $ref, ...beside } = schema
    return { ...components.schemas[$ref.split('/').at(-1) ?? ''], ...beside }
  }
  const one = schema.anyOf?.find(({ type }) => type !== 'null')
  if (!one || schema.anyOf?.length !== 2) return schema
  const { anyOf: _, ...beside } = schema
  return { ...resolved({ paths: {}, components }, one), ...beside, nullable: true }
}

const json = (content: Content | undefined) => content?.content?.['application/json']?.schema
export const sentTo = (operation: Operation | undefined) => json(operation?.requestBody)
export const answeredBy = (operation: Operation | undefined) => json(operation?.responses?.['200'])
