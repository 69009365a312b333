import type { Ref } from 'vue'
import { useAction } from '@/keys/dispatch'

/** j and k walk the rows of a list; each row has one link, marked data-row, and Enter opens it by itself. */
export function useRowKeys(list: Readonly<Ref<HTMLElement | null>>): void {
  const go = (by: 1 | -1) => {
    const links = [...(list.value?.querySelectorAll<HTMLElement>('[data-row]') ?? [])]
    const here = links.findIndex((link) => link.closest('li, tr')?.contains(document.activeElement))
    const next = here < 0 ? links.at(by > 0 ? 0 : -1) : links[here + by]
    next?.focus()
    return links.length > 0
  }
  useAction('list.next', () => go(1))
  useAction('list.previous', () => go(-1))
}
