import { onMounted, onScopeDispose, ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { asProblem, type Problem } from '@/api/problem'
import { serverNow } from '@/live/clock'
import { onLive, onResync } from '@/live/events'

/** Reads at once, after news at most once a second, and every ten seconds in any case. */
export function useLiveFigures<T>(read: () => Promise<T>): {
  figures: ShallowRef<T | null>
  readAt: Ref<number>
  problem: ShallowRef<Problem | null>
  reload: () => Promise<void>
} {
  const figures = shallowRef<T | null>(null)
  const problem = shallowRef<Problem | null>(null)
  const readAt = ref(0)
  let dirty = false
  let reading = false

  async function reload(): Promise<void> {
    if (reading) return
    reading = true
    dirty = false
    try {
      figures.value = await read()
      readAt.value = serverNow()
      problem.value = null
    } catch (error) {
      problem.value = asProblem(error)
    } finally {
      reading = false
    }
  }

  onMounted(reload)
  onScopeDispose(onLive((event) => (dirty ||= event.type !== 'typing')))
  onScopeDispose(onResync(() => (dirty = true)))
  const timer = setInterval(() => {
    if (document.visibilityState === 'hidden') return
    if (dirty || serverNow() - readAt.value > 10_000) void reload()
  }, 1000)
  onScopeDispose(() => clearInterval(timer))
  return { figures, readAt, problem, reload }
}
