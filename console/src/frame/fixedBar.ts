import { computed, type ComputedRef } from 'vue'
import { audible, unlockAudio } from '@/offers/sound'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'

export interface Bar {
  id: 'missed' | 'sound'
  tone: 'danger' | 'warn'
  title: string
  words: string
  button: string
  run: () => unknown
}

const reasons: Record<string, string> = {
  'missed offers': 'What was offered to you rang in vain, so no more comes until you are back.',
  'connection lost': 'This console was away for more than a minute, so no offers come until you are back.',
}

/** What keeps offers from being seen or heard. Said in the top bar, so that nothing below moves. */
export function useFixedBar(): ComputedRef<Bar | null> {
  const work = useWork()
  const session = useSession()
  return computed(() => {
    const { state, reason = '', channels } = work.presence ?? {}
    const words = state === 'not_ready' ? reasons[reason] : undefined
    if (words)
      return {
        id: 'missed',
        tone: 'danger',
        title: `■ Not ready: ${reason}.`,
        words,
        button: 'Back to Ready',
        run: () => work.setPresence('ready', { channels }),
      }
    if (state === 'ready' && session.preferences.sound && !audible.value)
      return {
        id: 'sound',
        tone: 'warn',
        title: 'No sound.',
        words: 'This browser keeps Switchboard silent until you click once.',
        button: 'Enable sound',
        run: unlockAudio,
      }
    return null
  })
}
