// Contacts on all four channels through the public routes of a server with the demo contact center.
//   node tests/load/demo_traffic.mjs [--rate N] [--minutes M] [--url http://localhost:8080]
// N contacts a second in the mean, at random moments, for M minutes or until Ctrl-C. A line a second says what was
// taken and what failed. Exits 1 if nothing was taken. SWITCHBOARD_TOKEN names another token than the demo's.
import { parseArgs } from 'node:util'
import { gateways } from './demo_contacts.mjs'

const { values } = parseArgs({
  options: { rate: { type: 'string', default: '1' }, minutes: { type: 'string' }, url: { type: 'string', default: 'http://localhost:8080' } },
})
const rate = Number(values.rate)
const minutes = values.minutes === undefined ? Infinity : Number(values.minutes)
if (!(rate > 0) || !(minutes > 0)) {
  console.error('--rate and --minutes must be numbers above 0')
  process.exit(2)
}

const shares = { email: 0.45, phone: 0.3, chat: 0.18, fax: 0.07 }
const world = new gateways(values.url.replace(/\/$/, ''), process.env.SWITCHBOARD_TOKEN ?? 'sb_demo_gateways')
const taken = { email: 0, phone: 0, chat: 0, fax: 0 }
let failed = 0
let last_error = ''
const under_way = new Set()

function choose() {
  let at = Math.random()
  for (const [channel, share] of Object.entries(shares)) if ((at -= share) < 0) return channel
  return 'email'
}

function begin() {
  const channel = choose()
  const work = world[channel]().then(
    () => taken[channel]++,
    (error) => {
      failed++
      last_error = [error.message, error.cause?.message].filter(Boolean).join(': ')
    },
  )
  under_way.add(work)
  work.finally(() => under_way.delete(work))
}

function say() {
  const counts = Object.entries(taken).map(([channel, n]) => `${channel} ${n}`)
  const errors = failed ? `, failed ${failed} (last: ${last_error})` : ', failed 0'
  console.log(`${new Date().toISOString().slice(11, 19)}  ${counts.join(', ')}, under way ${under_way.size}${errors}`)
}

// Exponential gaps make a Poisson process. Counted from the clock, so that a late timer loses nothing.
const end = Date.now() + minutes * 60_000
let next = Date.now()
function tick() {
  for (; !world.stopping && next <= Math.min(Date.now(), end); next += (-Math.log(1 - Math.random()) / rate) * 1000) begin()
  if (world.stopping || Date.now() >= end) return finish()
  setTimeout(tick, Math.min(250, Math.max(1, Math.min(next, end) - Date.now())))
}

async function finish() {
  world.stopping = true
  await Promise.all(under_way)
  clearInterval(telling)
  say()
  process.exit(Object.values(taken).some((n) => n > 0) ? 0 : 1)
}

const telling = setInterval(say, 1000)
process.on('SIGINT', () => (world.stopping ? process.exit(1) : (world.stopping = true)))
tick()
