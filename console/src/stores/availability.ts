import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Availability, OwnedTicket } from '@/api/types'
import { onLive, onResync } from '@/live/events'
import type { LiveEvent } from '@/live/eventTypes'
import { useSession } from './session'

/**
 * Whether an offer can come to me, and what I have to wrap up, as the server judges it: asked anew whenever something
 * of mine has changed.
 */
export const useAvailability = defineStore('availability', () => {
  const mine = ref<Availability | null>(null)
  /** Solved, but their wrap-up still fills my hands; the first ends first. */
  const wrapups = ref<OwnedTicket[]>([])
  let asking = false
  let again = false

  async function ask(): Promise<void> {
    again = true
    if (asking) return
    asking = true
    while (again) {
      again = false
      try {
        const work = await answer(api.GET('/api/v1/me/work'))
        mine.value = work.availability
        wrapups.value = work.wrapup
      } catch {
        mine.value = null // what is not known is not said
      }
    }
    asking = false
  }

  function isMine(event: LiveEvent): boolean {
    const me = useSession().user?.id
    switch (event.type) {
      case 'offer.created':
        return event.data.offer.agent_id === me
      case 'offer.accepted':
      case 'offer.declined':
      case 'offer.timed_out':
      case 'offer.rescinded':
        return event.data.agent_id === me
      case 'presence.changed':
        return event.data.presence.agent_id === me
      case 'ticket.changed': {
        const { ticket, by, released } = event.data
        return [ticket.owner?.id, by, released].includes(me)
      }
      default:
        return false
    }
  }

  /** Once a second: what has had its time is asked for again. */
  function tick(at: number): void {
    const ends = [mine.value?.until, ...wrapups.value.map((ticket) => ticket.wrapup_until)]
    if (ends.some((end) => end && Date.parse(end) < at)) void ask()
  }

  onLive((event) => void (isMine(event) && ask()))
  onResync(() => void ask())

  return { mine, wrapups, ask, tick }
})
