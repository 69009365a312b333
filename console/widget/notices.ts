// The one line that tells the visitor where he is: waiting, closed, taken, solved.
import type { chat_view } from './environment'
import { fill, type words } from './words'

export function notice(view: chat_view, w: words, language: string): string {
  if (view.connection === 'offline') return w.offline
  if (view.problem !== null) return view.problem
  if (view.mailed_to !== null) return fill(w.mailed, view.mailed_to)
  if (view.connection === 'connecting') return w.connecting
  const s = view.status
  if (!s) return ''
  if (s.state === 'solved' || view.ended) return w.solved
  if (s.state === 'on_hold') {
    const who = s.agent?.name ?? w.us
    return s.until ? fill(w.on_hold_until, who, moment(s.until, language)) : fill(w.on_hold, who)
  }
  if (s.state === 'active' && view.agent && view.is_back) return fill(w.back, view.agent)
  if (s.state === 'active') return view.agent && !has_spoken(view) ? fill(w.joined, view.agent) : ''
  const closed = !s.open ? (s.opens_at ? fill(w.closed_until, moment(s.opens_at, language)) : w.closed) : ''
  const place = s.state !== 'waiting' ? '' : s.staffed === false ? w.nobody : s.ahead === null ? w.waiting : s.ahead === 0 ? w.next : fill(w.ahead, s.ahead)
  const by_mail = s.mail && (closed || s.state === 'waiting') ? (s.email ? fill(w.reached_at, s.email) : w.leave_address) : ''
  return [closed || place, by_mail].filter(Boolean).join(' ')
}

/** Where an answer or the transcript would find him is worth asking while he has not said. */
export function wants_address(view: chat_view): boolean {
  const s = view.status
  const answered = view.entries.some((e) => e.from === 'agent') // then the transcript can be sent to it
  return !!s && s.mail && !s.email && view.entries.length > 0 && (s.state === 'waiting' || !s.open || answered)
}

export function may_end(view: chat_view): boolean {
  return !view.ended && view.connection === 'online' && ['waiting', 'active', 'on_hold'].includes(view.status?.state ?? '')
}

/** The transcript goes to the address that he gave, once somebody has answered. */
export function may_ask_transcript(view: chat_view): boolean {
  return !!view.status?.mail && !!view.status.email && view.entries.some((e) => e.from === 'agent')
}

function has_spoken(view: chat_view): boolean {
  return view.entries.some((e) => e.from === 'agent' && e.name === view.agent)
}

function moment(at: string, language: string): string {
  const when = new Date(at)
  return when.toLocaleString(language, { weekday: 'long', hour: '2-digit', minute: '2-digit' })
}
