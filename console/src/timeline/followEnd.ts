import { nextTick, onUnmounted, ref, watch, type Ref } from 'vue'

const near_px = 40

/** `counts`: worth being announced; `ours`: just written here, so its place is what the writer looks for. */
export interface Arrival {
  key: string
  counts: boolean
  ours: boolean
}

/** Stays at the end only when already there; else counts what came below. Nothing moves under the reader's eye. */
export function useFollowEnd(
  box: Readonly<Ref<HTMLElement | null>>,
  inner: Readonly<Ref<HTMLElement | null>>,
  entries: () => Arrival[],
  loaded: Readonly<Ref<boolean>>,
): { missedCount: Ref<number>; toEnd: () => void; keepPlace: () => () => void } {
  const missedCount = ref(0)
  // Pictures and mails grow after they are drawn: until the reader scrolls, the chosen place is held.
  let hold: 'end' | 'new' | null = null
  let seen = new Set<string>()
  let observer: ResizeObserver | null = null
  let scrolledByUs = 0

  function place(): void {
    const element = box.value
    if (!element || !hold) return
    const line = hold === 'new' ? inner.value?.querySelector<HTMLElement>('[data-new-line]') : null
    scrolledByUs = performance.now()
    element.scrollTop = line ? line.offsetTop - element.offsetTop - 12 : element.scrollHeight
  }

  function atEnd(): boolean {
    const element = box.value
    return !element || element.scrollHeight - element.scrollTop - element.clientHeight < near_px
  }

  function onScroll(): void {
    if (performance.now() - scrolledByUs < 80) return
    hold = atEnd() ? 'end' : null
    if (hold) missedCount.value = 0
  }

  watch(
    [box, loaded],
    ([element, ready]) => {
      if (!element || !ready || observer) return
      hold = inner.value?.querySelector('[data-new-line]') ? 'new' : 'end'
      seen = new Set(entries().map(({ key }) => key))
      element.addEventListener('scroll', onScroll, { passive: true })
      observer = new ResizeObserver(place)
      if (inner.value) observer.observe(inner.value)
      observer.observe(element)
      void nextTick(place)
    },
    { flush: 'post', immediate: true },
  )

  // Asked before the new entries are drawn: afterwards nobody is at the end any more.
  watch(entries, (now) => {
    if (!observer) return
    // News may find their place before what came a moment earlier; what is above all that was seen is older, not new.
    const first = now.findIndex(({ key }) => seen.has(key))
    const added = now.slice(first + 1).filter(({ key }) => !seen.has(key))
    for (const { key } of now) seen.add(key)
    if (added.length === 0) return
    if (hold === 'end' || atEnd() || added.some((entry) => entry.ours)) {
      hold = 'end'
      missedCount.value = 0
      void nextTick(place)
    } else missedCount.value += added.filter((entry) => entry.counts).length
  })

  function toEnd(): void {
    hold = 'end'
    missedCount.value = 0
    place()
  }

  /** Remembers what is on top now; the result puts it back there after entries were added above. */
  function keepPlace(): () => void {
    const element = box.value
    hold = null
    const before = element ? element.scrollHeight - element.scrollTop : 0
    return () => {
      if (element) element.scrollTop = element.scrollHeight - before
    }
  }

  onUnmounted(() => {
    observer?.disconnect()
    box.value?.removeEventListener('scroll', onScroll)
  })
  return { missedCount, toEnd, keepPlace }
}
