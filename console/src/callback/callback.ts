import type { Callback, CallbackWish, Ticket } from '@/api/types'
import { moment } from '@/format/time'

/** What an agent fills in to promise a callback; times as <input type="datetime-local"> writes them. */
export interface CallbackForm {
  phone: string
  when: 'now' | 'at' | 'window'
  from: string
  to: string
  attempts: number
  note: string
}

export type CallResult = 'answered' | 'no_answer' | 'busy' | 'failed'

export const resultWords: Record<CallResult, string> = {
  answered: 'reached',
  no_answer: 'no answer',
  busy: 'busy',
  failed: 'failed',
}

/** What is wrong with the form; empty = nothing. The server judges the number. */
export function callbackProblem(form: CallbackForm, now: number): string {
  if (!form.phone.trim()) return 'A number is needed.'
  if (form.when === 'now') return ''
  const from = Date.parse(form.from)
  if (Number.isNaN(from)) return 'A time is needed.'
  if (form.when === 'at') return from > now ? '' : 'The time must lie in the future.'
  const to = Date.parse(form.to)
  if (Number.isNaN(to)) return 'The window needs an end.'
  if (to <= now) return 'The window is over already.'
  return to > from ? '' : 'The window must end after it begins.'
}

export function callbackWish(form: CallbackForm): CallbackWish {
  const wish: CallbackWish = { phone: form.phone.trim(), attempts: form.attempts }
  if (form.when !== 'now') wish.not_before = new Date(form.from).toISOString()
  if (form.when === 'window') wish.not_after = new Date(form.to).toISOString()
  if (form.note.trim()) wish.note = form.note.trim()
  return wish
}

export function isOpenCallback(callback: Callback | null): callback is Callback {
  return callback?.state === 'scheduled' || callback?.state === 'dialling'
}

/** Worth showing on the ticket: one that is still to be kept, or that was not. */
export function shownCallback(ticket: Pick<Ticket, 'callback' | 'state'>): Callback | null {
  const { callback } = ticket
  if (!callback || ticket.state === 'solved') return null
  return ['done', 'cancelled'].includes(callback.state) ? null : callback
}

/** "now, attempt 2 of 3", "Tue 14:00 until Tue 16:00, attempt 1 of 3". */
export function callbackWords(callback: Callback, now: number): string {
  const { state, not_before, not_after, attempts, attempts_allowed } = callback
  if (state === 'missed') return 'nobody called before the window ended'
  if (state === 'failed') return `not reached in ${attempts.length} of ${attempts_allowed} attempts`
  const nth = `attempt ${attempts.length + 1} of ${attempts_allowed}`
  if (state === 'dialling') return `being called, ${nth}`
  const from = Date.parse(not_before) <= now ? 'now' : moment(not_before, now)
  return `${from}${not_after ? ` until ${moment(not_after, now)}` : ''}, ${nth}`
}
