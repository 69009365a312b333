import { onScopeDispose, ref, watch, watchEffect } from 'vue'
import { serverNow } from '@/live/clock'
import { channelName, isVoice } from '@/format/words'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'
import { audible, ring, silence, unlockAtFirstGesture } from './sound'

/** Of several tabs one rings: the holder of this lock, and only a tab that may make sound asks for it. */
export function useRinger(): void {
  const work = useWork()
  const session = useSession()
  const holder = ref(false)
  const letGo: (() => void)[] = []
  onScopeDispose(unlockAtFirstGesture())

  const stopAsking = watch(
    audible,
    (may) => {
      if (!may || holder.value) return
      if (!('locks' in navigator)) {
        holder.value = true
        return
      }
      void navigator.locks.request('switchboard-ringer', () => {
        holder.value = true
        return new Promise<void>((resolve) => letGo.push(resolve))
      })
    },
    { immediate: true },
  )

  watchEffect(() => {
    const offer = work.current
    if (!offer || !holder.value || !session.preferences.sound || work.accepting !== null) return silence()
    const left = (Date.parse(offer.expires_at) - serverNow()) / 1000
    ring(offer.id, isVoice(offer.channel), left, session.preferences.volume)
  })

  watch(
    () => work.current,
    (offer) => {
      if (!offer || !session.preferences.notifications || (audible.value && !holder.value)) return
      notify(`${channelName(offer.channel)} · ${offer.ticket.queue.name}`, offer.id)
    },
  )

  onScopeDispose(() => {
    stopAsking()
    silence()
    for (const go of letGo) go()
  })
}

/** Channel and queue only: a notification is read by whoever stands behind the agent. */
function notify(text: string, id: number): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return
  const notification = new Notification('Offer', { body: text, tag: `offer-${id}`, silent: true })
  notification.onclick = () => {
    window.focus()
    notification.close()
  }
}
