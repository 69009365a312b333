import { onScopeDispose, watch } from 'vue'
import { enterLayer } from '@/keys/dispatch'

/** While `open` holds, a menu or dialog owns all keys. */
export function useLayer(open: () => boolean): void {
  let leave: (() => void) | null = null
  watch(
    open,
    (is) => {
      leave?.()
      leave = is ? enterLayer() : null
    },
    { immediate: true },
  )
  onScopeDispose(() => leave?.())
}
