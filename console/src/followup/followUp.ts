import type { FollowUp, FollowUpWish } from '@/api/types'
import { browserZone, instantOf, moment, wallOf } from '@/format/time'

/** What an agent fills in to promise to come back; `when` as <input type="datetime-local"> writes it. */
export interface FollowUpForm {
  when: string
  /** Whose clock `when` is by; undefined: the browser's own. */
  zone: string | undefined
  channel: FollowUp['channel']
  reason: string
  saidTo: string
  repeats: FollowUp['repeats']
  days: number
}

export const furthest_ms = 731 * 86_400_000

/** What is wrong with such a time; empty = nothing. */
export function timeProblem(when: string, zone: string | undefined, now: number): string {
  if (!when) return 'A time is needed.'
  const at = instantOf(when, zone)
  if (at === null) return 'The clock leaves that time out: it is set forward then.'
  if (at <= now) return 'The time must lie in the future.'
  return at > now + furthest_ms ? 'Two years is the furthest.' : ''
}

export function followUpProblem(form: FollowUpForm, now: number): string {
  const wrong = timeProblem(form.when, form.zone, now)
  if (wrong) return wrong
  return form.reason.trim() ? '' : 'Say why you come back.'
}

export function followUpWish(form: FollowUpForm): FollowUpWish {
  const wish: FollowUpWish = {
    due_at: new Date(instantOf(form.when, form.zone) ?? 0).toISOString(),
    channel: form.channel,
    reason: form.reason.trim(),
    said_to: form.saidTo.trim(),
    repeats: form.repeats,
  }
  // One that repeats keeps its hour through summer time: by the clock by which it was typed, if the customer's is not known.
  const zone = form.zone ?? (form.repeats === 'never' ? undefined : browserZone())
  if (zone) wish.time_zone = zone
  if (form.repeats === 'days') wish.repeat_days = form.days
  return wish
}

export const isToKeep = (followUp: FollowUp) => followUp.state === 'open' || followUp.state === 'due'

/** Due, or so soon that its owner wants to be reminded. */
export function isComing(followUp: FollowUp, now: number): boolean {
  return isToKeep(followUp) && Date.parse(followUp.due_at) - followUp.remind_s * 1000 <= now
}

const repeatNames = { never: '', weekly: 'each week', monthly: 'each month', days: '' }

export function repeatWords({ repeats, repeat_days }: FollowUp): string {
  return repeats === 'days' ? `every ${repeat_days} days` : repeatNames[repeats]
}

/** "Thu 09:00", and where the customer's clock says something else: "Thu 09:00 · 04:00 there". */
export function dueWords({ due_at, time_zone }: FollowUp, now: number): string {
  const at = Date.parse(due_at)
  const ours = moment(due_at, now)
  if (!time_zone || wallOf(at, time_zone) === wallOf(at, undefined)) return ours
  const theirs = wallOf(at, time_zone)
  const day = theirs.slice(0, 10) === wallOf(at, undefined).slice(0, 10) ? '' : `${theirs.slice(0, 10)} `
  return `${ours} · ${day}${theirs.slice(11)} there`
}

/** What became of one that is over. */
export function endWords({ state, outcome, ended_by, ended_note }: FollowUp): string {
  const what = { kept: 'kept', late: 'kept late', broken: 'broken' }[outcome ?? 'kept']
  const how = state === 'dropped' && !outcome ? 'taken back' : what
  return `${how}${ended_by ? ` by ${ended_by.name}` : ''}${ended_note ? `: ${ended_note}` : ''}`
}

/** How a promise ends, or becomes another. */
export const followUpActs = [
  { act: 'keep', label: 'Kept' },
  { act: 'move', label: 'Move' },
  { act: 'drop', label: 'Drop' },
] as const
export type FollowUpAct = (typeof followUpActs)[number]['act']
