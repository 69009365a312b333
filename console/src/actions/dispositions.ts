import { computed, type ComputedRef } from 'vue'
import type { Disposition } from '@/api/types'
import { useDirectory } from '@/stores/directory'

/** What a ticket can be solved as, and the key that chooses it; the tenth and later have none. */
export interface DispositionChoice {
  key: string
  id: string
  name: string
}

export function choicesOf(all: readonly Disposition[]): DispositionChoice[] {
  return all
    .filter(({ retired }) => !retired)
    .map(({ id, name }, i) => ({ key: i < 9 ? String(i + 1) : '', id, name }))
}

/** Those of a queue; empty until it is read. */
export function useDispositions(queueId: () => number): ComputedRef<DispositionChoice[]> {
  const directory = useDirectory()
  if (!directory.all.some(({ id }) => id === queueId())) void directory.loadQueues().catch(() => undefined)
  return computed(() => choicesOf(directory.all.find(({ id }) => id === queueId())?.dispositions ?? []))
}
