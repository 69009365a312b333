import { call } from '@/api/client'
import { whole } from '@/api/pages'
import type { Resource } from './fields'

/** A collection of the API, by its path: what every noun can do. */
export interface Collection {
  list: () => Promise<Resource[]>
  create: (body: Record<string, unknown>) => Promise<Resource>
  update: (id: number, version: number, body: Record<string, unknown>) => Promise<Resource>
  remove: (id: number) => Promise<unknown>
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isResource = (value: unknown): value is Resource => isRecord(value) && typeof value['id'] === 'number'

function resource(value: unknown): Resource {
  if (!isResource(value)) throw new SyntaxError('The answer is no resource')
  return value
}

export function collection(path: string, change: 'PATCH' | 'PUT' = 'PATCH'): Collection {
  return {
    list: () =>
      whole(async ({ params: { query } }) => {
        const after = query.after ? `&after=${encodeURIComponent(query.after)}` : ''
        const page = await call('GET', `${path}?limit=${query.limit}${after}`)
        if (!isRecord(page) || !Array.isArray(page['items'])) throw new SyntaxError('The answer is no list')
        const next = page['next']
        return { items: page['items'].map(resource), next: typeof next === 'string' ? next : null }
      }),
    create: async (body) => resource(await call('POST', path, { body })),
    update: async (id, version, body) => resource(await call(change, `${path}/${id}`, { body, version })),
    remove: (id) => call('DELETE', `${path}/${id}`),
  }
}
