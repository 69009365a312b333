import type { RoutingStory } from '@/api/types'
import { clock } from '@/format/time'
import { channelName } from '@/format/words'

const reasons: Record<string, string> = {
  role: 'may not take tickets (role)',
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
  free: 'free: asked next',
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
export function almostWords({ missing: reasons, lacks, declined_at, asked_again_at }: Almost): string {
  if (lacks.length) return lacks.join(', ')
  if (!asked_again_at) return reasons.map(missingWords).join(', ')
  const refused = declined_at ? `declined it at ${clock(declined_at)}` : 'did not take it'
  return `${refused}, is asked again at ${clock(asked_again_at)}`
}

/** The question that the panel answers: it asks of the moment that the ticket is in. */
export function question(state: string, owner: string | null, waiting: boolean): string {
  if (waiting || state === 'waiting') return 'Why is this waiting?'
  return owner ? `Why ${owner}?` : 'Why here?'
}

type Excluded = NonNullable<RoutingStory['waiting']>['excluded'][number]

/** Which skill or licence it is, with how many lack it where there are several. */
export function excludedWords({ reason, which, agents }: Excluded): string {
  if (which.length === 0) return reasonWords(reason)
  const terms = which.map((term) => (which.length > 1 ? `${term.name} (${term.agents})` : term.name))
  return `${agents === 1 ? 'lacks' : 'lack'} ${terms.join(', ')}`
}

type Could = NonNullable<RoutingStory['waiting']>['could_take'][number]

/** What fills somebody's hands: "Ana: E-mail 3 of 3, Phone 1 of 1". */
export function handsWords({ name, in_hand }: Could): string {
  const items = in_hand.map((work) => `${channelName(work.channel)} ${work.items} of ${work.capacity}`)
  return items.length ? `${name}: ${items.join(', ')}` : name
}

/** What was decided, newest last, then what stands: the words of the server, without repeating a sentence. */
export function sentences(story: RoutingStory): { past: { at: string; words: string }[]; present: string[] } {
  const past = story.decisions.map(({ at, words }) => ({ at, words }))
  return { past, present: story.words.slice(past.length) }
}
