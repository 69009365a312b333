import { ref, type Ref } from 'vue'

/**
 * How much room there is: told once, to the code as a flag and to the styles as an attribute of the root element
 * (`data-narrow` and the variant `narrow:` of main.css). Zoom counts as less room, as CSS pixels do.
 */
function fact(name: string, query: string): Readonly<Ref<boolean>> {
  const is = ref(false)
  const media = window.matchMedia?.(query)
  const tell = () => {
    is.value = media?.matches ?? false
    document.documentElement.toggleAttribute(`data-${name}`, is.value)
  }
  media?.addEventListener('change', tell)
  tell()
  return is
}

/** One column: the list, the ticket and the customer are views of their own, and the rail is a menu. */
export const isNarrow = fact('narrow', '(width < 960px)')
/** The top bar needs a second line for the offers. */
export const isPhone = fact('phone', '(width < 640px)')
/** Too low for a ticket and an open composer at rest: the composer folds until it is wanted. */
export const isShort = fact('short', '(height < 600px)')
/** The customer stands beside the ticket instead of in a drawer. */
export const isRoomy = fact('roomy', '(width >= 1180px)')
/** An earlier ticket may be read beside the open one. */
export const isVast = fact('vast', '(width >= 1800px)')
