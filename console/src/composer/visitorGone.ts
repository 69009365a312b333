import type { Visitor } from '@/api/types'
import { moment } from '@/format/time'

/**
 * Whether a chat's visitor is there, and so what becomes of what is written to him now; empty while he is. `mailed`: it
 * goes by mail, there; `address`: a mail could go there.
 */
export function visitorGone(visitor: Visitor, mailed: string, address: string, at: number): string {
  const name = visitor.name || 'The visitor'
  const state = visitor.ended_at
    ? `${name} has ended the chat (${moment(visitor.ended_at, at)}).`
    : visitor.away_since
      ? `${name} is away: the chat window is closed since ${moment(visitor.away_since, at)}.`
      : ''
  if (!state) return ''
  if (mailed) return `${state} What you write now goes by mail to ${mailed}.`
  const fate = visitor.ended_at
    ? 'Nothing that you write here reaches them unless they open the chat again.'
    : 'What you write waits in the chat until they come back.'
  return `${state} ${fate} ${address ? `“Answer by mail” reaches ${address}.` : 'No e-mail address was left.'}`
}
