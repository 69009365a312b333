import { ref } from 'vue'
import type { DraftKind } from '@/stores/drafts'

/** Which composer of which ticket wants the keyboard; the composer takes it as soon as it is there. */
export const wanted = ref<{ ticketId: number; kind: DraftKind } | null>(null)

export function focusComposer(ticketId: number, kind: DraftKind): void {
  wanted.value = { ticketId, kind }
}
