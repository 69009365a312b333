import { ref } from 'vue'

/** Whether quoted text is unfolded, in all entries at once (`q`). */
export const quotesOpen = ref(false)
