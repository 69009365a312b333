import type { Permission } from '@/api/types'

/** Every key of the console, once. The key table, the buttons' hints and the dispatcher all read it. */

export interface KeyAction {
  id: string
  /** "F2", "Shift+F2", "Ctrl+Enter", "r", "?", or a sequence "g w". */
  keys: string[]
  label: string
  group: 'Offers' | 'Ticket' | 'Timeline' | 'Lists' | 'Go' | 'Anywhere'
  /** Works while typing, too. */
  inFields?: boolean
  /** Does nothing for whoever lacks it. */
  needs?: Permission
  /** Shown in the table, but handled where it applies (a list, a composer). */
  local?: boolean
}

export const keyActions: readonly KeyAction[] = [
  { id: 'offer.accept', keys: ['F2'], label: 'Accept offer', group: 'Offers', inFields: true },
  { id: 'offer.decline', keys: ['Shift+F2'], label: 'Decline offer', group: 'Offers', inFields: true },
  { id: 'ticket.next', keys: ['F8'], label: 'Next ticket needing me', group: 'Offers', inFields: true },
  { id: 'wrapup.done', keys: ['w'], label: 'Wrap-up done, next', group: 'Offers' },
  { id: 'presence.open', keys: ['p'], label: 'Presence, then a digit', group: 'Offers' },

  { id: 'ticket.reply', keys: ['r'], label: 'Reply', group: 'Ticket' },
  { id: 'ticket.note', keys: ['n'], label: 'Note', group: 'Ticket' },
  { id: 'composer.send', keys: ['Ctrl+Enter'], label: 'Send, or add note', group: 'Ticket', inFields: true },
  {
    id: 'composer.solve',
    keys: ['Ctrl+Shift+Enter'],
    label: 'Send and solve',
    group: 'Ticket',
    inFields: true,
  },
  { id: 'composer.undo', keys: ['z'], label: 'Undo send', group: 'Ticket' },
  { id: 'ticket.take', keys: ['a'], label: 'Take, or assign to', group: 'Ticket' },
  { id: 'ticket.transfer', keys: ['t'], label: 'Transfer', group: 'Ticket' },
  { id: 'ticket.escalate', keys: ['e'], label: 'Escalate', group: 'Ticket' },
  { id: 'ticket.priority', keys: ['!'], label: 'Priority', group: 'Ticket' },
  { id: 'ticket.hold', keys: ['h'], label: 'Hold until, or resume', group: 'Ticket' },
  { id: 'ticket.callback', keys: ['d'], label: 'Call back', group: 'Ticket' },
  { id: 'ticket.followUp', keys: ['f'], label: 'Promise to come back', group: 'Ticket' },
  { id: 'ticket.account', keys: ['o'], label: 'Do something for the customer', group: 'Ticket' },
  { id: 'ticket.solve', keys: ['s'], label: 'Solve', group: 'Ticket' },
  { id: 'ticket.customer', keys: ['c'], label: 'Customer panel', group: 'Ticket' },

  { id: 'timeline.unread', keys: ['u'], label: 'Mark unread from the entry in focus', group: 'Timeline' },
  { id: 'timeline.quotes', keys: ['q'], label: 'Quoted text', group: 'Timeline' },
  { id: 'timeline.pictures', keys: ['b'], label: 'Pictures of an e-mail, once', group: 'Timeline' },
  { id: 'timeline.previous', keys: ['PageUp'], label: 'Previous entry', group: 'Timeline' },
  { id: 'timeline.next', keys: ['PageDown'], label: 'Next entry', group: 'Timeline' },
  { id: 'timeline.first', keys: ['Home'], label: 'First entry', group: 'Timeline' },
  { id: 'timeline.last', keys: ['End'], label: 'Last entry', group: 'Timeline' },

  { id: 'list.next', keys: ['j'], label: 'Next row', group: 'Lists' },
  { id: 'list.previous', keys: ['k'], label: 'Previous row', group: 'Lists' },
  { id: 'list.open', keys: ['Enter'], label: 'Open row', group: 'Lists', local: true },
  {
    id: 'list.nth',
    keys: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
    label: 'My nth ticket',
    group: 'Lists',
  },
  { id: 'list.news', keys: ['.'], label: 'Apply list news', group: 'Lists' },

  { id: 'go.work', keys: ['g w'], label: 'Work', group: 'Go' },
  { id: 'go.tickets', keys: ['g t'], label: 'Tickets', group: 'Go' },
  { id: 'go.customers', keys: ['g c'], label: 'Customers', group: 'Go', needs: 'customer.read' },
  { id: 'go.followUps', keys: ['g f'], label: 'Follow-ups', group: 'Go', needs: 'followup.promise' },
  { id: 'go.approvals', keys: ['g p'], label: 'Approvals', group: 'Go', needs: 'action.request' },
  { id: 'go.queues', keys: ['g q'], label: 'Queues', group: 'Go', needs: 'team.watch' },
  { id: 'go.agents', keys: ['g a'], label: 'Agents', group: 'Go', needs: 'team.watch' },
  { id: 'go.wallboard', keys: ['g b'], label: 'Wallboard', group: 'Go', needs: 'team.watch' },

  { id: 'app.palette', keys: ['Ctrl+k'], label: 'Command palette', group: 'Anywhere', inFields: true },
  { id: 'app.search', keys: ['/'], label: 'Search', group: 'Anywhere' },
  { id: 'app.keys', keys: ['?'], label: 'This table', group: 'Anywhere' },
  { id: 'app.leave', keys: ['Escape'], label: 'Close, then leave field', group: 'Anywhere', inFields: true },
]

