import type { RoutingStory } from '@/api/types'
import { clock } from '@/format/time'

const reasons: Record<string, string> = {
  delay: 'see it only later',
  skill: 'lack a skill',
  licence: 'lack a licence',
  grade: 'find it too difficult',
  queue_closed: 'the queue is closed',
  not_signed_in: 'not there, or not ready for this channel',
  shift_ends: 'shift ends too soon',
  refused: 'refused it a short while ago',
  held_for_other: 'it is kept for somebody else',
  reserve: 'kept free for calls and chats',
  ringing: 'another offer rings there first',
  busy: 'no room for more right now',
}

export const reasonWords = (reason: string): string => reasons[reason] ?? reason.replaceAll('_', ' ')

const missing: Record<string, string> = {
  no_member: 'not in the queue',
  delay: 'sees it only later',
  skill: 'a skill is missing',
  licence: 'a licence is missing',
  grade: 'it is too difficult',
  not_signed_in: 'not there, or not ready for this channel',
  shift_ends: 'the shift ends too soon',
  refused: 'refused it a short while ago',
  reserve: 'kept free for calls and chats',
}

/** What keeps one agent from it. */
export const missingWords = (reason: string): string => missing[reason] ?? reasonWords(reason)

type Almost = NonNullable<RoutingStory['waiting']>['almost'][number]

/** The same with the time at which it passes, where it does. */
export function almostWords({ missing: reasons, declined_at, asked_again_at }: Almost): string {
  if (!asked_again_at) return reasons.map(missingWords).join(', ')
  const refused = declined_at ? `declined it at ${clock(declined_at)}` : 'did not take it'
  return `${refused}, is asked again at ${clock(asked_again_at)}`
}

/** The question that the panel answers: it asks of the moment that the ticket is in. */
export function question(state: string, owner: string | null, waiting: boolean): string {
  if (waiting || state === 'waiting') return 'Why is this waiting?'
  return owner ? `Why ${owner}?` : 'Why here?'
}

/** Up to three names, the number of the others, or nobody. */
export function people(list: readonly { name: string }[]): string {
  if (list.length === 0) return 'Nobody'
  const shown = list.slice(0, 3).map((one) => one.name)
  const rest = list.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}

/** What was decided, newest last, then what stands: the words of the server, without repeating a sentence. */
export function sentences(story: RoutingStory): { past: { at: string; words: string }[]; present: string[] } {
  const past = story.decisions.map(({ at, words }) => ({ at, words }))
  return { past, present: story.words.slice(past.length) }
}
