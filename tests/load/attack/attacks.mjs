// What was tried against the server, at the strengths that once hurt it. Each attack answers {happened, held}.
import { ask, ask_json, json_of, many_addresses, one_address, raw_socket, websocket } from './stranger.mjs'

const sleep = (ms) => new Promise((done) => setTimeout(done, ms))
const within = (ms, promise) => Promise.race([promise.then(() => true), sleep(ms).then(() => false)])
const chat = '/api/v1/chat/website/live'

export async function sign_in(port, login, password, from = '127.0.0.1') {
  const answer = await ask_json(port, '/api/v1/session', { login, password }, { from })
  const cookie = answer.headers['set-cookie']?.[0].split(';')[0] ?? ''
  return { status: answer.status, cookie, headers: { Cookie: cookie, 'X-CSRF-Token': json_of(answer).csrf_token ?? '' } }
}

const demo = 'switchboard'
const as_admin = (port) => sign_in(port, 'admin', demo)

async function chat_session(port, from = one_address) {
  return json_of(await ask_json(port, '/api/v1/chat/website/sessions', { name: 'Stranger' }, { from }))
}

async function deep_frame({ port }) {
  const deep = '['.repeat(120_000) + ']'.repeat(120_000)
  for (const field of ['type', 'session', 'client_msg_id']) {
    const socket = websocket(port, chat)
    await sleep(200)
    socket.send(field === 'type' ? `{"type":${deep}}` : `{"type":"hello","${field}":${deep}}`)
    await within(1500, socket.ended)
    socket.socket.destroy()
  }
  const body = await ask(port, { method: 'POST', path: '/api/v1/session', headers: { 'Content-Type': 'application/json' }, body: `{"login":${deep}}` })
  const alive = (await ask(port, { path: '/healthz', timeout: 5000 })).status === 200
  return { happened: alive ? `alive; the same as a body: ${body.status}` : 'the server ended', held: alive && body.status >= 400 && body.status < 500 }
}

/** So many sockets that sign in with logins of their own making for so long. */
async function guess({ port }, sockets, seconds, from) {
  const end = Date.now() + seconds * 1000
  const answers = {}
  let n = 0
  await Promise.all(
    Array.from({ length: sockets }, async (_, i) => {
      while (Date.now() < end) {
        const { status } = await ask_json(port, '/api/v1/session', { login: `nobody-${i}-${n++}`, password: 'wrong horse battery' }, { from: from(i) })
        answers[status] = (answers[status] ?? 0) + 1
        if (status === 0 || status === 429 || status === 503) await sleep(20)
      }
    }),
  )
  return Object.entries(answers).map(([status, count]) => `${count} × ${status === '0' ? 'closed' : status}`).join(', ')
}

async function guessing_from_one({ port }) {
  const answers = await guess({ port }, 150, 10, () => one_address)
  const mine = await sign_in(port, 'amira', demo)
  return { happened: `${answers}; amira's right password then: ${mine.status}`, held: mine.status === 200 }
}

async function guessing_from_many({ port }) {
  const addresses = many_addresses(250)
  const answers = await guess({ port }, 150, 12, (i) => addresses[(i * 7 + Math.floor(Math.random() * 250)) % 250])
  const mine = await sign_in(port, 'amira', demo)
  return { happened: `${answers}; amira's right password then: ${mine.status}`, held: mine.status === 200 }
}

async function ten_thousand_logins({ port }) {
  const addresses = many_addresses(250)
  const sent = 10_000
  let n = 0
  // Half of them do not wait for the answer: an attempt map fills all the same.
  await Promise.all(
    Array.from({ length: 100 }, async () => {
      while (n < sent) {
        const i = n++
        await ask_json(port, '/api/v1/session', { login: `made-up-${i}`, password: 'x' }, { from: addresses[i % 250], timeout: 300 })
      }
    }),
  )
  const mine = await sign_in(port, 'amira', demo)
  return { happened: `${sent} logins; the right password then: ${mine.status}`, held: mine.status === 200 }
}

async function account_under_attack({ port }) {
  const addresses = many_addresses(250)
  const answers = {}
  for (let i = 0; i < 120; i++) {
    const { status } = await sign_in(port, 'amira', 'wrong horse battery', i % 2 ? one_address : addresses[i])
    answers[status] = (answers[status] ?? 0) + 1
  }
  const mine = await sign_in(port, 'amira', demo)
  return { happened: `120 wrong ones (${JSON.stringify(answers)}); from where she has signed in before: ${mine.status}`, held: mine.status === 200 && (answers[429] ?? 0) > 60 }
}

