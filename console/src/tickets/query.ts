import { defineStore } from 'pinia'
import { ref, watch, type Ref } from 'vue'
import type { Channel, TicketState } from '@/api/types'

export type Sort = 'last_contact_at' | '-last_contact_at' | 'enqueue_at' | '-enqueue_at' | 'id' | '-id'

/** Where the reader left the list: found again when he comes back to the same one. */
export interface Place {
  asked: string
  ticket: number
  index: number
  rows: number
  top: number
}

export type StateFilter = TicketState | 'open' | 'in_hand' | 'solved_today' | ''

const keptAs = 'switchboard-list'

/** What the ticket list is asked for, and where its reader was. Not in the address: words may name a customer. */
export const useListQuery = defineStore('list-query', () => {
  const words = ref('')
  const filters = {
    state: ref<StateFilter>('open'),
    /** Past the promised time: nobody's yet, or in somebody's hands. */
    late: ref<'waiting' | 'in_hand' | ''>(''),
    queue: ref(''),
    channel: ref<Channel | ''>(''),
    owner: ref(''),
    sort: ref<Sort>('-last_contact_at'),
  }
  // A reload of this tab keeps them, as long as the tab is there; words are not written down.
  const kept = read()
  for (const [name, filter] of Object.entries(filters) as [string, Ref<string>][])
    if (typeof kept[name] === 'string') filter.value = kept[name]
  watch(Object.values(filters) as Ref<string>[], () => {
    const now = Object.fromEntries(Object.entries(filters).map(([name, filter]) => [name, filter.value]))
    sessionStorage.setItem(keptAs, JSON.stringify(now))
  })
  return { words, ...filters, place: ref<Place | null>(null) }
})

function read(): Record<string, unknown> {
  try {
    return (JSON.parse(sessionStorage.getItem(keptAs) ?? '{}') ?? {}) as Record<string, unknown>
  } catch {
    return {}
  }
}
