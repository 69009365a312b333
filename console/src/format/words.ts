import type { Party, PresenceState, TicketState, Visitor } from '@/api/types'

/** The words of the screen. Every state has one; colour only repeats it. */

export type Tone = 'ok' | 'warn' | 'danger' | 'accent' | 'muted'
export type Mark =
  | 'disc'
  | 'half'
  | 'square'
  | 'ring'
  | 'quarter'
  | 'up'
  | 'down'
  | 'dashed'
  | 'pause'
  | 'clock'
  | 'timer'
  | 'check'
  | 'checks'
  | 'alert'
export interface Words {
  mark: Mark
  word: string
  tone: Tone
}

export const presenceWords: Record<PresenceState | 'busy', Words> = {
  ready: { mark: 'disc', word: 'Ready', tone: 'ok' },
  busy: { mark: 'half', word: 'Busy', tone: 'warn' },
  not_ready: { mark: 'square', word: 'Not ready', tone: 'danger' },
  offline: { mark: 'ring', word: 'Offline', tone: 'muted' },
}

export const ticketWords: Record<TicketState, Words> = {
  waiting: { mark: 'dashed', word: 'waiting', tone: 'warn' },
  offered: { mark: 'quarter', word: 'offered', tone: 'accent' },
  active: { mark: 'disc', word: 'active', tone: 'ok' },
  parked: { mark: 'pause', word: 'parked', tone: 'warn' },
  held: { mark: 'clock', word: 'on hold', tone: 'muted' },
  solved: { mark: 'check', word: 'solved', tone: 'muted' },
}

/** Why written work rests though it has an owner (routing parks it, and takes it up again). */
export const parkedWords = 'rests while its owner has a call or chat, or is away'

const wrapupWords: Words = { mark: 'half', word: 'wrap-up', tone: 'accent' }

/** What an agent has in hand: the state of a ticket or, after a live contact, that of its wrap-up. */
export function ticketWord(state: string): Words {
  if (state === 'wrapup') return wrapupWords
  return ticketWords[state as TicketState] ?? { mark: 'dashed', word: state, tone: 'muted' }
}

/** In the words that the queue had when it was solved; of events from before it had any, the bare id. */
export function dispositionWord(solved: { disposition?: unknown; disposition_name?: unknown }): string {
  return String(solved.disposition_name ?? solved.disposition ?? '').replaceAll('_', ' ')
}

const channelNames: Record<string, string> = {
  phone: 'Phone',
  email: 'E-mail',
  chat: 'Chat',
  fax: 'Fax',
  post: 'Letter',
  walkin: 'Visit',
  whatsapp: 'WhatsApp',
  telegram: 'Telegram',
  sms: 'SMS',
  social: 'Social',
}

export function channelName(channel: string): string {
  return channelNames[channel] ?? channel.charAt(0).toUpperCase() + channel.slice(1)
}

/** Somebody is on the other end just now. */
export function isLive(channel: string): boolean {
  return channel === 'phone' || channel === 'chat' || channel === 'walkin'
}

/** Real-time channels ring differently and count in seconds. */
export function isVoice(channel: string): boolean {
  return channel === 'phone'
}

export const tierNames = ['first', 'normal', 'later', 'last'] as const

/** Only what differs from the ordinary is worth a word. */
export function priorityWord(priority: number): string {
  if (priority >= 8) return 'urgent'
  if (priority >= 6) return 'high'
  if (priority <= 3) return 'low'
  return ''
}

export function deliveryWords(delivery: string | null): Words | null {
  switch (delivery) {
    case 'queued':
      return { mark: 'dashed', word: 'queued', tone: 'muted' }
    case 'sent':
      return { mark: 'check', word: 'sent', tone: 'muted' }
    case 'delivered':
      return { mark: 'checks', word: 'delivered', tone: 'ok' }
    case 'read':
      return { mark: 'checks', word: 'read', tone: 'accent' }
    case 'failed':
      return { mark: 'alert', word: 'failed', tone: 'danger' }
    case 'cancelled':
      return { mark: 'ring', word: 'cancelled', tone: 'muted' }
    default:
      return null
  }
}

export const flagWords: Record<string, string> = {
  machine: 'from a machine',
  auto_reply: 'automatic reply',
  bounce: 'bounce',
  encrypted: 'encrypted',
  damaged: 'damaged',
  partial: 'incomplete',
  missed: 'missed call',
  unsupported: 'cannot be shown',
}

export function partyName(party: Party | null): string {
  if (!party) return 'Unknown'
  if (isVisitor(party)) return party.name || 'Visitor'
  return party.name || party.value || 'Unknown'
}

/** Of a website chat: its value names a session, which tells a person nothing. */
function isVisitor(party: Party): boolean {
  return party.kind === 'webchat'
}

/** Who has written, in a line of a list. */
export function customerName(ticket: { channel: string; customer: { name: string } | null }): string {
  return ticket.customer?.name || (ticket.channel === 'chat' ? 'Visitor' : 'Unknown customer')
}

/** What a ticket is about, and whom: "Ana Ruiz · Call from +49 30 1234", where its subject names nobody. */
export function titleOf(ticket: {
  subject: string
  channel: string
  customer: { name: string } | null
}): string {
  const subject = ticket.subject || 'No subject'
  const name = ticket.customer?.name
  if (!name || (ticket.channel !== 'phone' && ticket.channel !== 'fax') || subject.includes(name))
    return subject
  return `${name} · ${subject}`
}

/** "Visitor, from shop.example/kettles", or the name that he gave. */
export function visitorName(visitor: Visitor): string {
  const page = visitor.page_url.replace(/^https?:\/\//, '').replace(/\/$/, '')
  return visitor.name || (page ? `Visitor, from ${page}` : 'Visitor')
}

export function partyFull(party: Party | null): string {
  if (!party) return 'Unknown'
  if (isVisitor(party)) return party.name || 'Visitor'
  if (!party.name) return party.value || 'Unknown'
  return party.value ? `${party.name} <${party.value}>` : party.name
}

export function firstName(name: string): string {
  return name.trim().split(/\s+/)[0] ?? name
}

export function bytes(size: number): string {
  if (size < 1000) return `${size} B`
  if (size < 1_000_000) return `${Math.round(size / 1000)} KB`
  return `${(size / 1_000_000).toFixed(1)} MB`
}

/** A reason as a sentence of its own. */
export function sentence(words: string): string {
  return words && `${words.charAt(0).toUpperCase()}${words.slice(1)}.`
}

export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`
}

export function initials(name: string): string {
  const words = name.trim().split(/\s+/)
  return ((words[0]?.[0] ?? '') + (words.length > 1 ? (words.at(-1)?.[0] ?? '') : '')).toUpperCase() || '?'
}

const languageNames = new Intl.DisplayNames(['en'], { type: 'language' })

export function languageName(code: string): string {
  if (!code) return ''
  try {
    return languageNames.of(code) ?? code
  } catch {
    return code
  }
}