const byId = new Map(keyActions.map((action) => [action.id, action]))

export type Remap = Record<string, string[]>

/** The keys of an action after the user's own changes. */
export function keysOf(id: string, remap: Remap = {}): string[] {
  return remap[id] ?? byId.get(id)?.keys ?? []
}

/** Keys that two actions claim, or that hide a sequence. Empty when all is well. */
export function conflicts(remap: Remap = {}): string[] {
  const owners = new Map<string, string>()
  const found: string[] = []
  for (const { id } of keyActions) {
    for (const key of keysOf(id, remap)) {
      const other = owners.get(key)
      if (other) found.push(`${key}: ${other} and ${id}`)
      owners.set(key, id)
    }
  }
  for (const key of owners.keys()) {
    const first = key.split(' ')[0]
    if (key.includes(' ') && first && owners.has(first)) found.push(`${first} hides ${key}`)
  }
  return found
}

export function sameKeys(one: string[], other: string[]): boolean {
  return one.length === other.length && one.every((key, i) => key === other[i])
}

/** Why an action cannot have the keys that it has in this remap, in words; empty = it can. */
export function clash(id: string, remap: Remap): string {
  for (const key of keysOf(id, remap))
    for (const other of keyActions)
      for (const taken of keysOf(other.id, remap)) {
        const same = other.id !== id && taken === key
        const hides = taken !== key && (taken.startsWith(`${key} `) || key.startsWith(`${taken} `))
        if (same) return `${keyLabel(key)} is “${other.label}” already.`
        if (hides) return `${keyLabel(key)} cannot stand beside ${keyLabel(taken)} of “${other.label}”.`
      }
  const own = keysOf(id, remap)
  return new Set(own).size < own.length ? 'Two keys of one action are the same.' : ''
}

const shown: Record<string, string> = { PageUp: 'PgUp', PageDown: 'PgDn', Escape: 'Esc' }

/** A key as it is printed on buttons. */
export function keyLabel(key: string): string {
  return key
    .split('+')
    .map((part) => shown[part] ?? (part.length === 1 && key.includes('+') ? part.toUpperCase() : part))
    .join('+')
}
