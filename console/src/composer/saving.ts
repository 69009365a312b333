import { onMounted, onUnmounted, watch } from 'vue'
import { answer, api } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { ServerDraft } from '@/api/types'
import { onEvent } from '@/live/events'
import { useDrafts, type Draft } from '@/stores/drafts'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'

/** Drafts on their way to the server: a second after the last key, on leaving the field, and on leaving the page. */
const pause_ms = 1000
const again_ms = 5000
/** What a browser still sends of a page that has gone, together. */
export const mostAtTheEnd = 60_000

const turns = new Map<string, Promise<unknown>>()
const timers = new Map<string, ReturnType<typeof setTimeout>>()
const nameOf = ({ ticketId, kind }: Pick<Draft, 'ticketId' | 'kind'>) => `${ticketId}:${kind}`

/** One thing at a time with one draft, in the order of asking, so that no answer overtakes another. */
export function inTurn<T>(draft: Pick<Draft, 'ticketId' | 'kind'>, work: () => Promise<T>): Promise<T> {
  const name = nameOf(draft)
  const before = turns.get(name) ?? Promise.resolve()
  const mine = before.then(work, work)
  turns.set(name, mine)
  void mine
    .catch(() => undefined)
    .finally(() => {
      if (turns.get(name) === mine) turns.delete(name)
    })
  return mine
}

function bodyOf(draft: Draft) {
  const party = ({ value, name }: { value: string; name: string }) => (name ? { value, name } : { value })
  const mails = (parties: Draft['to']) => parties.filter(({ kind }) => kind === 'email').map(party)
  return {
    text: draft.text,
    ...(draft.kind === 'reply' ? { to: mails(draft.to), cc: mails(draft.cc) } : {}),
    ...(draft.byMail ? { channel: 'email' as const } : {}),
    ...(draft.basis ? { basis: draft.basis } : {}),
  }
}

async function write(draft: Draft, keepalive: boolean): Promise<void> {
  const path = { id: draft.ticketId, kind: draft.kind }
  const headers: Record<string, string> =
    draft.version === null ? { 'If-None-Match': '*' } : { 'If-Match': `"${draft.version}"` }
  if (useDrafts().isEmpty(draft)) {
    if (draft.version !== null)
      await answer(api.DELETE('/api/v1/tickets/{id}/drafts/{kind}', { params: { path }, headers, keepalive }))
    Object.assign(draft, { version: null, savedAt: null })
    return
  }
  const saved = await answer(
    api.PUT('/api/v1/tickets/{id}/drafts/{kind}', {
      params: { path },
      headers,
      keepalive,
      body: bodyOf(draft),
    }),
  )
  Object.assign(draft, { version: saved.version, savedAt: saved.saved_at })
}

async function save(draft: Draft, keepalive: boolean, evenSame = false): Promise<void> {
  const drafts = useDrafts()
  if (drafts.find(draft.ticketId, draft.kind) !== draft) return // sent or discarded meanwhile
  if ((!draft.dirty && !evenSame) || draft.theirs !== undefined) return
  const { key } = draft
  let again = true
  try {
    await write(draft, keepalive)
    draft.saveProblem = ''
    if (draft.key === key) draft.dirty = false
  } catch (error) {
    const problem = asProblem(error)
    if (problem.status === 412) {
      drafts.meet(draft, (problem.body.current as ServerDraft | null | undefined) ?? null)
      draft.saveProblem = ''
    } else {
      draft.saveProblem = problem.status === 0 ? 'offline' : problem.message
      again = problem.mayRetry || draft.key !== key // the same would be refused again
    }
  }
  if (draft.dirty && draft.theirs === undefined && again)
    saveSoon(draft, draft.saveProblem ? again_ms : pause_ms)
}

export function saveSoon(draft: Draft, wait_ms = pause_ms): void {
  const name = nameOf(draft)
  clearTimeout(timers.get(name))
  timers.set(
    name,
    setTimeout(() => void saveNow(draft), wait_ms),
  )
}

/** Saves what has changed, and waits for what is under way. Never throws: how it went stands in the draft. */
export function saveNow(draft: Draft, keepalive = false): Promise<void> {
  const name = nameOf(draft)
  clearTimeout(timers.get(name))
  timers.delete(name)
  if (!draft.dirty && !turns.has(name)) return Promise.resolve()
  return inTurn(draft, () => save(draft, keepalive))
}

/** What is under way has ended: a save that arrives after the sending would bring back what was sent. */
export async function settled(draft: Draft): Promise<void> {
  clearTimeout(timers.get(nameOf(draft)))
  await turns.get(nameOf(draft))?.catch(() => undefined)
}

