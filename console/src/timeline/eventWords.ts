import { accountWords } from '@/account/account'
import type { FollowUp, TicketEvent } from '@/api/types'
import { resultWords } from '@/callback/callback'
import { moment } from '@/format/time'
import { dispositionWord } from '@/format/words'
import { serverNow } from '@/live/clock'
import type { TicketChange } from '@/live/eventTypes'

const changes: Record<TicketChange['change'], string> = {
  assigned: 'assigned it',
  blocked: 'finds nobody who may have it',
  overflowed: 'moved on to another queue',
  transferred: 'transferred it',
  escalated: 'escalated it',
  held: 'put it on hold',
  resumed: 'resumed it',
  solved: 'solved it',
  reopened: 'reopened it',
  wrapup_done: 'finished wrap-up',
  edited: 'edited it',
  customer_left: 'the customer has left',
  customer_moved: 'moved it to another record of the customer',
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

export const changeWords = (change: TicketChange['change']) => changes[change]

/** One grey line: who did what. */
export function eventWords(event: TicketEvent, nameOf: (id: number) => string = () => ''): string {
  const actor = event.actor?.name
  switch (event.type) {
    case 'ticket.changed': {
      const { change, cause } = event.data
      if (change === 'resumed' && cause) return `Came back from hold: ${cause}`
      return sentence(actor, changes[change], details(event.data))
    }
    case 'follow_up.promised':
      return sentence(actor, 'promised to come back', `${due(event.data)}: ${event.data.follow_up.reason}`)
    case 'follow_up.moved':
      return sentence(actor, 'comes back at another time', `, ${due(event.data)}: ${event.data.reason}`)
    case 'follow_up.due':
      return `To come back is due: ${event.data.follow_up.reason}`
    case 'follow_up.kept':
      return sentence(
        actor,
        event.data.follow_up.outcome === 'late' ? 'came back late' : 'came back',
        ended(event.data),
      )
    case 'follow_up.dropped':
      return sentence(actor, 'does not come back', ended(event.data))
    case 'follow_up.reopened':
      return `The reply was taken back, so somebody has to come back still: ${event.data.follow_up.reason}`
    case 'action.changed':
      return accountWords(event.data.action, actor)
    case 'offer.accepted': {
      const { how, agent_id, ticket } = event.data
      const agent = nameOf(agent_id)
      if (how === 'assigned')
        return sentence(
          actor || 'The system',
          `assigned it to ${agent || ticket.owner?.name || 'an agent'}`,
          past(event.data),
        )
      return sentence(actor ?? agent, how === 'claimed' ? 'took it' : 'accepted it', because(event.data))
    }
    case 'offer.declined':
      return sentence(actor ?? nameOf(event.data.agent_id), 'declined it', because(event.data))
    case 'offer.timed_out':
      return sentence(actor ?? nameOf(event.data.agent_id), 'missed the offer', because(event.data))
    case 'offer.rescinded':
      return sentence(actor ?? nameOf(event.data.agent_id), 'offer taken back', because(event.data))
    default:
      return sentence(actor, event.type.replace(/^.*\./, '').replaceAll('_', ' '), '')
  }
}

function sentence(who: string | undefined, what: string, more: string): string {
  const said = !more || /^[:,]/.test(more) ? what + more : `${what} ${more}`
  return who ? `${who} ${said}` : said.charAt(0).toUpperCase() + said.slice(1)
}

type FollowUpNews = { follow_up: FollowUp }
const due = ({ follow_up }: FollowUpNews) => moment(follow_up.due_at, serverNow())
const ended = ({ follow_up }: FollowUpNews) => (follow_up.ended_note ? `: ${follow_up.ended_note}` : '')

const because = ({ reason }: { reason: string }) => (reason ? `: ${reason.replaceAll('_', ' ')}` : '')

/** By hand: past what, and why. */
function past(given: { past_skill: string; past_capacity: boolean; reason: string }): string {
  const all = [
    given.past_skill ? `past what the queue asks for (${given.past_skill})` : '',
    given.past_capacity ? 'beyond what the agent can have in hand' : '',
  ].filter(Boolean)
  return (all.length ? `, ${all.join(' and ')}` : '') + (given.reason ? `: ${given.reason}` : '')
}

function details(said: TicketChange): string {
  const { change, ticket, callback } = said
  const disposition = dispositionWord(ticket)
  switch (change) {
    case 'callback_scheduled':
      return callback ? `at ${moment(callback.not_before, serverNow())}` : ''
    case 'callback_again':
    case 'callback_done':
    case 'callback_failed':
      return callback?.result ? `: ${resultWords[callback.result]}` : ''
    case 'customer_left':
      return leaving(said)
    case 'returned':
    case 'put_aside':
      return `: ${said.cause}`
    case 'reopened':
      return said.past_capacity ? ', beyond what the agent can have in hand' : ''
    case 'transferred':
      return `to ${ticket.queue.name}`
    case 'solved':
      return disposition ? `as ${disposition}` : ''
    // The end of a wrap-up may have changed it.
    case 'wrapup_done':
      if (said.disposition_was) return `and changed ${said.disposition_was} to ${disposition}`
      return ticket.state === 'solved' && disposition ? `: solved as ${disposition}` : ''
    default:
      return ''
  }
}

const became = { call_back: 'it is to be called back', close: 'it is closed', stay: '' }

function leaving(said: TicketChange): string {
  const what = said.became && became[said.became]
  return `: ${said.cause}${what ? `; ${what}` : ''}`
}
