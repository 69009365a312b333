/** A plain-text e-mail as its new words and what is quoted or signed below them. */
export interface Parts {
  fresh: string
  folded: string
}

/** Folds what the server has cut off at the end (`text_reply` is what it has left), and not a word more. */
export function splitQuotes(text: string, reply: string | null): Parts {
  const whole = text.replaceAll('\r\n', '\n').trimEnd()
  const said = reply?.replaceAll('\r\n', '\n').trimEnd()
  const end = said ? endOf(said, whole) : whole.length
  return { fresh: whole.slice(0, end), folded: whole.slice(end).replace(/^\n+/, '') }
}

/** Where the last of the new words ends; those before it may have lost lines in between. */
function endOf(said: string, whole: string): number {
  if (whole.startsWith(said)) return said.length
  const last = said.slice(said.lastIndexOf('\n') + 1)
  const at = `\n${whole}\n`.lastIndexOf(`\n${last}\n`)
  return at < 0 ? whole.length : at + last.length
}
