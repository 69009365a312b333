import { answer, api, retryKey } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { ServerDraft, Ticket } from '@/api/types'
import { useDrafts, type Draft } from '@/stores/drafts'
import { useNotices } from '@/stores/notices'
import { useTickets } from '@/stores/tickets'
import { contactEntry, useTimelines } from '@/stores/timelines'
import { saveNow, saveSoon, settled } from './saving'
import { rememberSent, undoSend } from './undo'

/** Sends a reply to the ticket of the draft, whichever ticket is open by now. */
export async function sendReply(
  draft: Draft,
  kind: Ticket['reply']['kind'] | 'visitor', // by mail, where he left his address
  solve?: string,
): Promise<boolean> {
  return guarded(draft, 'Not sent', kind === 'chat', async () => {
    const party = ({ value, name }: { value: string; name: string }) => (name ? { value, name } : { value })
    const { contact, ticket } = await answer(
      api.POST('/api/v1/tickets/{id}/replies', {
        params: { path: { id: draft.ticketId } },
        headers: retryKey(draft.key),
        body: {
          text: draft.text.trim(),
          ...(kind === 'visitor' ? { channel: 'email' as const } : {}),
          ...(kind === 'email' ? { to: draft.to.map(party), cc: draft.cc.map(party) } : {}),
          ...(draft.files.length ? { draft_files: draft.files.flatMap(({ fileId }) => fileId ?? []) } : {}),
          ...(solve ? { solve } : {}),
          ...versionOf(draft),
        },
      }),
    )
    rememberSent(contact, draft)
    useDrafts().discard(draft.ticketId, 'reply')
    useTimelines().add(draft.ticketId, [contactEntry(contact)])
    useTickets().put(ticket)
    const undo = contact.sends_at
      ? { label: 'Undo', action: 'composer.undo', run: () => void undoSend(contact), until: contact.sends_at }
      : undefined
    // Its entry offers the same; only a ticket that leaves the screen needs a notice over it.
    if (solve)
      useNotices().say(
        `#${draft.ticketId} ${kind === 'none' ? 'recorded' : 'answered'} and solved`,
        'ok',
        undo,
      )
  })
}

/** Notes have their own route: nothing of them can come into a message. */
export async function addNote(draft: Draft): Promise<boolean> {
  return guarded(draft, 'Note not added', false, async () => {
    const note = await answer(
      api.POST('/api/v1/tickets/{id}/notes', {
        params: { path: { id: draft.ticketId } },
        headers: retryKey(draft.key),
        body: { text: draft.text.trim(), ...versionOf(draft) },
      }),
    )
    useDrafts().discard(draft.ticketId, 'note')
    useTimelines().addNote(draft.ticketId, note)
  })
}

/** The server's draft that this is, as far as this page knows: it ends with the sending, and another is not passed over. */
const versionOf = ({ version }: Draft) => (version === null ? {} : { draft_version: version })

/** `atOnce`: without saving first. Else what is written is there if this fails, and another tab's words are not passed over. */
async function guarded(
  draft: Draft,
  what: string,
  atOnce: boolean,
  work: () => Promise<void>,
): Promise<boolean> {
  draft.sending = true
  draft.problem = ''
  try {
    if (!atOnce) await saveNow(draft)
    await settled(draft) // nothing may arrive behind it and bring back what was sent
    if (draft.theirs !== undefined) return false
    await work()
    return true
  } catch (error) {
    const problem = asProblem(error)
    if (problem.status === 412) {
      useDrafts().meet(draft, (problem.body.current as ServerDraft | null | undefined) ?? null)
      if (draft.theirs === undefined) draft.problem = `${what}: it was saved elsewhere too. Send again.`
      return false
    }
    const request = problem.requestId ? ` Request ${problem.requestId}.` : ''
    const again = problem.mayRetry ? ' Send again: it goes out once.' : ''
    draft.problem = `${what}: ${problem.message}. Your text is kept.${again}${request}`
    return false
  } finally {
    draft.sending = false
    if (draft.dirty) saveSoon(draft)
  }
}
