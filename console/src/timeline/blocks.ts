import type { Contact, Entry, TicketEvent } from '@/api/types'
import { dayLine } from '@/format/time'
import { entryKey } from '@/stores/timelines'

/** What the timeline draws: entries joined into runs and folds, with day lines and the line where the news begins. */
export type Block =
  | { kind: 'day'; key: string; label: string }
  | { kind: 'new'; key: string; since: string }
  | { kind: 'contact'; key: string; contact: Contact; folded: boolean }
  | { kind: 'run'; key: string; contacts: Contact[] }
  | { kind: 'note'; key: string; note: NonNullable<Entry['note']> }
  | { kind: 'events'; key: string; events: { at: string; event: TicketEvent }[] }

const runGap_ms = 5 * 60_000
const openMails = 3

const bubbles = new Set(['chat', 'whatsapp', 'telegram', 'sms', 'social'])

export function isBubble(channel: string): boolean {
  return bubbles.has(channel)
}

function speaker(contact: Contact): string {
  return contact.direction === 'in' ? `in ${contact.from?.value ?? ''}` : `out ${contact.author?.id ?? ''}`
}

/** `since` is the last moment that the agent has seen; null draws no line. */
export function toBlocks(entries: Entry[], since: string | null, now: number): Block[] {
  const blocks: Block[] = []
  const mails = entries.filter((entry) => entry.contact?.channel === 'email')
  const unfolded = new Set(mails.slice(-openMails).map(entryKey))
  let day = ''
  let lined = since === null

  for (const entry of entries) {
    const label = dayLine(entry.at, now)
    if (label !== day) {
      day = label
      blocks.push({ kind: 'day', key: `day-${label}-${entryKey(entry)}`, label })
    }
    const isNews = since !== null && Date.parse(entry.at) > Date.parse(since)
    if (!lined && isNews && entry.contact?.direction === 'in') {
      lined = true
      blocks.push({ kind: 'new', key: 'new', since: since ?? '' })
    }
    add(blocks, entry, !isNews && !unfolded.has(entryKey(entry)))
  }
  return blocks
}

function add(blocks: Block[], entry: Entry, old: boolean): void {
  const key = entryKey(entry)
  const last = blocks.at(-1)
  if (entry.note) blocks.push({ kind: 'note', key, note: entry.note })
  else if (entry.event) {
    const item = { at: entry.at, event: entry.event }
    if (last?.kind === 'events') last.events.push(item)
    else blocks.push({ kind: 'events', key, events: [item] })
  } else if (entry.contact && isBubble(entry.contact.channel)) {
    const { contact } = entry
    const before = last?.kind === 'run' ? last.contacts.at(-1) : undefined
    const joins =
      before &&
      speaker(before) === speaker(contact) &&
      Date.parse(contact.occurred_at) - Date.parse(before.occurred_at) < runGap_ms
    if (joins && last?.kind === 'run') last.contacts.push(contact)
    else blocks.push({ kind: 'run', key, contacts: [contact] })
  } else if (entry.contact)
    blocks.push({
      kind: 'contact',
      key,
      contact: entry.contact,
      folded: old && entry.contact.channel === 'email',
    })
}

/** Events that only repeat what the entries themselves show. */
const silent = new Set([
  'contact.received',
  'contact.changed',
  'contact.sent',
  'contact.delivery',
  'note.added',
  'offer.created',
])

export function isShown(entry: Entry): boolean {
  // That it was accepted by hand says the same, and to whom.
  if (entry.event?.type === 'ticket.changed' && entry.event.data.change === 'assigned') return false
  return !(entry.event && silent.has(entry.event.type))
}

/** Before anything was seen: what came in since we last wrote. Null when that is everything or nothing. */
export function firstMark(entries: Entry[]): string | null {
  const ours = entries.filter((entry) => entry.contact?.direction === 'out').at(-1)
  if (!ours) return null
  const hasNews = entries.some(
    (entry) => entry.contact?.direction === 'in' && Date.parse(entry.at) > Date.parse(ours.at),
  )
  return hasNews ? ours.at : null
}

/** The first that came in. */
export function firstIn(entries: Entry[]): string | null {
  const first = entries.find((entry) => entry.contact?.direction === 'in')
  return first ? entryKey(first) : null
}

/** The first contact of a ticket that nobody has answered yet. Chats are followed at their end. */
export function firstUnread(entries: Entry[]): string | null {
  if (entries.some((entry) => entry.contact?.direction === 'out')) return null
  const first = entries.find((entry) => entry.contact?.direction === 'in')
  return first?.contact && !isBubble(first.contact.channel) ? entryKey(first) : null
}
