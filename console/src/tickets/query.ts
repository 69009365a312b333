import { defineStore } from 'pinia'
import { ref } from 'vue'
import type { Channel, TicketState } from '@/api/types'

export type Sort = 'last_contact_at' | '-last_contact_at' | 'enqueue_at' | '-enqueue_at' | 'id' | '-id'

/** What the ticket list is asked for. Kept here and not in the address: words may name a customer. */
export const useListQuery = defineStore('list-query', () => ({
  words: ref(''),
  state: ref<TicketState | 'open' | ''>('open'),
  queue: ref(''),
  channel: ref<Channel | ''>(''),
  owner: ref(''),
  sort: ref<Sort>('-last_contact_at'),
}))
