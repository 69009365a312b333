// Strangers against a server of its own while known people work: ./run attack. Loopback only, ends by itself within three
// minutes. Exits 1 when an attack got through, a mail waited longer than 2 s, or the agent's p99 was over 500 ms.
import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { attacks } from './attack/attacks.mjs'
import { attacked_server } from './attack/server.mjs'

const binary = process.argv[2] ?? 'build/release/switchboard'
const token = 'sb_demo_gateways'
const slowest_mail_ms = 2000
const agent_p99_ms = 500
const attack_ms = 30_000
const all_done_ms = 180_000

const server = new attacked_server(binary)
let known
let samples = []

async function begin() {
  await server.start()
  known = fork(fileURLToPath(new URL('attack/known.mjs', import.meta.url)), [server.port, token, 'amira', 'switchboard'])
  known.on('message', (sample) => samples.push(sample))
  // The agent has signed in and the first mails are through before anybody attacks.
  await until(() => samples.filter((s) => s.kind === 'agent').length > 4 && samples.some((s) => s.kind === 'mail'), 20_000)
}

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
async function until(condition, ms) {
  for (const end = Date.now() + ms; !condition() && Date.now() < end; ) await sleep(50)
}

function figures_of(taken) {
  const times = (kind) => taken.filter((s) => s.kind === kind).map((s) => (s.status >= 200 && s.status < 300 ? s.ms : Infinity)).sort((a, b) => a - b)
  const mail = times('mail')
  const agent = times('agent')
  return { mails: mail.length, slowest: mail.at(-1) ?? 0, requests: agent.length, p99: agent[Math.min(agent.length - 1, Math.floor(agent.length * 0.99))] ?? 0 }
}

const cut_off = async () => {
  await sleep(attack_ms)
  return { happened: `not over after ${attack_ms / 1000} s`, held: false }
}

const in_ms = (ms) => (ms === Infinity ? 'failed' : `${Math.round(ms)} ms`)
const rows = []
const begun = Date.now()
let failed = 0

await begin()
for (const [name, attack] of attacks) {
  if (!server.running) await begin()
  samples = []
  const ends = server.ends
  let outcome
  try {
    outcome = await Promise.race([attack({ port: server.port, token }), cut_off()])
  } catch (error) {
    outcome = { happened: `the attack itself failed: ${error.message}`, held: false }
  }
  await sleep(500)
  const f = figures_of(samples)
  const ended = server.ends > ends
  if (ended) known.kill()
  const held = outcome.held && !ended && f.slowest <= slowest_mail_ms && f.p99 <= agent_p99_ms
  if (!held) failed++
  rows.push([held ? 'held' : 'FELL', name, ended ? 'the server ended' : outcome.happened, `${f.mails}, ${in_ms(f.slowest)}`, `${f.requests}, ${in_ms(f.p99)}`])
  console.log(rows.at(-1).join(' | '))
}

const before = server.cpu_s()
await sleep(3000)
const busy = (server.cpu_s() - before) / 3
known.kill()
await server.stop()

console.log('\n| | attack | what happened | mails, the slowest | agent, p99 |\n|---|---|---|---|---|')
for (const row of rows) console.log(`| ${row.join(' | ')} |`)
console.log(`\nprocessor after the attacks: ${Math.round(busy * 100)} % of a core; ${Math.round((Date.now() - begun) / 1000)} s`)
if (Date.now() - begun > all_done_ms) console.log('this took longer than three minutes')
console.log(`${attacks.length - failed} passed, ${failed} failed`)
process.exit(failed || busy > 0.5 ? 1 : 0)
