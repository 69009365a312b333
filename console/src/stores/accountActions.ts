import { defineStore } from 'pinia'
import { ref, shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { AccountAction, ListedAction } from '@/api/types'
import { onEvent, onResync } from '@/live/events'

/** What was asked for on the ticket that is open, and what waits for approval. */
export const useAccountActions = defineStore('accountActions', () => {
  const ticketId = ref<number | null>(null)
  const items = ref<AccountAction[]>([])
  const problem = shallowRef<Problem | null>(null)
  const waiting = ref<ListedAction[] | null>(null)
  /** There are more than are read. */
  const more = ref(false)
  const listProblem = shallowRef<Problem | null>(null)

  async function load(id: number): Promise<void> {
    if (ticketId.value !== id) items.value = []
    ticketId.value = id
    try {
      const read = await answer(api.GET('/api/v1/tickets/{id}/actions', { params: { path: { id } } }))
      if (ticketId.value === id) items.value = read.items
      problem.value = null
    } catch (error) {
      if (ticketId.value === id) problem.value = asProblem(error)
    }
  }

  async function loadWaiting(): Promise<void> {
    try {
      const page = await answer(api.GET('/api/v1/actions', { params: { query: { limit: 200 } } }))
      waiting.value = page.items
      more.value = page.next !== null
      listProblem.value = null
    } catch (error) {
      listProblem.value = asProblem(error)
    }
  }

  /** As it is now, by an answer or by news, whichever is later. */
  function learn(action: AccountAction): void {
    if (action.state !== 'awaiting_approval')
      waiting.value = waiting.value?.filter(({ id }) => id !== action.id) ?? null
    if (action.ticket_id !== ticketId.value) return
    const at = items.value.findIndex(({ id }) => id === action.id)
    const known = items.value[at]
    if (!known) items.value = [action, ...items.value]
    else if (known.version < action.version) items.value = items.value.with(at, action)
  }

  onEvent('action.changed', ({ data }) => {
    learn(data.action)
    // Its ticket is not in the news.
    if (waiting.value && data.action.state === 'awaiting_approval') void loadWaiting()
  })
  onResync(() => {
    if (ticketId.value !== null) void load(ticketId.value)
    if (waiting.value) void loadWaiting()
  })

  return { ticketId, items, problem, waiting, more, listProblem, load, loadWaiting, learn }
})
