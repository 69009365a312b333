import { defineStore } from 'pinia'
import { computed, ref, shallowRef } from 'vue'
import { answer, api } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { ListedFollowUp } from '@/api/types'
import { isComing } from '@/followup/followUp'
import { now } from '@/live/clock'
import { onLive, onResync } from '@/live/events'
import { useSession } from './session'

/** The promises to come back that are mine to keep, the next first: those that I made, and those of my tickets. */
export const useFollowUps = defineStore('followUps', () => {
  const items = ref<ListedFollowUp[] | null>(null)
  /** There are more than are read. */
  const more = ref(false)
  const problem = shallowRef<Problem | null>(null)
  const coming = computed(() => (items.value ?? []).filter((one) => isComing(one, now.value)))
  let reading = false
  let again = false

  /** Calls that come meanwhile share one more reading. */
  async function load(): Promise<void> {
    again = true
    if (reading) return
    reading = true
    try {
      while (again) {
        again = false
        const query = { owner_id: 'me', limit: 200 }
        const page = await answer(api.GET('/api/v1/follow-ups', { params: { query } }))
        items.value = page.items
        more.value = page.next !== null
        problem.value = null
      }
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      reading = false
    }
  }

  onLive((event) => {
    if (items.value === null) return
    const me = useSession().user?.id
    // Whose a ticket is decides whose its follow-ups are.
    const moves =
      event.type === 'ticket.changed' &&
      (event.data.ticket.owner?.id === me ||
        items.value.some(({ ticket_id }) => ticket_id === event.ticket_id))
    if (event.type.startsWith('follow_up.') || moves) void load()
  })
  onResync(() => {
    if (items.value !== null) void load()
  })

  return { items, more, coming, problem, load }
})
