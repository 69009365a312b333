import { nextTick, watch, type Ref } from 'vue'
import type { DraftKind } from '@/stores/drafts'
import { wanted } from './focus'

/** Takes the keyboard when this composer is the wanted one. */
export function useWanted(
  ticketId: () => number,
  kind: DraftKind,
  field: Readonly<Ref<HTMLElement | null>>,
): void {
  watch(
    [wanted, field],
    async ([want, element]) => {
      if (!element || want?.ticketId !== ticketId() || want.kind !== kind) return
      wanted.value = null
      await nextTick()
      element.focus()
    },
    { immediate: true, flush: 'post' },
  )
}
