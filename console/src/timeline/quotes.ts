/** Splits a plain-text e-mail into the new words and what is quoted or signed below them. */
export interface Parts {
  fresh: string
  folded: string
}

const introductions = [
  /^on .{4,200} wrote:\s*$/i,
  /^am .{4,200} schrieb.*:\s*$/i,
  /^le .{4,200} a écrit\s*:\s*$/i,
  /^el .{4,200} escribió:\s*$/i,
  /^il .{4,200} ha scritto:\s*$/i,
  /^op .{4,200} schreef.*:\s*$/i,
  /^-{2,}\s*(original message|ursprüngliche nachricht|message d'origine|mensaje original|forwarded message).*$/i,
  /^_{10,}\s*$/,
]

export function splitQuotes(text: string, reply: string | null): Parts {
  const whole = text.replaceAll('\r\n', '\n')
  const said = reply?.replaceAll('\r\n', '\n').trimEnd()
  if (said && whole.startsWith(said) && said.length < whole.trimEnd().length)
    return { fresh: said, folded: whole.slice(said.length).replace(/^\n+/, '').trimEnd() }

  const lines = whole.trimEnd().split('\n')
  let end = lines.length
  for (let i = 0; i < lines.length; i++) {
    if (!isStart(lines, i)) continue
    // Answers written between quotes are new text: nothing above the last of them may be folded.
    if (hasFreshAfter(lines, i)) continue
    end = i
    break
  }
  const fresh = lines.slice(0, end).join('\n').trimEnd()
  if (fresh.trim() === '') return { fresh: whole.trimEnd(), folded: '' }
  return { fresh, folded: lines.slice(end).join('\n') }
}

function isStart(lines: string[], at: number): boolean {
  const line = lines[at] ?? ''
  const joined = `${line} ${lines[at + 1] ?? ''}`.trim()
  return (
    line.startsWith('>') ||
    line === '-- ' ||
    line === '--' ||
    introductions.some((pattern) => pattern.test(line.trim())) ||
    // Mail programs wrap the introduction into two lines.
    (/^(on|am|le|el|il|op) /i.test(line) &&
      (lines[at + 2] ?? '').startsWith('>') &&
      introductions.some((p) => p.test(joined)))
  )
}

/** Below a signature or an "original message" line everything is old; below ">" lines new text may follow. */
function hasFreshAfter(lines: string[], at: number): boolean {
  const first = lines[at] ?? ''
  if (
    !first.startsWith('>') &&
    !/wrote|schrieb|écrit|escribió|scritto|schreef/i.test(`${first} ${lines[at + 1] ?? ''}`)
  )
    return false
  const rest = lines.slice(at + 1)
  const signature = rest.findIndex((line) => line === '-- ' || line === '--')
  const body = signature < 0 ? rest : rest.slice(0, signature)
  const quoted = body.some((line) => line.startsWith('>')) || first.startsWith('>')
  if (!quoted) return false
  const firstQuoted = first.startsWith('>') ? -1 : body.findIndex((line) => line.startsWith('>'))
  return body.slice(firstQuoted + 1).some((line) => line.trim() !== '' && !line.startsWith('>'))
}
