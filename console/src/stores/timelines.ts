import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { Contact, Entry, Note } from '@/api/types'
import { onLive, onResync } from '@/live/events'
import { isPassing, ticketIn, type DeliveryNews, type LiveEvent } from '@/live/eventTypes'
import { useWork } from './work'

const page = 50
const kept = 30

export interface Timeline {
  entries: Entry[]
  previous: string | null
  problem: Problem | null
  loadingOlder: boolean
}

export function entryKey(entry: Entry): string {
  const id = entry.contact?.id ?? entry.note?.id ?? entry.event?.id ?? 0
  return `${entry.kind}-${id}`
}

export function contactEntry(contact: Contact): Entry {
  return { kind: 'contact', at: contact.occurred_at, contact, note: null, event: null }
}

const stages = ['sent', 'delivered', 'read']

/** A message that was read is read: an answer that was begun before says less, and not something newer. */
function furthest(contact: Contact, known: Contact['delivery'] | undefined): Contact {
  const ahead = stages.indexOf(known ?? '') > stages.indexOf(contact.delivery ?? '')
  return ahead && stages.includes(contact.delivery ?? '')
    ? { ...contact, delivery: known ?? contact.delivery }
    : contact
}

/** Joins what is known with what was read: each entry once, the newer reading wins, oldest first. */
export function mergeEntries(known: Entry[], read: Entry[]): Entry[] {
  const all = new Map(known.map((entry) => [entryKey(entry), entry]))
  for (const entry of read) {
    const before = all.get(entryKey(entry))?.contact?.delivery
    all.set(entryKey(entry), entry.contact ? { ...entry, contact: furthest(entry.contact, before) } : entry)
  }
  return [...all.values()].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || order(a) - order(b))
}

function order(entry: Entry): number {
  return (
    { contact: 0, note: 1, event: 2 }[entry.kind] * 1e15 +
    (entry.contact?.id ?? entry.note?.id ?? entry.event?.id ?? 0)
  )
}

export const useTimelines = defineStore('timelines', () => {
  const timelines = ref<Map<number, Timeline>>(new Map())
  const reading = new Map<number, { again: boolean }>()
  /** How far messages have come whose entries are still on their way here. */
  const early = new Map<number, Contact['delivery']>()
  const withEarly = (read: Entry[]) =>
    read.map((entry) => {
      const known = entry.contact && early.get(entry.contact.id)
      if (!entry.contact || !known) return entry
      early.delete(entry.contact.id)
      return { ...entry, contact: furthest(entry.contact, known) }
    })

  /** Reads the newest page and merges it; calls that arrive meanwhile share one more reading. */
  async function refresh(id: number): Promise<void> {
    const running = reading.get(id)
    if (running) {
      running.again = true
      return
    }
    const mark = { again: false }
    reading.set(id, mark)
    try {
      do {
        mark.again = false
        const read = await answer(
          api.GET('/api/v1/tickets/{id}/timeline', { params: { path: { id }, query: { limit: page } } }),
        )
        const known = timelines.value.get(id)
        // A gap between what is known and what was read would hide entries: then start afresh.
        const touches =
          known &&
          (read.previous === null ||
            read.items.some((item) => known.entries.some((e) => entryKey(e) === entryKey(item))))
        set(id, {
          entries: touches ? mergeEntries(known.entries, withEarly(read.items)) : withEarly(read.items),
          previous: touches ? known.previous : read.previous,
          problem: null,
          loadingOlder: false,
        })
      } while (mark.again)
    } catch (error) {
      const known = timelines.value.get(id)
      set(id, {
        entries: known?.entries ?? [],
        previous: known?.previous ?? null,
        problem: asProblem(error),
        loadingOlder: false,
      })
    } finally {
      reading.delete(id)
    }
  }

  function set(id: number, timeline: Timeline): void {
    timelines.value.delete(id)
    timelines.value.set(id, timeline)
    for (const old of timelines.value.keys()) {
      if (timelines.value.size <= kept) break
      if (old !== useWork().openTicket) timelines.value.delete(old)
    }
  }

  async function older(id: number): Promise<void> {
    const known = timelines.value.get(id)
    if (!known?.previous || known.loadingOlder) return
    known.loadingOlder = true
    try {
      const read = await answer(
        api.GET('/api/v1/tickets/{id}/timeline', {
          params: { path: { id }, query: { limit: page, before: known.previous } },
        }),
      )
      const latest = timelines.value.get(id) ?? known
      set(id, {
        ...latest,
        entries: mergeEntries(read.items, latest.entries),
        previous: read.previous,
        loadingOlder: false,
      })
    } catch (error) {
      known.problem = asProblem(error)
      known.loadingOlder = false
    }
  }

  function add(id: number, read: Entry[]): void {
    const known = timelines.value.get(id)
    if (known) known.entries = mergeEntries(known.entries, withEarly(read))
  }

  function addNote(id: number, note: Note): void {
    add(id, [{ kind: 'note', at: note.created_at, note, contact: null, event: null }])
  }

  function apply(event: LiveEvent): void {
    const id = event.ticket_id
    if (id === undefined || isPassing(event) || !timelines.value.has(id)) return
    const ticket = ticketIn(event)
    if (ticket && !useWork().sees(ticket)) return
    if (event.type === 'note.added') addNote(id, event.data.note)
    else if (event.type === 'contact.delivery') setDelivery(id, event.data)
    else if (id === useWork().openTicket) void refresh(id)
    else timelines.value.delete(id)
  }

  function setDelivery(id: number, news: DeliveryNews): void {
    const contact = timelines.value.get(id)?.entries.find((e) => e.contact?.id === news.contact_id)?.contact
    if (!contact) {
      early.set(news.contact_id, news.delivery)
      for (const oldest of early.keys()) if (early.size > page) early.delete(oldest)
      return
    }
    contact.delivery = news.delivery
    contact.delivery_detail = news.detail
    contact.sends_at = null
  }

  onLive(apply)
  onResync(() => {
    const open = useWork().openTicket
    for (const id of [...timelines.value.keys()]) if (id !== open) timelines.value.delete(id)
    if (open !== null) void refresh(open)
  })

  return { timelines, refresh, older, add, addNote, apply }
})
