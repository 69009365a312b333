import { answeredBy, resolved, type Description, type Schema } from '@/api/description'
import { collectionOf } from '../describe'

/** What the audit tells of: its name there, its page, and which fields hold numbers of which collection. */
export interface AuditedNoun {
  name: string
  title: string
  page: string
  refers: ReadonlyMap<string, string>
}

/** What stands in the pages, as the audit calls one of it. */
export function auditedNouns(
  from: Description,
  pages: readonly { name: string; title: string }[],
): AuditedNoun[] {
  return pages.map(({ name: page, title }) => {
    const list = resolved(from, answeredBy(from.paths[`/api/v1/${page}`]?.get))
    const one = resolved(from, list.properties?.['items']?.items)
    const declared = one.title && !one.title.includes('_record') ? one.title : undefined
    const name = declared ?? page.replaceAll('-', '_').replace(/s$/, '')
    const refers = new Map<string, string>()
    gather(from, one, refers)
    return { name, title, page, refers }
  })
}

function gather(from: Description, object: Schema, to: Map<string, string>): void {
  for (const [field, raw] of Object.entries(object.properties ?? {})) {
    const schema = resolved(from, raw)
    const items = resolved(from, schema.items)
    const table = schema['x-refers-to'] ?? items['x-refers-to']
    const collection = table && collectionOf(from, table)
    if (collection) to.set(field, collection)
    else if (items.properties) gather(from, items, to)
  }
}
