// Gateways, agents and a reader of the feed who go on whatever happens, and who remember what they were told.
import { randomUUID } from 'node:crypto'
import { open_websocket } from '../websocket.mjs'

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const pick = (all) => all[Math.floor(Math.random() * all.length)]

export class center {
  constructor(nodes, token) {
    this.nodes = nodes
    this.token = token
    this.going = true
  }

  /** Where people get to: a proxy takes a node that is frozen out, and ends what waits for it. */
  well() {
    return pick(this.nodes.filter((n) => !n.frozen.signal.aborted))
  }

  /** One try, at a node through the proxy or at any; undefined = no answer. */
  async once(path, { method = 'GET', headers = {}, body, proxied = false } = {}) {
    const at = proxied ? this.well() : pick(this.nodes)
    const patience = AbortSignal.timeout(5000)
    const signal = proxied ? AbortSignal.any([patience, at.frozen.signal]) : patience
    try {
      const answer = await fetch(`http://127.0.0.1:${at.port}${path}`, { method, headers, body, signal })
      return { status: answer.status, headers: answer.headers, body: await answer.text() }
    } catch {
      return undefined
    }
  }

  /** Until there is an answer that settles it: what a careful client does. */
  async settled(path, options) {
    for (let tries = 0; tries < 400; tries++) {
      const answer = await this.once(path, options)
      if (answer && ![408, 429, 500, 502, 503].includes(answer.status) && !(answer.status === 409 && answer.headers.get('retry-after'))) return answer
      await sleep(50 + Math.random() * 200)
    }
    return undefined
  }
}

export class gateway {
  constructor(world) {
    this.world = world
    this.receipts = new Map() // Message-ID → the receipts that it got
    this.sent = 0
    this.under_way = 0
  }

  async post() {
    const id = `chaos-${randomUUID()}@example.net`
    const n = ++this.sent
    const body = `From: Customer ${n % 200} <customer${n % 200}@example.net>\r\nTo: support@example.com\r\nSubject: chaos ${n}\r\nMessage-ID: <${id}>\r\n\r\nThe hub is offline, number ${n}.\r\n`
    const headers = { Authorization: `Bearer ${this.world.token}`, 'Content-Type': 'message/rfc822' }
    this.under_way++
    // A careful mail server sends again when it is unsure; a careless one although it was told.
    const times = Math.random() < 0.1 ? 2 : 1
    for (let i = 0; i < times; i++) {
      const answer = await this.world.settled('/api/v1/intake/support-mail', { method: 'POST', headers, body })
      if (answer && answer.status < 300) this.receipts.set(id, [...(this.receipts.get(id) ?? []), JSON.parse(answer.body)])
    }
    this.under_way--
  }

  async run(rate) {
    while (this.world.going) {
      if (this.under_way < 500) this.post()
      await sleep(1000 / rate)
    }
  }

  flood(n) {
    for (let i = 0; i < n && this.under_way < 1500; i++) this.post()
  }
}

/** Reads the whole feed through any number of broken connections; remembers every place it was sent. */
export class reader {
  constructor(world, headers) {
    this.world = world
    this.headers = headers
    this.places = []
    this.resyncs = 0
    this.connections = 0
  }

  async run() {
    while (this.world.going || !this.caught_up) {
      const at = pick(this.world.nodes)
      let left = false // what a node that was frozen still says to who has gone on elsewhere is not heard, as in a browser
      try {
        const socket = await open_websocket(`ws://127.0.0.1:${at.port}/api/v1/live`, (text) => left || this.hear(JSON.parse(text)), this.headers)
        this.connections++
        socket.send(JSON.stringify(this.last ? { type: 'hello', after: this.last } : { type: 'hello' }))
        await Promise.race([socket.closed, sleep(4000 + Math.random() * 4000)]) // and leaves by itself now and then
        left = true
        socket.close()
        await Promise.race([socket.closed, sleep(1000)])
      } catch {
        await sleep(200)
      }
      if (!this.world.going && this.drained?.()) this.caught_up = true
    }
  }

  hear(frame) {
    if (frame.type === 'resync') this.resyncs++
    if (frame.type === 'welcome' && !this.last) this.first = this.last = frame.cursor ?? frame.after
    if (!frame.cursor || frame.type === 'welcome') return
    this.places.push(frame.cursor)
    this.last = frame.cursor
  }
}

