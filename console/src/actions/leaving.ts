import { shallowRef } from 'vue'
import type { OwnedTicket } from '@/api/types'
import { customerName } from '@/format/words'
import { serverNow } from '@/live/clock'
import { useWork } from '@/stores/work'

/** Who is about to go, with what that takes from whom: asked once. */
export const leaving = shallowRef<{ title: string; goes: string[]; sure: () => void } | null>(null)

/** The server's rule (routing's absence): live contacts go back at once, and what is due within ten minutes. */
const due_soon_ms = 10 * 60_000

export function goesBack(ticket: OwnedTicket, at: number): boolean {
  if (ticket.state !== 'active' && ticket.state !== 'parked') return false
  return ticket.live || (!!ticket.due_at && Date.parse(ticket.due_at) < at + due_soon_ms)
}

const nouns: Record<string, string> = {
  chat: 'chat',
  phone: 'call',
  walkin: 'visit',
  email: 'mail',
  fax: 'fax',
}

/** "Ana Ruiz's chat" */
export function whose(ticket: OwnedTicket): string {
  return `${customerName(ticket)}’s ${nouns[ticket.channel] ?? 'ticket'}`
}

/** Goes at once when nothing goes back by it; else asks. */
export function leave(title: string, sure: () => void): void {
  const goes = useWork()
    .mine.filter((ticket) => goesBack(ticket, serverNow()))
    .map(whose)
  if (goes.length === 0) sure()
  else leaving.value = { title, goes, sure }
}
