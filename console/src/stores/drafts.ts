import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import type { Party, Ticket } from '@/api/types'
import { randomId } from '@/format/ids'

export type DraftKind = 'reply' | 'note'

export interface DraftFile {
  id: string
  name: string
  type: string
  size: number
  /** base64; empty while it is being read. */
  content: string
}

export interface Draft {
  ticketId: number
  kind: DraftKind
  text: string
  to: Party[]
  cc: Party[]
  files: DraftFile[]
  /** Whom the ticket has had before: anybody else is a newcomer. */
  known: string[]
  /** Whom the reply went to before the agent changed it. */
  offered: string[]
  /** The newest contact when writing began; a newer one is worth a look before sending. */
  basis: number
  /** The same for each try of one content, so that a retry sends nothing twice. */
  key: string
  sending: boolean
  problem: string
}

/** What is being written, by (ticket, kind). In memory; composer/kept.ts carries it over a reload. */
export const useDrafts = defineStore('drafts', () => {
  const drafts = ref<Map<string, Draft>>(new Map())

  const nameOf = (ticketId: number, kind: DraftKind) => `${ticketId}:${kind}`
  const isEmpty = (draft: Draft) => draft.text.trim() === '' && draft.files.length === 0
  const unsent = computed(() => [...drafts.value.values()].filter((draft) => !isEmpty(draft)))

  function find(ticketId: number, kind: DraftKind): Draft | undefined {
    return drafts.value.get(nameOf(ticketId, kind))
  }

  function has(ticketId: number): boolean {
    return unsent.value.some((draft) => draft.ticketId === ticketId)
  }

  /** The draft of a composer. An empty one follows the ticket's recipients; a begun one is left alone. */
  function begin(ticket: Ticket, kind: DraftKind, basis: number): Draft {
    const found = find(ticket.id, kind)
    if (found && !isEmpty(found)) {
      found.basis ||= basis // begun before the ticket's contacts were there
      return found
    }
    const { to, cc } = ticket.reply
    if (found) {
      if (!found.sending && !edited(found)) {
        Object.assign(found, {
          to: [...to],
          cc: [...cc],
          known: circle(ticket),
          offered: addresses([...to, ...cc]),
          basis,
        })
      }
      return found
    }
    const draft: Draft = {
      ticketId: ticket.id,
      kind,
      text: '',
      to: kind === 'reply' ? [...to] : [],
      cc: kind === 'reply' ? [...cc] : [],
      files: [],
      known: circle(ticket),
      offered: addresses([...to, ...cc]),
      basis,
      key: randomId(),
      sending: false,
      problem: '',
    }
    drafts.value.set(nameOf(ticket.id, kind), draft)
    return find(ticket.id, kind) ?? draft
  }

  function edited(draft: Draft): boolean {
    const now = addresses([...draft.to, ...draft.cc])
    return now.length !== draft.offered.length || now.some((value) => !draft.offered.includes(value))
  }

  const addresses = (parties: Party[]) => parties.map((party) => party.value)

  function circle({ reply }: Ticket): string[] {
    return addresses([...reply.to, ...reply.cc, ...reply.others]).filter(
      (value) => !reply.newcomers.includes(value),
    )
  }

  /** Changed content is another message, so it gets another key. */
  function change(draft: Draft, next: Partial<Pick<Draft, 'text' | 'to' | 'cc' | 'files'>>): void {
    Object.assign(draft, next, { key: randomId(), problem: '' })
  }

  /** Puts back what was sent and taken back. What was begun meanwhile stands below it: nothing typed is lost. */
  function restore(
    ticketId: number,
    was: Pick<Draft, 'text' | 'to' | 'cc' | 'files' | 'basis'>,
    kind: DraftKind = 'reply',
  ): void {
    const begun = find(ticketId, kind)
    drafts.value.set(nameOf(ticketId, kind), {
      ticketId,
      kind,
      ...was,
      text: begun?.text.trim() ? `${was.text}\n\n${begun.text}` : was.text,
      files: [...was.files, ...(begun?.files ?? [])],
      known: addresses([...was.to, ...was.cc]),
      offered: addresses([...was.to, ...was.cc]),
      key: randomId(),
      sending: false,
      problem: '',
    })
  }

  function discard(ticketId: number, kind: DraftKind): void {
    drafts.value.delete(nameOf(ticketId, kind))
  }

  /** All that is begun, as text: without the files, which are too large to keep. */
  function pack(): string {
    return JSON.stringify(
      unsent.value.map((draft) => ({ ...draft, files: [], missing: draft.files.map(({ name }) => name) })),
    )
  }

  /** Puts back what was packed, but never over what has been begun since. */
  function unpack(text: string): void {
    for (const { missing, ...was } of JSON.parse(text) as (Draft & { missing: string[] })[]) {
      const begun = find(was.ticketId, was.kind)
      if (begun && !isEmpty(begun)) continue
      const problem = missing.length ? `Attach again: ${missing.join(', ')}.` : ''
      drafts.value.set(nameOf(was.ticketId, was.kind), { ...was, sending: false, problem })
    }
  }

  return { drafts, unsent, find, has, begin, change, restore, discard, pack, unpack }
})
