import { onMounted, onUnmounted, ref, watch, type Ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Contact, Entry, Ticket } from '@/api/types'
import { clock } from '@/format/time'
import { useNotices } from '@/stores/notices'
import { useEntities } from '@/stores/entities'
import { entryKey } from '@/stores/timelines'
import { useWork } from '@/stores/work'
import { firstIn, firstMark, firstUnread } from './blocks'

/** Looked at for so long, it is read. */
const read_ms = 1000

const contactsOf = (entries: Entry[]) => entries.flatMap(({ contact }) => contact ?? [])

/** Up to which contact all before this entry are read; null: up to none. */
export function markBefore(entries: Entry[], key: string): Contact | null {
  const at = entries.findIndex((entry) => entryKey(entry) === key)
  return contactsOf(entries.slice(0, Math.max(0, at))).at(-1) ?? null
}

/**
 * How far the ticket is read, kept on the server, so that it is the same on every machine. Where the line stands is
 * fixed when the ticket is opened, so that nothing moves while it is read. `since`: where the line of what is new
 * stands. `unreadFrom`: the entry that is read first where all is new, and a line would part nothing.
 */
export function useReadMark(
  ticket: () => Ticket,
  entries: Readonly<Ref<Entry[]>>,
  /** All that has come has been on the screen. */
  allShown: () => boolean,
): { since: Ref<string | null>; unreadFrom: Ref<string | null>; markUnread: (key: string) => void } {
  const since = ref<string | null>(null)
  const unreadFrom = ref<string | null>(null)
  let chosen = false
  let byHand = false // until the ticket is opened again, nothing is marked read behind the reader's back
  let wait: ReturnType<typeof setTimeout> | undefined

  function choose(now: Entry[]): void {
    const { read } = ticket()
    if (!read) {
      since.value = firstMark(now)
      if (!since.value) unreadFrom.value = firstUnread(now)
    } else if (read.contact_id === null) unreadFrom.value = firstIn(now)
    else {
      const { contact_id: last, at } = read
      const hasNews = contactsOf(now).some(({ id, direction }) => direction === 'in' && id > last)
      since.value = hasNews ? at : null
    }
  }

  async function put(contact: Contact | null): Promise<void> {
    const { id } = ticket()
    await answer(
      api.PUT('/api/v1/tickets/{id}/read', {
        params: { path: { id } },
        body: contact ? { contact_id: contact.id } : {},
      }),
    )
    const known = useEntities().get('ticket', id)
    const read = { contact_id: contact?.id ?? null, at: contact?.received_at ?? null }
    if (known) useEntities().learn('ticket', id, { ...known, read })
  }

  function markRead(): void {
    const newest = contactsOf(entries.value).reduce<Contact | null>(
      (last, contact) => (!last || contact.id > last.id ? contact : last),
      null,
    )
    if (byHand || !newest || document.visibilityState !== 'visible' || !allShown()) return
    if (newest.id <= (ticket().read?.contact_id ?? 0)) return
    put(newest).catch(() => undefined) // it stays unread, which is on the safe side
  }
  function soon(): void {
    clearTimeout(wait)
    wait = setTimeout(markRead, read_ms)
  }

  function markUnread(key: string): void {
    const before = markBefore(entries.value, key)
    byHand = true
    clearTimeout(wait)
    since.value = before?.received_at ?? null
    unreadFrom.value = before ? null : firstIn(entries.value)
    const left = contactsOf(entries.value).filter(
      ({ id, direction }) => direction === 'in' && id > (before?.id ?? 0),
    ).length
    const notices = useNotices()
    put(before).then(
      () => {
        if (left) useWork().unread.set(ticket().id, left)
        notices.say(before ? `Unread after ${clock(before.received_at)}` : 'Unread from the beginning')
      },
      () => notices.say('Not marked unread: the server did not take it', 'danger'),
    )
  }

  watch(
    entries,
    (now) => {
      if (now.length === 0) return
      if (!chosen) choose(now)
      chosen = true
      soon()
    },
    { immediate: true },
  )
  watch(allShown, soon)
  onMounted(() => document.addEventListener('visibilitychange', soon))
  onUnmounted(() => {
    document.removeEventListener('visibilitychange', soon)
    clearTimeout(wait)
  })
  return { since, unreadFrom, markUnread }
}
