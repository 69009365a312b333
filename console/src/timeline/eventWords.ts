import type { TicketEvent } from '@/api/types'
import { dispositionWord } from '@/format/words'

const changes: Record<string, string> = {
  transferred: 'transferred it',
  escalated: 'escalated it',
  held: 'put it on hold',
  resumed: 'resumed it',
  solved: 'solved it',
  reopened: 'reopened it',
  wrapup: 'began wrap-up',
  wrapup_done: 'finished wrap-up',
  edited: 'edited it',
  parked: 'parked it',
  unparked: 'took it up again',
  sla_breached: 'missed its target',
  sla_repriced: 'has another target',
  callback_moved: 'is called back at another time',
}

const offerEnds: Record<string, string> = {
  'offer.accepted': 'accepted it',
  'offer.declined': 'declined it',
  'offer.timed_out': 'missed the offer',
  'offer.rescinded': 'offer taken back',
}

export function changeWords(change: string): string {
  return changes[change] ?? change.replaceAll('_', ' ')
}

/** One grey line: who did what. */
export function eventWords(event: TicketEvent, nameOf: (id: number) => string = () => ''): string {
  const data = event.data as Record<string, unknown>
  const agent = nameIn(data['agent']) || nameOf(Number(data['agent_id'] ?? 0))
  const who = event.actor?.name ?? (event.type.startsWith('offer.') ? agent : '') ?? ''
  const change = typeof data['change'] === 'string' ? data['change'] : ''
  const what =
    changes[change] ??
    offerEnds[event.type] ??
    (change || event.type.replace(/^.*\./, '').replaceAll('_', ' '))
  const more = details(change, data)
  const said = more.startsWith(':') || !more ? what + more : `${what} ${more}`
  return who ? `${who} ${said}` : said.charAt(0).toUpperCase() + said.slice(1)
}

function details(change: string, data: Record<string, unknown>): string {
  const queue =
    nameIn(data['queue']) || nameIn((data['ticket'] as Record<string, unknown> | undefined)?.['queue'])
  const disposition = (data['disposition'] ??
    (data['ticket'] as Record<string, unknown> | undefined)?.['disposition']) as string | undefined
  const reason =
    typeof data['reason'] === 'string' && data['reason'] ? `: ${data['reason'].replaceAll('_', ' ')}` : ''
  if (change === 'transferred' && queue) return `to ${queue}`
  if (change === 'solved' && disposition) return `as ${dispositionWord(disposition)}`
  return reason
}

function nameIn(value: unknown): string {
  return typeof value === 'object' && value && 'name' in value ? String(value.name) : ''
}
