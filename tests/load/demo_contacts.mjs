// One contact at a time, as the gateways of the demo would send it. Each function does its requests and throws if the
// server does not take it.
import { randomUUID } from 'node:crypto'
import { between, call_notes, chance, chats, customers, fax_image, fill, follow_ups, mails, pick, stranger } from './demo_words.mjs'
import { open_websocket } from './websocket.mjs'

const somebody = () => (chance(0.7) ? pick(customers) : stranger())
const sleep = (ms) => new Promise((done) => setTimeout(done, ms))

export class gateways {
  constructor(url, token) {
    this.url = url
    this.token = token
    this.sent_mails = [] // the last ones, to be answered
    this.stopping = false
  }

  async post(gateway, type, body) {
    const headers = { Authorization: `Bearer ${this.token}`, ...(type && { 'Content-Type': type }) }
    await taken(await fetch(`${this.url}/api/v1/intake/${gateway}`, { method: 'POST', headers, body, signal: AbortSignal.timeout(30_000) }))
  }

  async email() {
    const earlier = this.sent_mails.length > 5 && chance(0.25) ? pick(this.sent_mails) : null
    const mail = earlier ? answer_to(earlier) : new_mail(somebody())
    await this.post('support-mail', 'message/rfc822', compose(mail))
    this.sent_mails = [...this.sent_mails, mail].slice(-50)
  }

  async phone() {
    const who = somebody()
    const missed = chance(0.2)
    const talked_s = between(40, 600)
    const answered = Date.now() - talked_s * 1000
    const at = (ms) => new Date(ms).toISOString()
    const call = {
      call_id: randomUUID(),
      direction: 'in',
      from: chance(0.05) ? 'anonymous' : who.tel,
      to: '+12125550190',
      started_at: at(answered - between(4, 25) * 1000),
      answered_at: missed ? null : at(answered),
      ended_at: missed ? at(answered) : at(Date.now()),
      notes: missed ? '' : pick(call_notes),
    }
    await this.post('pbx', 'application/json', JSON.stringify(call))
  }

  async fax() {
    const who = somebody()
    const form = new FormData()
    const fields = { fax_id: randomUUID(), from: who.tel, to: '+12125550193', station_id: (who.organization ?? who.name).slice(0, 20), received_at: new Date().toISOString(), duration_s: between(35, 120) }
    for (const [name, value] of Object.entries(fields)) form.set(name, String(value))
    form.set('file', new Blob([fax_image], { type: 'image/tiff' }), 'fax.tiff')
    await this.post('fax-line', null, form)
  }

  chat() {
    return chance(0.6) ? this.website_chat() : this.partner_chat()
  }

  /** A visitor of the website, as the widget speaks for them. */
  async website_chat() {
    const who = somebody()
    const begun = await taken(
      await fetch(`${this.url}/api/v1/chat/website/sessions`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ name: who.name, email: who.email, page_url: 'https://www.example.com/help', language: who.language }),
        signal: AbortSignal.timeout(30_000),
      }),
    )
    const { session, token } = await begun.json()
    const waiting = new Map() // client_msg_id or "welcome" → what to do when it comes
    const socket = await open_websocket(`${this.url}/api/v1/chat/website/live`, (text) => {
      const frame = JSON.parse(text)
      waiting.get(frame.client_msg_id ?? frame.type)?.(frame)
    })
    const comes = (key) =>
      new Promise((done, fail) => {
        const late = setTimeout(() => fail(new Error(`chat: no ${key} within 30 s`)), 30_000)
        waiting.set(key, (frame) => (clearTimeout(late), frame.type === 'error' ? fail(new Error(frame.detail)) : done(frame)))
      })
    try {
      const welcome = comes('welcome')
      socket.send(JSON.stringify({ type: 'hello', session, token, last_seq: 0 }))
      await welcome
      for (const text of pick(chats)) {
        if (this.stopping) break
        socket.send(JSON.stringify({ type: 'typing' }))
        await sleep(between(500, 2500))
        const client_msg_id = randomUUID()
        const ack = comes(client_msg_id)
        socket.send(JSON.stringify({ type: 'message', client_msg_id, text: fill(text, who) }))
        await ack
      }
    } finally {
      socket.close()
    }
  }

  /** Another company's chat that pushes its messages to us. */
  async partner_chat() {
    const who = somebody()
    const session_id = randomUUID()
    for (const text of pick(chats)) {
      if (this.stopping) break
      const message = { session_id, message_id: randomUUID(), direction: 'in', from: { id: who.email, name: who.name, email: who.email, verified: true }, text: fill(text, who), at: new Date().toISOString(), language: who.language }
      await this.post('chat-partner', 'application/json', JSON.stringify(message))
      await sleep(between(500, 2500))
    }
  }
}