export async function saveAll(): Promise<void> {
  await Promise.all(useDrafts().all.map((draft) => saveNow(draft)))
}

/** Sends a file to the draft of the server, which is begun with it. */
export function upload(draft: Draft, id: string, read: () => Promise<string>): Promise<void> {
  const drafts = useDrafts()
  return inTurn(draft, async () => {
    const file = draft.files.find((known) => known.id === id)
    if (!file) return // taken out again before its turn came
    try {
      if (draft.version === null) await save(draft, false, true)
      if (draft.version === null) throw new Error(draft.saveProblem || 'the draft was changed elsewhere')
      const { name, type } = file
      const there = await answer(
        api.POST('/api/v1/tickets/{id}/drafts/reply/files', {
          params: { path: { id: draft.ticketId } },
          body: { name, type, content: await read() },
        }),
      )
      if (draft.files.some((known) => known.id === id))
        drafts.fileChanged(draft, id, { fileId: there.id, problem: '' })
      else void forgetFile(there.id)
    } catch (error) {
      drafts.fileChanged(draft, id, { problem: error instanceof Error ? error.message : String(error) })
    }
  })
}

export async function forgetFile(fileId: number): Promise<void> {
  await answer(api.DELETE('/api/v1/draft-files/{id}', { params: { path: { id: fileId } } })).catch(
    () => undefined,
  )
}

/** "Saved 14:02", or why not; empty where there is nothing to save. */
export function savedWords(draft: Draft, timeOf: (at: string) => string): string {
  if (draft.theirs !== undefined) return ''
  if (draft.saveProblem === 'offline') return 'Not saved, offline'
  if (draft.saveProblem) return `Not saved: ${draft.saveProblem}`
  if (draft.dirty) return 'Not saved yet'
  return draft.savedAt && draft.version !== null ? `Saved ${timeOf(draft.savedAt)}` : ''
}

/** Whether leaving the page now would lose something. */
export function wouldLose(draft: Draft): boolean {
  if (draft.files.some(({ fileId }) => fileId === null)) return true
  return (
    draft.dirty && (!!draft.saveProblem || draft.theirs !== undefined || draft.text.length > mostAtTheEnd)
  )
}

/** Keeps every draft of this page on the server, as long as the frame is there. */
export function useSaving(): void {
  const drafts = useDrafts()
  watch(
    () => drafts.all.map((draft) => (draft.dirty ? draft.key : '')),
    () => {
      for (const draft of drafts.all) if (draft.dirty && !draft.sending) saveSoon(draft)
    },
  )
  const unsaved = () => drafts.all.filter((draft) => draft.dirty && !draft.sending)
  /** What waits for its turn now never gets it. */
  const atTheEnd = () => unsaved().forEach((draft) => void save(draft, true))
  const onVisible = () => {
    if (document.visibilityState === 'hidden') unsaved().forEach((draft) => void saveNow(draft, true))
  }
  onMounted(() => {
    window.addEventListener('pagehide', atTheEnd)
    document.addEventListener('visibilitychange', onVisible)
  })
  onUnmounted(() => {
    window.removeEventListener('pagehide', atTheEnd)
    document.removeEventListener('visibilitychange', onVisible)
    for (const timer of timers.values()) clearTimeout(timer)
  })
}

/** The drafts of a ticket as the server has them, when nothing of them is on its way: no answer of before is taken for news. */
export function readDrafts(ticketId: number): Promise<void> {
  const read = () => useDrafts().read(ticketId)
  return inTurn({ ticketId, kind: 'reply' }, () => inTurn({ ticketId, kind: 'note' }, read))
}

/** The open ticket's drafts as the server has them now: when it is opened, when the window is come back to, on news. */
export function useFreshDrafts(ticketId: () => number): void {
  const drafts = useDrafts()
  const read = () => void readDrafts(ticketId()).catch(() => undefined)
  onMounted(read)
  onMounted(() => window.addEventListener('focus', read))
  onUnmounted(() => window.removeEventListener('focus', read))
  watch(ticketId, read)
  const stop = onEvent('draft.changed', ({ ticket_id, data: { agent, kind, exists } }) => {
    if (ticket_id !== useWork().openTicket || ticket_id !== ticketId()) return
    if (agent.id !== useSession().user?.id) return
    const here = drafts.find(ticketId(), kind)
    if (!here?.sending && (here?.version !== null) !== exists) read()
  })
  onUnmounted(stop)
}
