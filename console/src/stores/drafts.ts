import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Party, ServerDraft, Ticket } from '@/api/types'
import { randomId } from '@/format/ids'
import { useViewers } from './viewers'

export type DraftKind = 'reply' | 'note'

export interface DraftFile {
  /** Of this page. */
  id: string
  name: string
  type: string
  size: number
  /** The server's; null while it is on its way there. */
  fileId: number | null
  /** Why it is not there. */
  problem: string
}

export interface Draft {
  ticketId: number
  kind: DraftKind
  text: string
  to: Party[]
  cc: Party[]
  files: DraftFile[]
  /** By mail instead of the ticket's own channel. */
  byMail: boolean
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
  /** Which one the server has, as far as this page knows; null: none. */
  version: number | null
  savedAt: string | null
  /** Not on the server as it stands here. */
  dirty: boolean
  /** Why it could not be saved; 'offline' when nobody answered. */
  saveProblem: string
  /** What another tab or machine has made of it, to choose from; null: it was sent or discarded there. */
  theirs?: ServerDraft | null
}

export type DraftContent = Pick<Draft, 'text' | 'to' | 'cc' | 'files' | 'byMail'>

const addresses = (parties: Party[]) => parties.map((party) => party.value)
const isEmpty = (draft: Pick<Draft, 'text' | 'files'>) => draft.text.trim() === '' && draft.files.length === 0

const isSame = (theirs: ServerDraft, draft: Draft) =>
  theirs.text === draft.text &&
  (draft.kind === 'note' ||
    theirs.text === '' ||
    addresses([...theirs.to, ...theirs.cc]).join() === addresses([...draft.to, ...draft.cc]).join())

const fileOf = ({ id, name, type, size }: ServerDraft['files'][number]): DraftFile => ({
  id: String(id),
  name,
  type,
  size,
  fileId: id,
  problem: '',
})

/**
 * What is being written, by (ticket, kind). The server keeps it (composer/saving.ts); this is what the page knows of it,
 * so that typing waits for nobody, and composer/kept.ts carries over a reload what has not been saved yet.
 */
