import { onUnmounted, ref, watch, type Ref } from 'vue'
import type { Entry } from '@/api/types'
import { firstMark, firstUnread } from './blocks'

/** The newest entry seen, by ticket. In memory only; the server's read markers will take its place. */
const seen = new Map<number, string>()

/**
 * Fixed when the ticket is opened, so that nothing moves while it is read. `since`: where the line of what is new
 * stands. `unreadFrom`: the entry that is read first where all is new, and a line would part nothing.
 */
export function useReadMark(
  ticketId: number,
  entries: Readonly<Ref<Entry[]>>,
): { since: Ref<string | null>; unreadFrom: Ref<string | null> } {
  const since = ref<string | null>(null)
  const unreadFrom = ref<string | null>(null)
  let chosen = false
  watch(
    entries,
    (now) => {
      if (chosen || now.length === 0) return
      chosen = true
      const mark = seen.get(ticketId)
      const hasNews =
        mark && now.some((e) => e.contact?.direction === 'in' && Date.parse(e.at) > Date.parse(mark))
      since.value = mark ? (hasNews ? mark : null) : firstMark(now)
      if (!mark && !since.value) unreadFrom.value = firstUnread(now)
    },
    { immediate: true },
  )
  onUnmounted(() => {
    const last = entries.value.at(-1)
    if (last) seen.set(ticketId, last.at)
  })
  return { since, unreadFrom }
}
