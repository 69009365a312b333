import { defineStore } from 'pinia'
import { ref } from 'vue'

export interface Notice {
  id: number
  text: string
  tone: 'ok' | 'danger'
}

/** Short news at the edge of the screen; nothing depends on being quick enough to read them. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let next = 1

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function say(text: string, tone: Notice['tone'] = 'ok'): void {
    const id = next++
    notices.value = [...notices.value.slice(-2), { id, text, tone }]
    if (tone === 'ok') setTimeout(() => dismiss(id), 5000)
  }

  return { notices, say, dismiss }
})
