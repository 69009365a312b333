import type { Contact, Party } from '@/api/types'
import { countdown } from '@/format/time'
import { partyWithName } from './caller'

/** Why nobody talked: what became of the caller. */
const unanswered: Readonly<Record<string, string>> = {
  abandoned: 'gave up in the queue',
  voicemail: 'reached the voicemail box',
  busy: 'was busy',
  rejected: 'was rejected',
  failed: 'could not be put through',
  congestion: 'could not be put through',
}

function talk(contact: Contact, disposition: string): string {
  if (contact.flags.includes('missed'))
    return ['not answered', unanswered[disposition]].filter(Boolean).join(': ')
  if (disposition === 'answered_elsewhere') return 'answered elsewhere'
  if (contact.duration_s === null) return disposition === 'answered' ? 'talking' : 'ringing'
  if (disposition !== 'answered' && contact.duration_s === 0) return unanswered[disposition] ?? 'not answered'
  return `talked ${countdown(contact.duration_s)}`
}

/** A call in a line: who with whom, how long it rang, whether and with whom somebody talked. */
export function callFacts(contact: Contact, customer = ''): string[] {
  const named = (party: Party | null) => partyWithName(party, contact, customer)
  const details = contact.details as Record<string, unknown>
  const text = (name: string) => (typeof details[name] === 'string' ? (details[name] as string) : '')
  const rang = Number(details['ring_s'])
  const legs = Array.isArray(details['legs']) ? details['legs'].length : 0
  return [
    contact.direction === 'in'
      ? `in from ${named(contact.from)}`
      : `out to ${contact.to.map(named).join(', ')}`,
    rang > 0 ? `rang ${countdown(rang)}` : '',
    talk(contact, text('disposition')),
    text('agent') && !contact.flags.includes('missed') ? `with ${text('agent')}` : '',
    legs > 1 ? `${legs} legs` : '',
  ].filter(Boolean)
}