export const useDrafts = defineStore('drafts', () => {
  const drafts = ref<Map<string, Draft>>(new Map())

  const nameOf = (ticketId: number, kind: DraftKind) => `${ticketId}:${kind}`
  const all = computed(() => [...drafts.value.values()])
  const unsent = computed(() => all.value.filter((draft) => !isEmpty(draft)))

  function find(ticketId: number, kind: DraftKind): Draft | undefined {
    return drafts.value.get(nameOf(ticketId, kind))
  }

  function has(ticketId: number): boolean {
    return unsent.value.some((draft) => draft.ticketId === ticketId)
  }

  function put(draft: Draft): Draft {
    drafts.value.set(nameOf(draft.ticketId, draft.kind), draft)
    return find(draft.ticketId, draft.kind) ?? draft
  }

  function blank(ticketId: number, kind: DraftKind): Draft {
    return {
      ticketId,
      kind,
      text: '',
      to: [],
      cc: [],
      files: [],
      byMail: false,
      known: [],
      offered: [],
      basis: 0,
      key: randomId(),
      sending: false,
      problem: '',
      version: null,
      savedAt: null,
      dirty: false,
      saveProblem: '',
    }
  }

  /** The draft of a composer. An empty one follows the ticket's recipients; a begun one is left alone. */
  function begin(ticket: Ticket, kind: DraftKind, basis: number): Draft {
    const found = find(ticket.id, kind)
    if (found && !isEmpty(found)) {
      found.basis ||= basis // begun before the ticket's contacts were there
      if (found.known.length === 0) found.known = circle(ticket)
      return found
    }
    if (found && (found.sending || edited(found))) return found
    const draft = found ?? put(blank(ticket.id, kind))
    const { to, cc } = ticket.reply
    const reply = kind === 'reply'
    return Object.assign(draft, {
      to: reply ? [...to] : [],
      cc: reply ? [...cc] : [],
      known: circle(ticket),
      offered: reply ? addresses([...to, ...cc]) : [],
      basis,
    })
  }

  function edited(draft: Draft): boolean {
    const now = addresses([...draft.to, ...draft.cc])
    return now.length !== draft.offered.length || now.some((value) => !draft.offered.includes(value))
  }

  function circle({ reply }: Ticket): string[] {
    return addresses([...reply.to, ...reply.cc, ...reply.others]).filter(
      (value) => !reply.newcomers.includes(value),
    )
  }

  /** Changed content is another message, so it gets another key. */
  function change(draft: Draft, next: Partial<DraftContent>): void {
    Object.assign(draft, next, { key: randomId(), problem: '', dirty: true })
  }

  /** A file goes to the server by itself: only sending has to know. */
  function fileChanged(draft: Draft, id: string, next: Partial<DraftFile>): void {
    draft.files = draft.files.map((file) => (file.id === id ? { ...file, ...next } : file))
    draft.key = randomId()
  }

  /** Puts back what was sent and taken back. What was begun meanwhile stands below it: nothing typed is lost. */
  function restore(ticketId: number, was: DraftContent & Pick<Draft, 'basis'>): void {
    const begun = find(ticketId, 'reply')
    put({
      ...blank(ticketId, 'reply'),
      ...was,
      text: begun?.text.trim() ? `${was.text}\n\n${begun.text}` : was.text,
      files: begun?.files ?? [],
      known: addresses([...was.to, ...was.cc]),
      offered: addresses([...was.to, ...was.cc]),
      version: begun?.version ?? null,
      dirty: true,
    })
  }

  function discard(ticketId: number, kind: DraftKind): void {
    drafts.value.delete(nameOf(ticketId, kind))
  }

  /** The server's draft takes the place of what is here. */
  function adopt(theirs: ServerDraft): Draft {
    const kind = theirs.kind as DraftKind
    return put({
      ...blank(theirs.ticket_id, kind),
      known: find(theirs.ticket_id, kind)?.known ?? [],
      text: theirs.text,
      to: theirs.to,
      cc: theirs.cc,
      files: theirs.files.map(fileOf),
      byMail: theirs.channel === 'email',
      offered: addresses([...theirs.to, ...theirs.cc]),
      basis: theirs.basis ?? 0,
      version: theirs.version,
      savedAt: theirs.saved_at,
    })
  }

  /** What is here has not been saved, and the server has something else than it was begun from. */
  function meet(draft: Draft, theirs: ServerDraft | null): void {
    if (!theirs && isEmpty(draft)) Object.assign(draft, { version: null, savedAt: null, dirty: false })
    else if (theirs && (isSame(theirs, draft) || theirs.text.trim() === '')) {
      Object.assign(draft, { version: theirs.version, savedAt: theirs.saved_at })
      joinFiles(draft, theirs)
    } else draft.theirs = theirs
  }

  function joinFiles(draft: Draft, theirs: ServerDraft): void {
    const known = new Set(draft.files.map(({ fileId }) => fileId))
    const more = theirs.files.filter(({ id }) => !known.has(id)).map(fileOf)
    if (more.length) draft.files = [...draft.files, ...more]
  }

  /** Ends what meet() began. `mine` and `both` are to be saved. */
  function choose(draft: Draft, which: 'mine' | 'theirs' | 'both'): void {
    const { theirs } = draft
    delete draft.theirs
    if (which === 'theirs') {
      if (theirs) adopt(theirs)
      else discard(draft.ticketId, draft.kind)
      return
    }
    draft.version = theirs?.version ?? null
    if (!theirs)
      draft.files = draft.files.filter(({ fileId }) => fileId === null) // they ended with it
    else joinFiles(draft, theirs)
    change(draft, which === 'both' && theirs ? { text: `${theirs.text}\n\n${draft.text}` } : {})
  }

  /** What the server has of one draft, compared with what is here. */
  function learn(ticketId: number, kind: DraftKind, theirs: ServerDraft | undefined): void {
    const here = find(ticketId, kind)
    if (here?.sending || here?.theirs !== undefined || here?.files.some(({ fileId }) => fileId === null))
      return
    if (theirs && here?.version && theirs.version < here.version) return // read before the last save
    if (here?.dirty) {
      if ((theirs?.version ?? null) !== here.version) meet(here, theirs ?? null)
    } else if (theirs) {
      if (theirs.version !== here?.version || theirs.files.length !== here.files.length) adopt(theirs)
    } else if (here && here.version !== null) discard(ticketId, kind)
  }

  /** One's own on a ticket, from whichever tab or machine, and whose else there are. Ask by readDrafts(). */
  async function read(ticketId: number): Promise<void> {
    const { items, others } = await answer(
      api.GET('/api/v1/tickets/{id}/drafts', { params: { path: { id: ticketId } } }),
    )
    for (const kind of ['reply', 'note'] as const)
      learn(
        ticketId,
        kind,
        items.find((draft) => draft.kind === kind),
      )
    useViewers().setDrafts(ticketId, others)
  }

  /** All of one's own, so that lists show them. */
  async function load(): Promise<void> {
    const { items } = await answer(api.GET('/api/v1/me/drafts', { params: { query: { limit: 200 } } }))
    for (const draft of items) {
      const kind = draft.kind as DraftKind
      const isKnown = find(draft.ticket_id, kind)?.version === draft.version
      if (draft.ticket_visible && !isKnown) learn(draft.ticket_id, kind, draft)
    }
  }

  function pack(): string {
    return JSON.stringify(unsent.value.map((draft) => ({ ...draft, theirs: undefined })))
  }

  /** Puts back what was packed, but never over what has been begun since. A file that was on its way is lost. */
  function unpack(text: string): void {
    for (const was of JSON.parse(text) as Draft[]) {
      const begun = find(was.ticketId, was.kind)
      if (begun && !isEmpty(begun)) continue
      const lost = was.files.filter(({ fileId }) => fileId === null).map(({ name }) => name)
      put({
        ...was,
        files: was.files.filter(({ fileId }) => fileId !== null),
        sending: false,
        saveProblem: '',
        problem: lost.length ? `Attach again: ${lost.join(', ')}.` : '',
      })
    }
  }

  return {
    drafts,
    all,
    unsent,
    isEmpty,
    find,
    has,
    begin,
    change,
    fileChanged,
    restore,
    discard,
    meet,
    choose,
    learn,
    read,
    load,
    pack,
    unpack,
  }
})
