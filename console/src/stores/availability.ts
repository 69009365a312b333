import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Availability } from '@/api/types'
import { onLive, onResync, type LiveEvent } from '@/live/events'
import { useSession } from './session'

/** Whether an offer can come to me, as the server judges it: asked anew whenever something of mine has changed. */
export const useAvailability = defineStore('availability', () => {
  const mine = ref<Availability | null>(null)
  let asking = false
  let again = false

  async function ask(): Promise<void> {
    again = true
    if (asking) return
    asking = true
    while (again) {
      again = false
      try {
        mine.value = (await answer(api.GET('/api/v1/me/work'))).availability
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
    if (mine.value?.until && Date.parse(mine.value.until) < at) void ask()
  }

  onLive((event) => void (isMine(event) && ask()))
  onResync(() => void ask())

  return { mine, ask, tick }
})
