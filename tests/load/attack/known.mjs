// Those who are known, while strangers attack: a gateway that posts a mail a second and an agent who works. A process of
// its own, so that what it measures is not the attackers' own event loop. Each request is reported to the parent.
import http from 'node:http'

const [port, token, login, password] = process.argv.slice(2)
const kept = new http.Agent({ keepAlive: true, maxSockets: 8 })
const patience_ms = 60_000
let cookie = ''
let mails = 0
const run = process.pid

function ask(kind, options, body) {
  const begun = performance.now()
  const told = (status) => process.send({ kind, status, ms: performance.now() - begun })
  return new Promise((done) => {
    const request = http.request({ host: '127.0.0.1', port, agent: kept, timeout: patience_ms, ...options }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => {
        told(answer.statusCode)
        done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() })
      })
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => {
      told(0)
      done({ status: 0, headers: {}, body: '' })
    })
    request.end(body)
  })
}

async function sign_in() {
  const answer = await ask('sign-in', { method: 'POST', path: '/api/v1/session', headers: { 'Content-Type': 'application/json' } }, JSON.stringify({ login, password }))
  if (answer.status === 200) cookie = answer.headers['set-cookie'][0].split(';')[0]
}

function post_mail() {
  const n = ++mails
  const mail = `From: Known ${n} <known${n}@example.net>\r\nTo: support@example.com\r\nSubject: Question ${n}\r\nMessage-ID: <known-${run}-${n}@example.net>\r\n\r\nWhere is my hub?\r\n`
  return ask('mail', { method: 'POST', path: '/api/v1/intake/support-mail', headers: { 'Content-Type': 'message/rfc822', Authorization: `Bearer ${token}` } }, mail)
}

async function work() {
  if (!cookie) return sign_in()
  for (const path of ['/api/v1/me/work', '/api/v1/tickets?limit=20']) {
    const answer = await ask('agent', { path, headers: { Cookie: cookie } })
    if (answer.status === 401) cookie = ''
  }
}

// One after the other: an agent looks when the last answer is there.
async function keep_working() {
  for (;;) {
    await work()
    await new Promise((next) => setTimeout(next, 200))
  }
}

setInterval(post_mail, 1000)
keep_working()
process.on('disconnect', () => process.exit(0))
