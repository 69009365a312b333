import {
  BookUser,
  CalendarClock,
  FlaskConical,
  Headset,
  Inbox,
  LayoutList,
  MonitorDot,
  Settings,
  ShieldAlert,
  Stamp,
  UsersRound,
} from '@lucide/vue'
import { computed, type Component, type ComputedRef } from 'vue'
import type { Permission } from '@/api/types'
import { administers } from '@/admin/administers'
import { useSession } from '@/stores/session'

export interface Place {
  to: string
  /** The route's name. */
  name: string
  label: string
  /** The key action that goes there. */
  action?: string
  icon: Component
}

const all: (Place & { needs?: readonly Permission[] })[] = [
  { to: '/work', name: 'work', label: 'Work', action: 'go.work', icon: Headset },
  { to: '/tickets', name: 'tickets', label: 'Tickets', action: 'go.tickets', icon: Inbox },
  {
    to: '/customers',
    name: 'customers',
    label: 'Customers',
    action: 'go.customers',
    icon: BookUser,
    needs: ['customer.read'],
  },
  {
    to: '/follow-ups',
    name: 'follow-ups',
    label: 'Follow-ups',
    action: 'go.followUps',
    icon: CalendarClock,
    needs: ['followup.promise'],
  },
  {
    to: '/approvals',
    name: 'approvals',
    label: 'Approvals',
    action: 'go.approvals',
    icon: Stamp,
    needs: ['action.request'],
  },
  {
    to: '/queues',
    name: 'queues',
    label: 'Queues',
    action: 'go.queues',
    icon: LayoutList,
    needs: ['team.watch'],
  },
  {
    to: '/agents',
    name: 'agents',
    label: 'Agents',
    action: 'go.agents',
    icon: UsersRound,
    needs: ['team.watch'],
  },
  {
    to: '/wallboard',
    name: 'wallboard',
    label: 'Wallboard',
    action: 'go.wallboard',
    icon: MonitorDot,
    needs: ['team.watch'],
  },
  { to: '/what-if', name: 'what-if', label: 'What if', icon: FlaskConical, needs: ['routing.simulate'] },
  {
    to: '/quarantine',
    name: 'quarantine',
    label: 'Quarantine',
    icon: ShieldAlert,
    needs: ['quarantine.read'],
  },
  { to: '/admin/gateways', name: 'admin', label: 'Administration', icon: Settings, needs: administers },
]

/** Where who is signed in may go: the rail shows them, and where there is no room for it, the menu. */
export function usePlaces(): ComputedRef<Place[]> {
  const session = useSession()
  return computed(() => all.filter(({ needs }) => !needs || needs.some((one) => session.may(one))))
}
