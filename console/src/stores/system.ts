import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'

const every_ms = 15_000

/** What is wrong with the server, in its own words. For admins, who alone may ask. */
export const useSystem = defineStore('system', () => {
  const troubles = ref<string[]>([])
  let timer: ReturnType<typeof setInterval> | undefined

  async function look(): Promise<void> {
    try {
      troubles.value = (await answer(api.GET('/api/v1/system'))).troubles
    } catch {
      // That it cannot be reached is said elsewhere; what was wrong before may be no more.
      troubles.value = []
    }
  }

  function watch(): () => void {
    void look()
    clearInterval(timer)
    timer = setInterval(() => void look(), every_ms)
    return () => clearInterval(timer)
  }

  return { troubles, look, watch }
})
