import { defineStore } from 'pinia'
import { ref } from 'vue'
import { serverNow } from '@/live/clock'

export interface Notice {
  id: number
  text: string
  tone: 'ok' | 'danger'
  /** The ticket that it is about: what is done to it next makes it old. */
  ticketId?: number
  offer?: NoticeOffer
}

/** What can still be done about it, until then. */
export interface NoticeOffer {
  label: string
  /** The key action that does the same. */
  action: string
  run: () => void
  until: string
}

/** Short news at the edge of the screen; nothing depends on being quick enough to read them. */
export const useNotices = defineStore('notices', () => {
  const notices = ref<Notice[]>([])
  let next = 1

  function dismiss(id: number): void {
    notices.value = notices.value.filter((notice) => notice.id !== id)
  }

  function forget(ticketId: number): void {
    notices.value = notices.value.filter((notice) => notice.ticketId !== ticketId || notice.tone === 'danger')
  }

  /** Its id, to dismiss it by. */
  function say(text: string, tone: Notice['tone'] = 'ok', offer?: NoticeOffer, ticketId?: number): number {
    const id = next++
    notices.value = [
      ...notices.value.slice(-2),
      { id, text, tone, ...(offer ? { offer } : {}), ...(ticketId ? { ticketId } : {}) },
    ]
    const shown = offer ? Math.max(0, Date.parse(offer.until) - serverNow()) : 5000
    if (tone === 'ok') setTimeout(() => dismiss(id), shown)
    return id
  }

  return { notices, say, dismiss, forget }
})
