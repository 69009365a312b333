import type { Contact, Party } from '@/api/types'

/** Where the mail asks for its answer, when that is not who wrote it. */
export function replyToElsewhere(contact: Contact): Party[] {
  const from = contact.from?.value.toLowerCase()
  return contact.reply_to.filter((party) => party.value.toLowerCase() !== from)
}

/** What a calendar beside the mail's words says: "Invitation: Meter, new", "When: …", line by line. */
export function calendarLines(contact: Contact): { name: string; value: string }[] {
  const said = (contact.details as { invitation?: unknown }).invitation
  if (typeof said !== 'string') return []
  return said
    .split('\n')
    .map((line) => ({ at: line.indexOf(': '), line }))
    .filter(({ at }) => at > 0)
    .map(({ at, line }) => ({ name: line.slice(0, at), value: line.slice(at + 2) }))
}