async function taken(answer) {
  if (answer.ok) return answer
  throw new Error(`${answer.status} ${(await answer.text()).slice(0, 200)}`)
}

function new_mail(who) {
  const [subject, text] = pick(mails[who.language] ?? mails.en)
  return { who, subject: fill(subject, who), text: fill(text, who), id: `${randomUUID()}@${who.email.split('@')[1]}`, references: [], html: chance(0.3), file: chance(0.1) }
}

function answer_to(earlier) {
  const quoted = earlier.text.split('\n').map((line) => `> ${line}`)
  const { who } = earlier
  return {
    ...earlier,
    subject: earlier.subject.startsWith('Re: ') ? earlier.subject : `Re: ${earlier.subject}`,
    text: `${pick(follow_ups)}\n\n${who.name}\n\nOn Monday ${who.name} wrote:\n${quoted.join('\n')}`,
    id: `${randomUUID()}@${who.email.split('@')[1]}`,
    references: [...earlier.references, earlier.id],
    file: false,
  }
}

const encoded_word = (text) => (/^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString('base64')}?=`)
const base64 = (bytes) => Buffer.from(bytes).toString('base64').replace(/.{76}/g, '$&\r\n')
const part = (type, body, more = []) => [`Content-Type: ${type}`, 'Content-Transfer-Encoding: base64', ...more, '', base64(body)].join('\r\n')

function multipart(kind, parts) {
  const boundary = randomUUID()
  return [`Content-Type: multipart/${kind}; boundary="${boundary}"`, '', ...parts.flatMap((p) => [`--${boundary}`, p]), `--${boundary}--`, ''].join('\r\n')
}

function html_of(text) {
  const safe = text.replace(/&/g, '&amp;').replace(/</g, '&lt;')
  return `<html><body style="font-family:sans-serif"><p>${safe.replace(/\n\n/g, '</p><p>').replace(/\n/g, '<br>')}</p></body></html>`
}

const is_claim = /burst pipe|storm damage|wasserschaden|siniestro/i

/** RFC 5322. */
function compose(mail) {
  const plain = part('text/plain; charset=utf-8', mail.text)
  let body = mail.html ? multipart('alternative', [plain, part('text/html; charset=utf-8', html_of(mail.text))]) : plain
  if (mail.file) {
    const file = part('text/csv; charset=utf-8; name="statement.csv"', `date,amount,policy\n2026-03-01,-48.20,${mail.who.policy}\n2026-03-03,-48.20,${mail.who.policy}\n`, ['Content-Disposition: attachment; filename="statement.csv"'])
    body = multipart('mixed', [body, file])
  }
  const references = mail.references.map((id) => `<${id}>`)
  return [
    `From: ${encoded_word(mail.who.name)} <${mail.who.email}>`,
    `To: ${is_claim.test(mail.subject) ? 'claims' : 'support'}@example.com`,
    `Subject: ${encoded_word(mail.subject)}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${mail.id}>`,
    ...(references.length ? [`In-Reply-To: ${references.at(-1)}`, `References: ${references.join('\r\n ')}`] : []),
    'MIME-Version: 1.0',
    body,
  ].join('\r\n')
}
