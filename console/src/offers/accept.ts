import { ref, watch } from 'vue'
import { useRouter } from 'vue-router'
import { isVoice } from '@/format/words'
import { useTickets } from '@/stores/tickets'
import { useWork } from '@/stores/work'
import { focusComposer } from '@/composer/focus'

/** A card must have been seen before a key accepts it. */
const dead_ms = 300

export function useAcceptOffer(): { acceptCurrent: () => Promise<void> } {
  const work = useWork()
  const tickets = useTickets()
  const router = useRouter()
  const since = ref(0)
  watch(
    () => work.current?.id,
    () => (since.value = performance.now()),
    { immediate: true },
  )

  async function acceptCurrent(): Promise<void> {
    const offer = work.current
    if (!offer || performance.now() - since.value < dead_ms) return
    const ticket = await work.accept(offer.id)
    if (!ticket) return
    tickets.put(ticket)
    await router.push(`/work/${ticket.id}`)
    focusComposer(ticket.id, isVoice(offer.channel) ? 'note' : 'reply')
  }
  return { acceptCurrent }
}
