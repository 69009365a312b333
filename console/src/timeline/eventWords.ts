import type { TicketEvent } from '@/api/types'
import { resultWords, type CallResult } from '@/callback/callback'
import { moment } from '@/format/time'
import { dispositionWord } from '@/format/words'
import { serverNow } from '@/live/clock'

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
  customer_left: 'the customer has left',
  returned: 'came back to the queue',
  put_aside: 'put aside',
  parked: 'parked it',
  unparked: 'took it up again',
  identity_kept: 'kept what the visitor said of himself',
  sla_breached: 'missed its target',
  sla_repriced: 'has another target',
  voicemail: 'the caller leaves a message',
  visitor_named: 'the visitor left a name or an address',
  visitor_away: 'the visitor has closed the chat window',
  visitor_back: 'the visitor is back',
  callback: 'is called back when it opens',
  callback_moved: 'is called back at another time',
  callback_scheduled: 'promised to call back',
  callback_dialling: 'is being called',
  callback_again: 'called back',
  callback_done: 'called back',
  callback_failed: 'called back for the last time',
  callback_missed: 'was not called back in time',
  callback_cancelled: 'cancelled the callback',
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
  if (data['change'] === 'resumed' && data['cause']) return `Came back from hold: ${String(data['cause'])}`
  const who = event.actor?.name ?? (event.type.startsWith('offer.') ? agent : '') ?? ''
  const change = typeof data['change'] === 'string' ? data['change'] : ''
  if (event.type === 'offer.accepted' && data['how'] === 'assigned') return assigned(event, data, agent)
  const what =
    changes[change] ??
    taken(event, data) ??
    offerEnds[event.type] ??
    (change || event.type.replace(/^.*\./, '').replaceAll('_', ' '))
  const more = details(change, data)
  const said = !more || /^[:,]/.test(more) ? what + more : `${what} ${more}`
  return who ? `${who} ${said}` : said.charAt(0).toUpperCase() + said.slice(1)
}

/** By hand: who gave it to whom, past what, and why. */
function assigned(event: TicketEvent, data: Record<string, unknown>, agent: string): string {
  const by = event.actor?.name || 'The system'
  const skill = typeof data['past_skill'] === 'string' && data['past_skill']
  const past = [
    skill ? `past what the queue asks for (${skill})` : '',
    data['past_capacity'] ? 'beyond what the agent can have in hand' : '',
  ].filter(Boolean)
  const reason = typeof data['reason'] === 'string' && data['reason'] ? `: ${data['reason']}` : ''
  const owner = nameIn((data['ticket'] as Record<string, unknown> | undefined)?.['owner'])
  return `${by} assigned it to ${agent || owner || 'an agent'}${past.length ? `, ${past.join(' and ')}` : ''}${reason}`
}

function taken(event: TicketEvent, data: Record<string, unknown>): string | undefined {
  return event.type === 'offer.accepted' && data['how'] === 'claimed' ? 'took it' : undefined
}

function details(change: string, data: Record<string, unknown>): string {
  const queue =
    nameIn(data['queue']) || nameIn((data['ticket'] as Record<string, unknown> | undefined)?.['queue'])
  const ticket = (data['ticket'] as Record<string, unknown> | undefined) ?? {}
  const disposition = dispositionWord(data['disposition'] ? data : ticket)
  const reason =
    typeof data['reason'] === 'string' && data['reason'] ? `: ${data['reason'].replaceAll('_', ' ')}` : ''
  const call = data['callback'] as { result?: CallResult | null; not_before?: string } | undefined
  if (change === 'callback_scheduled' && call?.not_before) return `at ${moment(call.not_before, serverNow())}`
  if (/^callback_(again|done|failed)$/.test(change) && call?.result) return `: ${resultWords[call.result]}`
  if (change === 'customer_left') return leaving(data)
  if (change === 'returned' || change === 'put_aside') return `: ${String(data['cause'] ?? '')}`
  if (change === 'reopened' && data['past_capacity']) return ', beyond what the agent can have in hand'
  if (change === 'transferred' && queue) return `to ${queue}`
  if (change === 'wrapup_done' && data['disposition_was'])
    return `and changed ${String(data['disposition_was'])} to ${disposition}`
  if (change === 'solved' && disposition) return `as ${disposition}`
  // The end of a wrap-up may have changed it.
  if (change === 'wrapup_done' && ticket['state'] === 'solved' && disposition)
    return `: solved as ${disposition}`
  return reason
}

const became: Record<string, string> = {
  call_back: 'it is to be called back',
  close: 'it is closed',
}

function leaving(data: Record<string, unknown>): string {
  const what = became[String(data['became'])]
  return `: ${String(data['cause'] ?? '')}${what ? `; ${what}` : ''}`
}

function nameIn(value: unknown): string {
  return typeof value === 'object' && value && 'name' in value ? String(value.name) : ''
}
