import { useRouter } from 'vue-router'
import { focusComposer } from '@/composer/focus'
import { isVoice } from '@/format/words'
import type { TicketSummary } from '@/api/types'
import { useTicketAction } from './perform'

/** Takes a waiting ticket from a list or its page, and goes to it ready to write. */
export function useTake(): (ticket: TicketSummary) => Promise<void> {
  const router = useRouter()
  let id = 0
  const { claim } = useTicketAction(() => id)
  return async (ticket) => {
    id = ticket.id
    if (!(await claim())) return
    await router.push(`/work/${ticket.id}`)
    focusComposer(ticket.id, isVoice(ticket.channel) ? 'note' : 'reply')
  }
}
