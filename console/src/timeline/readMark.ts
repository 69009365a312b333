import { onUnmounted, ref, watch, type Ref } from 'vue'
import type { Entry } from '@/api/types'
import { firstMark } from './blocks'

/** The newest entry seen, by ticket. In memory only; the server's read markers will take its place. */
const seen = new Map<number, string>()

/** `since` is fixed when the ticket is opened, so that the line does not move while it is read. */
export function useReadMark(
  ticketId: number,
  entries: Readonly<Ref<Entry[]>>,
): { since: Ref<string | null> } {
  const since = ref<string | null>(null)
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
    },
    { immediate: true },
  )
  onUnmounted(() => {
    const last = entries.value.at(-1)
    if (last) seen.set(ticketId, last.at)
  })
  return { since }
}
