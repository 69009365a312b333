import type { Ref } from 'vue'

/** How much of the page before stays in view. */
const overlap_px = 40
/** Pixels are halves and thirds on some screens. */
const slack_px = 2

type Way = 1 | -1

/** Pixels of the entry beyond that edge of the window. */
function hidden(entry: HTMLElement, view: HTMLElement, way: Way): number {
  const inside = entry.getBoundingClientRect()
  const window = view.getBoundingClientRect()
  return way < 0 ? window.top - inside.top : inside.bottom - window.bottom
}

/**
 * PgUp, PgDn, Home, End over entries that may be taller than the window: each is read to its own beginning or end
 * before the next one is reached.
 */
export function useWalk(
  box: Readonly<Ref<HTMLElement | null>>,
  entries: () => HTMLElement[],
): { page: (way: Way) => boolean; end: (way: Way) => boolean; forget: () => void } {
  let last: HTMLElement | null = null

  /** Where one is: the entry with the focus, else the last one reached, else the one at that edge of the window. */
  function place(all: HTMLElement[], view: HTMLElement, way: Way): number {
    const focused = all.findIndex((entry) => entry.contains(document.activeElement))
    if (focused >= 0) return focused
    if (last && all.includes(last)) return all.indexOf(last)
    const { top, bottom } = view.getBoundingClientRect()
    const edge = way < 0 ? top + slack_px : bottom - slack_px
    const at = all.findIndex((entry) => entry.getBoundingClientRect().bottom > edge)
    return at >= 0 ? at : all.length - 1
  }

  function reach(entry: HTMLElement, block: ScrollLogicalPosition): void {
    last = entry
    entry.focus({ preventScroll: true })
    entry.scrollIntoView({ block })
  }

  /** What is hidden of the entry where one is comes first, at most so many pixels of it; then `next` is reached. */
  function walk(
    way: Way,
    most: (view: HTMLElement) => number,
    next: (at: number, all: HTMLElement[]) => void,
  ): boolean {
    const view = box.value
    const all = entries()
    const at = view ? place(all, view, way) : -1
    const here = all[at]
    if (!view || !here) return false
    const left = hidden(here, view, way)
    if (left > slack_px) view.scrollTop += way * Math.min(left, most(view))
    else next(at, all)
    return true
  }

  return {
    page: (way) =>
      walk(
        way,
        (view) => view.clientHeight - overlap_px,
        (at, all) => {
          const entry = all[at + way]
          if (!entry) return
          const tall = entry.offsetHeight > (box.value?.clientHeight ?? 0)
          reach(entry, tall ? (way < 0 ? 'end' : 'start') : 'nearest')
        },
      ),
    end: (way) =>
      walk(
        way,
        () => Infinity,
        (_, all) => {
          const entry = way < 0 ? all[0] : all.at(-1)
          if (entry) reach(entry, way < 0 ? 'start' : 'end')
        },
      ),
    forget: () => (last = null),
  }
}