async function held_bodies({ port }) {
  const head = (length) =>
    `POST /api/v1/intake/support-mail HTTP/1.1\r\nHost: x\r\nContent-Type: message/rfc822\r\nContent-Length: ${length}\r\n\r\n`
  const filler = Buffer.alloc(1 << 20, 'x')
  const sockets = Array.from({ length: 11 }, (_, i) => raw_socket(port, head(50 << 20), i % 2 ? one_address : `127.0.1.${i + 1}`))
  await sleep(300)
  for (let mb = 0; mb < 49; mb++) {
    for (const s of sockets) if (s.open()) s.socket.write(filler)
    await sleep(20)
  }
  await sleep(1500)
  const mine = await sign_in(port, 'amira', demo)
  const held = sockets.filter((s) => s.open() && !s.said()).length
  for (const s of sockets) s.socket.destroy()
  return { happened: `${held} of 11 bodies of 50 MB are held; signing in meanwhile: ${mine.status}`, held: mine.status === 200 }
}

async function silent_sockets({ port }) {
  const sockets = []
  for (let i = 0; i < 1000; i++) {
    sockets.push(websocket(port, chat))
    if (i % 50 === 49) await sleep(50)
  }
  await sleep(1000)
  const opened = sockets.filter((s) => s.open() && s.said().includes(' 101 ')).length
  const mine = await sign_in(port, 'amira', demo)
  const fresh = await ask(port, { path: '/healthz', from: '127.0.0.1', timeout: 3000 })
  await sleep(11_000)
  const left = sockets.filter((s) => s.open()).length
  for (const s of sockets) s.socket.destroy()
  return {
    happened: `${opened} of 1,000 were opened, ${left} are left after 12 s without a hello; meanwhile sign-in ${mine.status}, healthz ${fresh.status || 'no answer'}`,
    held: mine.status === 200 && fresh.status === 200 && left === 0,
  }
}

async function slow_headers({ port }) {
  const sockets = []
  for (let i = 0; i < 900; i++) sockets.push(raw_socket(port, 'GET / HTTP/1.1\r\nHost: x\r\nX-A: ', i % 3 ? one_address : `127.0.1.${(i % 250) + 1}`))
  await sleep(1500)
  const mine = await sign_in(port, 'amira', demo)
  const open = sockets.filter((s) => s.open()).length
  for (const s of sockets) s.socket.destroy()
  return { happened: `${open} of 900 half headers are held; signing in meanwhile: ${mine.status || 'no answer'}`, held: mine.status === 200 }
}

async function chat_flood({ port }) {
  const { session, token } = await chat_session(port, '127.0.0.67')
  const sockets = Array.from({ length: 30 }, () => websocket(port, chat, { from: '127.0.0.67' }))
  await sleep(500)
  let acks = 0
  for (const s of sockets) s.socket.on('data', (part) => (acks += part.toString('latin1').split('"ack"').length - 1))
  for (const s of sockets) if (s.open()) s.send({ type: 'hello', session, token, last_seq: 0 })
  await sleep(500)
  for (let n = 0; n < 20; n++) {
    for (const [i, s] of sockets.entries()) if (s.open()) s.send({ type: 'message', client_msg_id: `00000000-0000-4000-8000-${String(i * 1000 + n).padStart(12, '0')}`, text: 'hello?' })
    await sleep(100)
  }
  await sleep(2000)
  for (const s of sockets) s.socket.destroy()
  return { happened: `30 sockets of one session sent 600 messages in 2 s: ${acks} were taken`, held: acks > 0 && acks <= 20 }
}

/** RFC 6455 5.5.1, with one of the codes that say that authority has ended: 1008, 4401. */
const is_close_frame = (bytes) => bytes.some((byte, i) => byte === 0x88 && [1008, 4401].includes(bytes.readUInt16BE(Math.min(i + 2, bytes.length - 2))))

async function feed_outlives({ port }, end) {
  const admin = await as_admin(port)
  const { identity, stop } = await end(port, admin)
  const feed = websocket(port, '/api/v1/live', { from: '127.0.0.1', headers: { ...identity, Origin: `http://127.0.0.1:${port}` } })
  await sleep(500)
  feed.send({ type: 'hello' })
  await sleep(500)
  const begun = Date.now()
  const opened = feed.said().includes(' 101 ')
  // The server's close frame ends the feed; who never answers it is cut later.
  const closing = new Promise((done) => feed.socket.on('data', (part) => is_close_frame(part) && done()))
  await stop()
  const closed = await within(3000, Promise.race([closing, feed.ended]))
  feed.socket.destroy()
  return { happened: !opened ? 'the feed did not open' : closed ? `closed after ${Date.now() - begun} ms` : 'still open after 3 s', held: opened && closed }
}

const sign_out_ends_feed = (to) =>
  feed_outlives(to, async (port) => {
    const me = await sign_in(port, 'kavya', demo)
    return { identity: { Cookie: me.cookie }, stop: () => ask(port, { method: 'DELETE', path: '/api/v1/session', headers: me.headers, from: '127.0.0.1' }) }
  })

