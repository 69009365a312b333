import { ref, type Ref } from 'vue'
import { useRouter } from 'vue-router'
import { undoLast } from '@/composer/undo'
import { nthOf, useAction } from '@/keys/dispatch'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'

/** The keys that work on every screen. */
export function useFrameKeys(): { keysOpen: Ref<boolean>; paletteOpen: Ref<boolean> } {
  const router = useRouter()
  const session = useSession()
  const work = useWork()
  const keysOpen = ref(false)
  const paletteOpen = ref(false)

  useAction('app.keys', () => void (keysOpen.value = true))
  useAction('app.palette', () => void (paletteOpen.value = true))
  useAction('app.leave', () => {
    const focused = document.activeElement
    if (!(focused instanceof HTMLElement) || focused === document.body) return false
    focused.blur()
    return true
  })
  useAction('composer.undo', undoLast)
  useAction('go.work', () => void router.push('/work'))
  useAction('go.tickets', () => void router.push('/tickets'))
  useAction('go.customers', () => (session.may('customer.read') ? void router.push('/customers') : false))
  useAction('go.approvals', () => (session.may('action.request') ? void router.push('/approvals') : false))
  useAction('go.followUps', () => (session.may('followup.promise') ? void router.push('/follow-ups') : false))
  useAction('go.queues', () => (session.may('team.watch') ? void router.push('/queues') : false))
  useAction('go.agents', () => (session.may('team.watch') ? void router.push('/agents') : false))
  useAction('go.wallboard', () => (session.may('team.watch') ? void router.push('/wallboard') : false))
  useAction('list.nth', (key) => {
    const ticket = work.mine[Number(nthOf(key)) - 1]
    return ticket ? void router.push(`/work/${ticket.id}`) : false
  })
  useAction('ticket.next', () => {
    const next = work.nextForMe()
    return next ? void router.push(`/work/${next.id}`) : false
  })
  return { keysOpen, paletteOpen }
}
