// Two nodes over one PostgreSQL under work, and everything that goes wrong in a bad year within minutes: ./run chaos [MINUTES].
// Then the history is held against what everybody was told. Loopback only; exits 1 when anything was lost, doubled or left over.
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { check_history } from './chaos/history.mjs'
import { node } from './chaos/node.mjs'
import { agent, center, gateway, reader } from './chaos/people.mjs'
import { postgres } from './chaos/postgres.mjs'

const minutes = Number(process.argv[2] ?? 1)
const binary = process.argv[3] ?? 'build/release/switchboard'
const shim = process.argv[4] && existsSync(process.argv[4]) ? process.argv[4] : undefined
const routing_back_ms = 5000

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const pick = (all) => all[Math.floor(Math.random() * all.length)]
const folder = mkdtempSync(join(tmpdir(), 'switchboard-chaos-'))
const db = new postgres(join(folder, 'postgres'))
const nodes = ['a', 'b'].map((name) => new node(name, binary, db.url, folder, shim))
const world = new center(nodes, 'sb_demo_gateways')

await (await import('node:fs/promises')).chmod(folder, 0o755)
await db.create()
await nodes[0].start()
await nodes[1].start()

// A token that reads everything, made by the admin as people do.
const admin = new agent(world, 'admin', [])
await admin.sign_in()
const made = await world.settled('/api/v1/tokens', { method: 'POST', headers: admin.headers, body: JSON.stringify({ name: 'chaos', scopes: ['read'] }) })
const feed = new reader(world, { Authorization: `Bearer ${JSON.parse(made.body).token}` })
const queues = db.rows('SELECT id FROM queue').map((q) => q.id)
const people = db.rows(`SELECT login FROM users WHERE roles = '[2]' AND active ORDER BY id LIMIT 8`).map((u) => new agent(world, u.login, queues))
const post = new gateway(world)
const reading = feed.run()
while (!feed.first) await sleep(50)
const working = [...people.map((p) => p.run()), post.run(15)]

// --- What goes wrong -----------------------------------------------------------------------------------------------

const happened = {}
const silences = [] // ms from a blow to the first offer after it

/** The moment in which a node holds rows: one of its transactions waits for its client. */
async function until_in_transaction() {
  for (const end = Date.now() + 2000; Date.now() < end; ) {
    if (db.try_sql(`SELECT count(*) > 0 FROM pg_stat_activity WHERE state LIKE 'idle in transaction%' AND datname = 'switchboard'`) === 't') return
    await sleep(2)
  }
}

async function first_offer_after(moment_sql) {
  const begun = Date.now()
  while (Date.now() - begun < 60_000) {
    if (db.try_sql(`SELECT EXISTS (SELECT FROM event WHERE type = 'offer.created' AND at > '${moment_sql}')`) === 't') return silences.push(Date.now() - begun)
    await sleep(50)
  }
  silences.push(Infinity)
}

const db_now = () => db.try_sql('SELECT clock_timestamp()')

const blows = {
  async flood() {
    post.flood(400)
    await sleep(3000)
  },
  async 'node killed'() {
    const n = pick(nodes)
    await n.kill()
    await sleep(500 + Math.random() * 2000)
    await n.start()
  },
  async 'node frozen in a transaction'() {
    await until_in_transaction()
    const n = pick(nodes)
    n.freeze()
    const moment = db_now()
    post.flood(10)
    if (moment) await first_offer_after(moment)
    await sleep(Math.random() * 6000)
    n.thaw()
  },
  async 'database crashed'() {
    await db.crash()
    await sleep(1000)
  },
  async 'both nodes killed'() {
    await Promise.all(nodes.map((n) => n.kill()))
    await Promise.all(nodes.map((n) => n.start()))
  },
  ...(shim && {
    async 'clock of a node turned'() {
      const n = pick(nodes)
      n.turn_clock(pick([-7200, 7200, -172_800, 172_800]))
      await sleep(4000)
      n.turn_clock(0)
    },
  }),
}

const end = Date.now() + minutes * 60_000
const names = Object.keys(blows)
for (let i = 0; Date.now() < end; i++) {
  const name = i < names.length ? names[i] : pick(names)
  happened[name] = (happened[name] ?? 0) + 1
  await blows[name]()
  await sleep(1000 + Math.random() * 2000)
}

// --- Afterwards: let everybody finish what is under way ---------------------------------------------------------------

for (const n of nodes) n.thaw()
await Promise.all(nodes.map((n) => n.serves()))
world.going = false
await Promise.all(working)
for (let i = 0; i < 600 && post.under_way > 0; i++) await sleep(100)
await sleep(20_000) // what rings may run out
// The end of the history is fixed once: offers go on running out, and a feed that stops before it has missed the rest.
feed.until = db.try_sql(`SELECT xid::text || '-' || id FROM event ORDER BY xid DESC, id DESC LIMIT 1`)
feed.drained = () => feed.places.includes(feed.until)
await Promise.race([reading, sleep(60_000)])

const checks = check_history(db, { post, people, feed })
const slowest = silences.length ? Math.max(...silences) : 0
checks.push([`slower than ${routing_back_ms / 1000} s to the next offer after a freeze`, silences.filter((ms) => ms > routing_back_ms).length, silences.length])

for (const n of nodes) await n.kill()
await db.stop()

console.log(`\nhappened: ${Object.entries(happened).map(([name, n]) => `${n} × ${name}`).join(', ')}`)
console.log(`sent ${post.sent} mails, ${people.reduce((n, p) => n + p.done.length, 0)} acts of ${people.length} agents, ${feed.connections} connections of the feed; after a freeze the next offer came within ${silences.map((ms) => `${Math.round(ms)} ms`).join(', ') || '(none)'}; slowest ${Math.round(slowest)} ms`)
console.log('\n| must not be | found | of |\n|---|---|---|')
for (const [name, wrong, of] of checks) console.log(`| ${name} | ${wrong} | ${of} |`)
const failed = checks.filter(([, wrong]) => wrong > 0).length
console.log(`\n${checks.length - failed} passed, ${failed} failed`)
if (failed) console.log(`everything is kept in ${folder}`)
else rmSync(folder, { recursive: true, force: true })
process.exit(failed ? 1 : 0)
