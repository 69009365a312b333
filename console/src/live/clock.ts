import { ref } from 'vue'

/** Server time. Offers and dues are counted against it, never against a counter of our own. */

/** No frame is late by so much: more is a clock that was set. */
const set_ms = 20_000
const samples: number[] = []
let offset = 0

/** Milliseconds since 1970 on the server, renewed once a second for what the screen shows. */
export const now = ref(Date.now())

export function serverNow(): number {
  return Date.now() + offset
}

/** Each answer and heartbeat is late by its way here, so the largest of the last offsets is the truest. */
export function learnServerTime(at: string): void {
  const sample = Date.parse(at) - Date.now()
  if (Number.isNaN(sample)) return
  // A clock was set, there or here: what was true before is so no more.
  if (samples.length && Math.abs(sample - offset) > set_ms) samples.length = 0
  samples.push(sample)
  if (samples.length > 12) samples.shift()
  offset = Math.max(...samples)
  now.value = serverNow()
}

export function startClock(): () => void {
  const tick = () => (now.value = serverNow())
  const timer = setInterval(tick, 1000)
  // A hidden tab gets its timers once a minute: catch up when it is looked at.
  document.addEventListener('visibilitychange', tick)
  return () => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', tick)
  }
}
