import type { Draft } from '@/stores/drafts'
import type { Ticket } from '@/api/types'

export interface Guard {
  id: 'variable' | 'mention' | 'attachment' | 'newcomer' | 'newer' | 'anothers' | 'unconnected'
  text: string
}

export interface GuardContext {
  kind: Ticket['reply']['kind']
  /** The newest contact of anybody else; 0 when there is none. */
  newest: number
  /** The colleague who wrote it; empty for the customer. */
  colleague?: string
  /** Whose ticket it is, if not the writer's: asked once, then he may write on. */
  anothers?: string
  /** Nothing of the others has come for a while. */
  unconnected?: boolean
}

const attached =
  /\b(attached|attachment|enclosed|im anhang|anbei|angehängt|beigefügt|ci-joint|pièce jointe|adjunto|adjunta|in allegato|bijgevoegd|w załączniku)\b/i

/** What deserves one more look before it goes out. Quoted lines are not the agent's words. */
export function guards(draft: Draft, context: GuardContext): Guard[] {
  const own = draft.text
    .split('\n')
    .filter((line) => !line.startsWith('>'))
    .join('\n')
  const found: Guard[] = []
  const variable = /\{\{[^}]*\}\}|\[\[[^\]]*\]\]/.exec(own)?.[0]
  if (variable) found.push({ id: 'variable', text: `${variable} was not filled in.` })
  const mention = /(^|\s)@[a-z][\w.-]+/i.exec(own)?.[0]?.trim()
  if (mention)
    found.push({ id: 'mention', text: `${mention} looks like a colleague; the customer would read it.` })
  if (context.kind === 'email' && attached.test(own) && draft.files.length === 0)
    found.push({ id: 'attachment', text: 'The text speaks of an attachment, but no file is attached.' })
  const newcomers = [...draft.to, ...draft.cc].filter((party) => !draft.known.includes(party.value))
  if (context.kind === 'email' && newcomers.length)
    found.push({
      id: 'newcomer',
      text: `New on this ticket: ${newcomers.map((party) => party.value).join(', ')}.`,
    })
  if (context.kind === 'email' && draft.basis && context.newest > draft.basis)
    found.push({
      id: 'newer',
      text: context.colleague
        ? `${context.colleague} has answered since you began.`
        : 'Somebody has written again since you began.',
    })
  if (context.anothers && context.kind !== 'chat')
    found.push({
      id: 'anothers',
      text: `This is ${context.anothers}’s ticket; nobody told them that you answer.`,
    })
  if (context.unconnected)
    found.push({ id: 'unconnected', text: 'Not connected: somebody may have answered meanwhile.' })
  return found
}
