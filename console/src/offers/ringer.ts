import { onScopeDispose, ref, watch, watchEffect } from 'vue'
import { useRouter } from 'vue-router'
import type { TicketSummary } from '@/api/types'
import { serverNow } from '@/live/clock'
import { channelName, customerName, isVoice } from '@/format/words'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'
import { onEvent } from '@/live/events'
import { useDirectory } from '@/stores/directory'
import { useNotices } from '@/stores/notices'
import { audible, chime, ring, silence, unlockAtFirstGesture } from './sound'

const given_ms = 30_000

/** Of several tabs one rings: the holder of this lock, and only a tab that may make sound asks for it. */
export function useRinger(): void {
  const work = useWork()
  const session = useSession()
  const router = useRouter()
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

  // What somebody else gives is in hand at once: one ring, and a notice that stays long enough to be read.
  const directory = useDirectory()
  onScopeDispose(
    onEvent('offer.accepted', (event) => {
      if (!work.isGift(event)) return
      const { ticket, by } = event.data
      if (holder.value && session.preferences.sound)
        chime(isVoice(ticket?.channel ?? ''), session.preferences.volume)
      if (!ticket) return
      const giver = directory.nameOf(by) || 'A supervisor'
      useNotices().say(`${giver} gave you #${ticket.number} (${givenWords(ticket)})`, 'ok', {
        label: 'Open',
        action: 'ticket.next',
        run: () => void router.push(`/work/${ticket.id}`),
        until: new Date(serverNow() + given_ms).toISOString(),
      })
    }),
  )

  onScopeDispose(() => {
    stopAsking()
    silence()
    for (const go of letGo) go()
  })
}

const givenWords = (ticket: TicketSummary) =>
  [channelName(ticket.channel), customerName(ticket), ticket.subject].filter(Boolean).join(', ')

/** Channel and queue only: a notification is read by whoever stands behind the agent. */
function notify(text: string, id: number): void {
  if (!('Notification' in window) || Notification.permission !== 'granted' || document.hasFocus()) return
  const notification = new Notification('Offer', { body: text, tag: `offer-${id}`, silent: true })
  notification.onclick = () => {
    window.focus()
    notification.close()
  }
}
