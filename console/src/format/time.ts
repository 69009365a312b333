/** Times and durations as the console writes them. All input is RFC 3339 or milliseconds since 1970. */

type Instant = string | number

let zone: string | undefined

/** The zone that absolute times are shown in; undefined is the browser's own. */
export function setTimeZone(name: string | undefined): void {
  zone = name && isTimeZone(name) ? name : undefined
  formats.clear()
}

export const browserZone = () => new Intl.DateTimeFormat().resolvedOptions().timeZone

export function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en-GB', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const formats = new Map<string, Intl.DateTimeFormat>()

function formatIn(timeZone: string | undefined, key: string, options: Intl.DateTimeFormatOptions) {
  const name = `${key} ${timeZone ?? ''}`
  let format = formats.get(name)
  if (!format) {
    format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone })
    formats.set(name, format)
  }
  return format
}

const millis = (at: Instant): number => (typeof at === 'number' ? at : Date.parse(at))

export function clock(at: Instant, timeZone = zone): string {
  return formatIn(timeZone, 'clock', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(
    millis(at),
  )
}

export function clockSeconds(at: Instant): string {
  return formatIn(zone, 'seconds', {
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(millis(at))
}

function day(at: Instant): string {
  return formatIn(zone, 'day', { year: 'numeric', month: '2-digit', day: '2-digit' }).format(millis(at))
}

/** "14:02" today, "Tue 14:02" within a week, "3 Mar 14:02" this year, else with the year. */
export function moment(at: Instant, now: number): string {
  const then = millis(at)
  if (day(then) === day(now)) return clock(then)
  const days = Math.abs(now - then) / 86_400_000
  if (days < 6) return `${formatIn(zone, 'week', { weekday: 'short' }).format(then)} ${clock(then)}`
  const sameYear = day(then).slice(-4) === day(now).slice(-4)
  const date = sameYear
    ? formatIn(zone, 'date', { day: 'numeric', month: 'short' })
    : formatIn(zone, 'full', { day: 'numeric', month: 'short', year: 'numeric' })
  return `${date.format(then)} ${clock(then)}`
}

/** The date line between entries: "Today", "Yesterday", "Tuesday 3 March". */
export function dayLine(at: Instant, now: number): string {
  if (day(at) === day(now)) return 'Today'
  if (day(at) === day(now - 86_400_000)) return 'Yesterday'
  const options: Intl.DateTimeFormatOptions = { weekday: 'long', day: 'numeric', month: 'long' }
  const sameYear = day(at).slice(-4) === day(now).slice(-4)
  return sameYear
    ? formatIn(zone, 'dayline', options).format(millis(at))
    : formatIn(zone, 'dayline-year', { ...options, year: 'numeric' }).format(millis(at))
}

/** What focus and hover show: the agent's zone, UTC, and the customer's own time. */
export function fullMoment(at: Instant, customerZone?: string): string {
  const then = millis(at)
  const utc = new Date(then).toISOString().replace('T', ' ').slice(0, 19)
  const theirs = customerZone && isTimeZone(customerZone) ? ` · customer ${clock(then, customerZone)}` : ''
  return `${day(then)} ${clockSeconds(then)} · ${utc} UTC${theirs}`
}

/** "0:17", "12:04", "1:02:09": for things that count by the second. */
export function countdown(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, '0')
  return h > 0 ? `${h}:${String(m).padStart(2, '0')}:${s}` : `${m}:${s}`
}

/** "45 s", "12 min", "3 h 5 min", "4 days": for waiting and dues. */
export function span(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds))
  if (whole < 60) return `${whole} s`
  if (whole < 3600) return `${Math.floor(whole / 60)} min`
  if (whole < 86_400) {
    const minutes = Math.floor((whole % 3600) / 60)
    return minutes ? `${Math.floor(whole / 3600)} h ${minutes} min` : `${Math.floor(whole / 3600)} h`
  }
  const days = Math.floor(whole / 86_400)
  return days === 1 ? '1 day' : `${days} days`
}

/** The short form for rows: "now", "12m", "3h", "4d". */
export function ago(at: Instant, now: number): string {
  const seconds = (now - millis(at)) / 1000
  if (seconds < 60) return 'now'
  if (seconds < 3600) return `${Math.floor(seconds / 60)}m`
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)}h`
  return `${Math.floor(seconds / 86_400)}d`
}

export interface DueWords {
  mark: 'timer' | 'alert'
  words: string
  over: boolean
  soon: boolean
}

export function due(at: Instant | null, now: number): DueWords | null {
  if (at === null) return null
  const left = (millis(at) - now) / 1000
  if (left < 0) return { mark: 'alert', words: `${span(-left)} over`, over: true, soon: false }
  return { mark: 'timer', words: `${span(left)} left`, over: false, soon: left < 900 }
}

/** What the clock of a zone says then, as <input type="datetime-local"> writes it; undefined is the browser's own. */
export function wallOf(at: number, timeZone: string | undefined): string {
  const format = formatIn(timeZone, 'wall', {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  })
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`
}

/** The moment at which the clock of a zone says so, the first where it does twice; null = it never does. */
export function instantOf(wall: string, timeZone: string | undefined): number | null {
  const asUtc = Date.parse(`${wall}Z`)
  if (Number.isNaN(asUtc)) return null
  const offset = (at: number) => Date.parse(`${wallOf(at, timeZone)}Z`) - at
  const day = 86_400_000
  const found = [offset(asUtc - day), offset(asUtc + day)]
    .map((ahead) => asUtc - ahead)
    .filter((at) => wallOf(at, timeZone) === wall.slice(0, 16))
  return found.length ? Math.min(...found) : null
}

/** For <input type="datetime-local">, in the browser's zone. */
export function localInput(at: number): string {
  const shifted = at - new Date(at).getTimezoneOffset() * 60_000
  return new Date(shifted).toISOString().slice(0, 16)
}