/** An agent who takes what is offered and does one thing after another, each with a key of its own; behind a proxy, so
 * that how soon he is offered something does not hang on how long he waits for a frozen node. */
export class agent {
  constructor(world, login, queues) {
    Object.assign(this, { world, login, queues })
    this.done = [] // {what, key, ticket, status}
    this.headers = undefined
  }

  async sign_in() {
    const answer = await this.world.settled('/api/v1/session', { proxied: true, method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ login: this.login, password: 'switchboard' }) })
    if (answer?.status !== 200) return sleep(500)
    this.headers = { Cookie: answer.headers.get('set-cookie').split(';')[0], 'X-CSRF-Token': JSON.parse(answer.body).csrf_token, 'Content-Type': 'application/json' }
    await this.act('presence', 'PUT', '/api/v1/me/presence', { state: 'ready' })
  }

  async act(what, method, path, body, ticket) {
    const key = `chaos-${randomUUID()}`
    const text = JSON.stringify(body).replaceAll('{{key}}', key)
    const answer = await this.world.settled(path, { proxied: true, method, headers: { ...this.headers, 'Idempotency-Key': key }, body: text })
    if (answer?.status === 401) this.headers = undefined
    this.done.push({ what, key, ticket, status: answer?.status ?? 0 })
    return answer
  }

  async turn() {
    if (!this.headers) return this.sign_in()
    const answer = await this.world.once('/api/v1/me/work', { proxied: true, headers: this.headers })
    if (answer?.status === 401) this.headers = undefined
    if (answer?.status !== 200) return sleep(200)
    const work = JSON.parse(answer.body)
    if (work.presence.state !== 'ready') await this.act('presence', 'PUT', '/api/v1/me/presence', { state: 'ready' })
    for (const offer of work.offers.filter((o) => o.state === 'offered')) {
      const path = `/api/v1/offers/${offer.id}`
      if (Math.random() < 0.15) await this.act('decline', 'POST', `${path}/decline`, { reason: 'chaos' }, offer.ticket.id)
      else await this.act('accept', 'POST', `${path}/accept`, {}, offer.ticket.id)
    }
    for (const { ticket } of work.tickets.map((t) => ({ ticket: t.ticket ?? t }))) await this.work_on(ticket)
    for (const { ticket } of work.wrapup.map((t) => ({ ticket: t.ticket ?? t }))) await this.act('wrap-up', 'POST', `/api/v1/tickets/${ticket.id}/wrapup-done`, {}, ticket.id)
  }

  async work_on(ticket) {
    const at = `/api/v1/tickets/${ticket.id}`
    const dice = Math.random()
    if (dice < 0.35) await this.act('reply', 'POST', `${at}/replies`, { text: 'We have looked. {{key}}' }, ticket.id)
    else if (dice < 0.5) await this.act('note', 'POST', `${at}/notes`, { text: 'Seen. {{key}}' }, ticket.id)
    else if (dice < 0.6) await this.act('transfer', 'POST', `${at}/transfer`, { queue_id: pick(this.queues), comment: '{{key}}' }, ticket.id)
    else if (dice < 0.65) await this.act('hold', 'POST', `${at}/hold`, { until: new Date(Date.now() + 5000).toISOString() }, ticket.id)
    else if (dice < 0.95) await this.act('solve', 'POST', `${at}/solve`, { disposition: 'resolved' }, ticket.id)
  }

  /** The live socket of his console: without one he would be absent. */
  async listen() {
    while (this.world.going) {
      const at = this.world.well()
      const frozen = new Promise((_, fail) => at.frozen.signal.addEventListener('abort', fail))
      frozen.catch(() => {})
      try {
        const headers = { Cookie: this.headers?.Cookie ?? '', Origin: `http://127.0.0.1:${at.port}` }
        const socket = await Promise.race([open_websocket(`ws://127.0.0.1:${at.port}/api/v1/live`, () => {}, headers), frozen])
        socket.send(JSON.stringify({ type: 'hello' }))
        await Promise.race([socket.closed, frozen]).finally(() => socket.close())
      } catch {
        // signed out, or the node is away
      }
      await sleep(200)
    }
  }

  async run() {
    this.listen()
    while (this.world.going) {
      await this.turn()
      await sleep(50 + Math.random() * 150)
    }
  }
}