const revoking_ends_feed = (to) =>
  feed_outlives(to, async (port, admin) => {
    const made = json_of(await ask_json(port, '/api/v1/tokens', { name: 'short-lived', scopes: ['read'] }, { headers: admin.headers, from: '127.0.0.1' }))
    return {
      identity: { Authorization: `Bearer ${made.token}` },
      stop: () => ask(port, { method: 'DELETE', path: `/api/v1/tokens/${made.id}`, headers: admin.headers, from: '127.0.0.1' }),
    }
  })

async function bound_token({ port }) {
  const admin = await as_admin(port)
  const mine = { headers: admin.headers, from: '127.0.0.1' }
  const gateways = json_of(await ask(port, { path: '/api/v1/gateways', ...mine })).items ?? []
  const fax = gateways.find((g) => g.name === 'fax-line')?.id
  const outcomes = []
  let held = fax !== undefined
  for (const scope of ['read', 'admin']) {
    const made = await ask_json(port, '/api/v1/tokens', { name: `bound-${scope}`, scopes: [scope], gateway_ids: [fax] }, mine)
    if (made.status === 422) {
      outcomes.push(`${scope}: cannot be made`)
      continue
    }
    const secret = json_of(made).token
    const seen = []
    for (const path of ['/api/v1/tickets', '/api/v1/users', '/api/v1/tokens', '/api/v1/customers', '/api/v1/contacts/1/raw'])
      if ((await ask(port, { path, headers: { Authorization: `Bearer ${secret}` } })).status === 200) seen.push(path.slice(8))
    const made_user = await ask_json(port, '/api/v1/users', { login: `intruder-${scope}`, name: 'x', roles: [6], password: 'correct horse battery' }, { headers: { Authorization: `Bearer ${secret}` } })
    if (seen.some((p) => p !== 'tickets') || made_user.status < 300) held = false
    outcomes.push(`${scope}: reads ${seen.join(', ') || 'nothing'}${made_user.status < 300 ? ', made an admin' : ''}`)
  }
  return { happened: outcomes.join('; '), held }
}

async function forged_mail({ port, token }) {
  const post = (mail) =>
    ask(port, { method: 'POST', path: '/api/v1/intake/support-mail', headers: { 'Content-Type': 'message/rfc822', Authorization: `Bearer ${token}` }, body: mail.join('\r\n'), from: '127.0.0.1' }).then(json_of)
  const run = process.pid
  const first = await post(['From: Victim <victim@example.net>', 'To: support@example.com', 'Subject: My refund', `Message-ID: <v-${run}@example.net>`, '', 'Please pay it back.'])
  const forged = await post([
    'Authentication-Results: mx.example.com; dmarc=fail header.from=example.net',
    'From: Victim <victim@example.net>', 'Reply-To: thief@example.org', 'To: support@example.com',
    `Subject: Re: [#${first.ticket_number}] My refund`, `Message-ID: <f-${run}@example.org>`, '', 'Use the other account please.'])
  const joined = forged.ticket_id === first.ticket_id
  return { happened: first.ticket_id === undefined ? 'the mail was not taken' : joined ? 'joined the ticket' : 'became a ticket of its own', held: first.ticket_id !== undefined && !joined }
}

async function forged_forwarding({ port }) {
  const answers = {}
  await Promise.all(
    Array.from({ length: 60 }, async (_, i) => {
      const { status } = await ask_json(port, '/api/v1/session', { login: 'ben', password: `wrong horse ${i}` }, { from: '127.0.0.68', headers: { 'X-Forwarded-For': `198.51.100.${i + 1}`, 'X-Forwarded-Proto': 'https' } })
      answers[status] = (answers[status] ?? 0) + 1
    }),
  )
  return { happened: `60 guesses, each with another X-Forwarded-For: ${JSON.stringify(answers)}`, held: (answers[401] ?? 0) <= 20 }
}

export const attacks = [
  ['1 a frame of 120,000 brackets', deep_frame],
  ['2 150 sockets guess, one address', guessing_from_one],
  ['2 150 sockets guess, 250 addresses', guessing_from_many],
  ['2 10,000 logins that nobody has', ten_thousand_logins],
  ['2 one account, 120 wrong passwords', account_under_attack],
  ['3 11 bodies of 50 MB held', held_bodies],
  ['3 1,000 silent chat sockets', silent_sockets],
  ['3 900 half headers', slow_headers],
  ['3 one chat session, 30 sockets', chat_flood],
  ['4 a feed after signing out', sign_out_ends_feed],
  ['4 a feed after its token is revoked', revoking_ends_feed],
  ['5 tokens bound to the fax line', bound_token],
  ['6 a forged mail with the number', forged_mail],
  ['7 forwarded addresses made up', forged_forwarding],
]
