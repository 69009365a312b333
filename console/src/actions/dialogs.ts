import type { Permission } from '@/api/types'

/** What each dialog does to a ticket, by what permits it. */
export const dialogPermissions = {
  transfer: 'ticket.transfer',
  escalate: 'ticket.escalate',
  hold: 'ticket.hold',
  solve: 'ticket.solve',
  assign: 'ticket.assign',
  priority: 'ticket.edit',
  callback: 'callback.promise',
  followUp: 'followup.promise',
  account: 'action.request',
} satisfies Record<string, Permission>
export type DialogName = keyof typeof dialogPermissions

export interface HoldChoice {
  key: string
  label: string
  until: number
}

/** The usual times to hold until, in the browser's own zone. */
export function holdChoices(now: number): HoldChoice[] {
  const at = (days: number, hour: number) => {
    const date = new Date(now)
    date.setDate(date.getDate() + days)
    date.setHours(hour, 0, 0, 0)
    return date.getTime()
  }
  const weekday = new Date(now).getDay()
  const toMonday = (8 - weekday) % 7 || 7
  return [
    { key: '1', label: 'In 1 hour', until: now + 3_600_000 },
    { key: '2', label: 'In 3 hours', until: now + 3 * 3_600_000 },
    { key: '3', label: 'Tomorrow morning', until: at(1, 9) },
    { key: '4', label: 'Next Monday', until: at(toMonday, 9) },
    { key: '5', label: 'In a week', until: at(7, 9) },
  ]
}
