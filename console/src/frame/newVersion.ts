import { onScopeDispose, ref, watch, type Ref } from 'vue'
import { useLive } from '@/stores/live'

const every_ms = 10 * 60_000

/** The console's build as a page names it: its main script, whose name has a hash of what is in it. */
export function buildOf(page: Document): string {
  return page.querySelector<HTMLScriptElement>('script[type="module"][src]')?.getAttribute('src') ?? ''
}

/** Whether the server has another build of the console than the one that runs: asked after each reconnection, since a
 *  new version restarts the server, when somebody comes back to the tab, and now and then. */
export function useNewVersion(loaded = buildOf(document)): Ref<boolean> {
  const isNew = ref(false)
  const live = useLive()

  async function look(): Promise<void> {
    try {
      const answer = await fetch('/', { cache: 'no-store' })
      if (!answer.ok) return
      const served = buildOf(new DOMParser().parseFromString(await answer.text(), 'text/html'))
      isNew.value = loaded !== '' && served !== '' && served !== loaded
    } catch {
      // That the server cannot be reached is said elsewhere.
    }
  }

  watch(
    () => live.state,
    (state) => state === 'live' && void look(),
    { immediate: true },
  )
  const timer = setInterval(() => void look(), every_ms)
  const onVisible = () => document.visibilityState === 'visible' && void look()
  document.addEventListener('visibilitychange', onVisible)
  onScopeDispose(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', onVisible)
  })
  return isNew
}
