import { answer, api } from '@/api/client'
import { asProblem } from '@/api/problem'
import type { Contact, Ticket } from '@/api/types'
import { serverNow } from '@/live/clock'
import { useDrafts, type Draft } from '@/stores/drafts'
import { useNotices } from '@/stores/notices'
import { useSession } from '@/stores/session'
import { contactEntry, useTimelines } from '@/stores/timelines'
import { useTickets } from '@/stores/tickets'
import { readDrafts, saveNow } from './saving'
import { useWork } from '@/stores/work'
import { focusComposer } from './focus'

/** What was sent from this tab, newest last, with all that was written: undo gives it back as it was. */
const sent: { contact: Contact; draft: Draft }[] = []
const remembered = 20

export function rememberSent(contact: Contact, draft: Draft): void {
  if (!contact.sends_at) return
  sent.push({ contact, draft: { ...draft, to: [...draft.to], cc: [...draft.cc], files: [...draft.files] } })
  if (sent.length > remembered) sent.shift()
}

export function secondsToUndo(contact: Contact, at: number): number {
  if (contact.delivery !== 'queued' || !contact.sends_at) return 0
  return Math.max(0, Math.ceil((Date.parse(contact.sends_at) - at) / 1000))
}

/** The newest reply that can still be taken back. */
export function undoLast(): boolean {
  const last = sent.findLast(({ contact }) => secondsToUndo(contact, serverNow()) > 0)
  if (!last) return false
  void undoSend(last.contact)
  return true
}

/** Takes a reply back before it leaves: text, recipients and files return to the composer. */
export async function undoSend(contact: Contact): Promise<boolean> {
  try {
    const begun = contact.ticket_id && useDrafts().find(contact.ticket_id, 'reply')
    if (begun) await saveNow(begun) // the server puts what was sent above it
    const back = await answer(
      api.POST('/api/v1/contacts/{id}/undo', { params: { path: { id: contact.id } }, body: {} }),
    )
    const at = sent.findIndex((known) => known.contact.id === contact.id)
    const draft = at >= 0 ? sent.splice(at, 1)[0]?.draft : undefined
    const ticketId = back.ticket.id
    useTimelines().add(ticketId, [contactEntry(back.contact)])
    useTickets().put(back.ticket)
    await bringBack(ticketId, contact, draft)
    // The button that was pressed is gone: the keyboard goes where the text is.
    if (useWork().openTicket === ticketId) focusComposer(ticketId, 'reply')
    useNotices().say(`#${ticketId}: not sent. Your text is back${whereNow(back.ticket)}.`)
    return true
  } catch (error) {
    useNotices().say(`Not taken back: ${asProblem(error).message}`, 'danger')
    return false
  }
}

/** Said where it is not on one's own desk again. */
function whereNow({ owner, queue }: Ticket): string {
  if (owner?.id === useSession().user?.id) return ''
  return owner ? `; the ticket is with ${owner.name}` : `; the ticket is in ${queue.name}`
}

/** The server has made a draft of it again. Where that cannot be read now, it is put together from what was sent. */
async function bringBack(ticketId: number, contact: Contact, draft: Draft | undefined): Promise<void> {
  const drafts = useDrafts()
  try {
    await readDrafts(ticketId)
  } catch {
    const { text, to, cc } = draft ?? contact
    drafts.restore(ticketId, {
      text,
      to,
      cc,
      files: [],
      byMail: draft?.byMail ?? false,
      basis: draft?.basis ?? 0,
    })
  }
  const back = drafts.find(ticketId, 'reply')
  if (back && draft)
    back.known = [...new Set([...draft.known, ...[...draft.to, ...draft.cc].map(({ value }) => value)])]
}

/** Sends a mail again that has failed. */
export async function retrySend(contact: Contact): Promise<void> {
  try {
    const again = await answer(
      api.POST('/api/v1/contacts/{id}/retry', { params: { path: { id: contact.id } }, body: {} }),
    )
    useTimelines().add(again.ticket.id, [contactEntry(again.contact)])
  } catch (error) {
    useNotices().say(`Not sent again: ${asProblem(error).message}`, 'danger')
  }
}
