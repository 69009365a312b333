import { defineStore } from 'pinia'
import { ref } from 'vue'

/** What the ticket list is asked for. Kept here and not in the address: words may name a customer. */
export const useListQuery = defineStore('list-query', () => ({
  words: ref(''),
  state: ref('open'),
  queue: ref(''),
  channel: ref(''),
  owner: ref(''),
  sort: ref('-last_contact_at'),
}))
