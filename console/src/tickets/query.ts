import { defineStore } from 'pinia'
import { ref } from 'vue'
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

/** What the ticket list is asked for, and where its reader was. Not in the address: words may name a customer. */
export const useListQuery = defineStore('list-query', () => ({
  words: ref(''),
  state: ref<StateFilter>('open'),
  /** Past the promised time: nobody's yet, or in somebody's hands. */
  late: ref<'waiting' | 'in_hand' | ''>(''),
  queue: ref(''),
  channel: ref<Channel | ''>(''),
  owner: ref(''),
  sort: ref<Sort>('-last_contact_at'),
  place: ref<Place | null>(null),
}))
