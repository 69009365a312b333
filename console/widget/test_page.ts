// A browser in a test's hands.
import type { chat_view, environment, session_answer, socket_events, upload_answer } from './environment'
import type { chat_status, client_frame, credentials, server_frame, visitor } from './protocol'
import { chat_session } from './session'

/** A browser whose clock, network and storage are in the test's hands. */
export class world implements environment {
  clock = Date.parse('2026-11-21T12:00:00Z')
  online = true
  chance = 0
  answers: session_answer[] = []
  asked: visitor[] = []
  sockets: fake_socket[] = []
  local = new Map<string, string>()
  tab = new Map<string, string>()
  remembered = storage_of(() => this.local)
  unsent = storage_of(() => this.tab)
  private ids = 0
  private timers: { at: number; run: () => void }[] = []

  request_session = async (about: visitor) => {
    this.asked.push(about)
    const n = this.asked.length
    return this.answers.shift() ?? { credentials: { session: `s${n}`, token: `t${n}` } }
  }
  state: Pick<chat_status, 'open' | 'opens_at' | 'mail'> | null = null
  uploads: { as: credentials; message: client_frame; answer: (a: upload_answer) => void }[] = []
  request_state = async () => this.state
  upload = (as: credentials, message: client_frame) =>
    new Promise<upload_answer>((answer) => this.uploads.push({ as, message, answer }))
  download = async () => true
  open_socket = (events: socket_events) => {
    const s = new fake_socket(events)
    this.sockets.push(s)
    return s
  }
  now = () => this.clock
  random = () => this.chance
  uuid = () => `id-${++this.ids}`
  is_online = () => this.online
  after = (ms: number, run: () => void) => {
    const timer = { at: this.clock + ms, run }
    this.timers.push(timer)
    return () => {
      this.timers = this.timers.filter((t) => t !== timer)
    }
  }

  /** Lets time pass, and what was promised come true. */
  async pass(ms: number) {
    await settle()
    const end = this.clock + ms
    for (;;) {
      const next = this.timers.filter((t) => t.at <= end).sort((a, b) => a.at - b.at)[0]
      if (!next) break
      this.timers = this.timers.filter((t) => t !== next)
      this.clock = next.at
      next.run()
      await settle()
    }
    this.clock = end
  }

  get socket(): fake_socket {
    const last = this.sockets.at(-1)
    if (!last) throw new Error('no socket was opened')
    return last
  }
}

export class fake_socket {
  sent: client_frame[] = []
  closed = false
  constructor(readonly events: socket_events) {}
  send(text: string) {
    this.sent.push(JSON.parse(text) as client_frame)
  }
  close() {
    this.closed = true
  }
  push(...frames: server_frame[]) {
    for (const f of frames) this.events.received(JSON.stringify(f))
  }
  welcome(seq = 0, name?: string) {
    this.events.opened()
    this.push({ type: 'welcome', seq, agent: name ? { name } : null })
  }
  messages() {
    return this.sent.filter((f) => f.type === 'message')
  }
}

function storage_of(map: () => Map<string, string>) {
  return {
    read: (key: string) => map().get(key) ?? null,
    write: (key: string, value: string) => void map().set(key, value),
    remove: (key: string) => void map().delete(key),
  }
}

export const settle = () => new Promise((done) => setTimeout(done))

export const from_agent = (seq: number, text: string): server_frame => ({
  type: 'message',
  seq,
  from: 'agent',
  name: 'Ada',
  text,
  at: '2026-11-21T12:00:00Z',
})

/** One visitor's page. */
export class page {
  env = new world()
  seen!: chat_view
  start = () => new chat_session(this.env, 'website', (view) => (this.seen = view))
  texts = () => this.seen.entries.map((e) => e.text)
  states = () => this.seen.entries.map((e) => e.state)

  /** A chat that has said "hello" and had it acknowledged as seq 1. */
  async chatting() {
    const chat = this.start()
    chat.send('hello', { name: 'Eve' })
    await settle()
    this.env.socket.welcome()
    this.env.socket.push({ type: 'ack', client_msg_id: 'id-1', seq: 1 })
    return chat
  }
}
