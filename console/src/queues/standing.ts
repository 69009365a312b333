import { computed, onMounted, type ComputedRef, type Ref, type ShallowRef } from 'vue'
import { answer, api } from '@/api/client'
import type { Problem } from '@/api/problem'
import type { QueueOverview } from '@/api/types'
import { now } from '@/live/clock'
import { useDirectory } from '@/stores/directory'
import { useLiveFigures } from './overview'
import { waitThreshold, type Threshold } from './thresholds'

/** A queue as it stands now: what the server counted, and what follows from it. */
export interface QueueStanding extends QueueOverview {
  /** The oldest wait, up to this moment; null where nothing waits. */
  wait: number | null
  threshold: Threshold
  late: number
  /** Something waits, and nobody is here who could take it. */
  nobody: boolean
}

/** `aged`: the seconds since it was counted. */
export function standingOf(row: QueueOverview, aged: number, target_s: number): QueueStanding {
  const wait = row.oldest_wait_s === null ? null : row.oldest_wait_s + aged
  return {
    ...row,
    wait,
    threshold: waitThreshold(wait, target_s),
    late: row.late_waiting + row.late_in_hand,
    nobody: row.waiting > 0 && row.agents_ready + row.agents_busy === 0,
  }
}

/** Figures that are older than this are said to be old. */
const stale_ms = 12_000

/** All queues, as the table of the supervisor and the wallboard show them. */
export function useQueueStandings(): {
  /** Null until they were read. In one fixed order, so that each is found where it was. */
  queues: ComputedRef<QueueStanding[] | null>
  readAt: Ref<number>
  stale: ComputedRef<boolean>
  problem: ShallowRef<Problem | null>
  reload: () => Promise<void>
} {
  const directory = useDirectory()
  const { figures, readAt, problem, reload } = useLiveFigures(() =>
    answer(api.GET('/api/v1/queues/overview')),
  )
  onMounted(() => directory.loadQueues().catch(() => undefined))

  const age_ms = computed(() => (readAt.value ? now.value - readAt.value : 0))
  const stale = computed(() => age_ms.value > stale_ms)
  const targetOf = (id: number) => directory.queues.find((queue) => queue.id === id)?.sla_target_s ?? 3600
  const sorted = computed(() =>
    figures.value ? [...figures.value.items].sort((a, b) => a.queue.name.localeCompare(b.queue.name)) : null,
  )
  const queues = computed(
    () =>
      sorted.value?.map((row) => standingOf(row, Math.max(0, age_ms.value / 1000), targetOf(row.queue.id))) ??
      null,
  )
  return { queues, readAt, stale, problem, reload }
}
