// One customer's chat as a state machine: no DOM, no clock and no network of its own.
import type { attachment, author, client_frame, credentials, message_frame, server_frame, visitor } from './protocol'

export interface socket {
  send(text: string): void
  close(): void
}

export interface socket_events {
  opened(): void
  received(text: string): void
  ended(): void
}

/** What a request for a session came to; `retry_after_s` when it is worth asking again. */
export type session_answer =
  | { credentials: credentials }
  | { refused: string }
  | { retry_after_s: number | null }

export interface storage {
  read(key: string): string | null
  write(key: string, value: string): void
  remove(key: string): void
}

export interface environment {
  request_session(about: visitor): Promise<session_answer>
  open_socket(events: socket_events): socket
  remembered: storage // outlives the tab: who we are, never what was said
  unsent: storage // of this tab: what the server has not acknowledged yet
  now(): number
  after(ms: number, run: () => void): () => void // gives back how to cancel it
  random(): number // [0, 1)
  uuid(): string
  is_online(): boolean
}

export type send_state = 'sending' | 'sent' | 'failed'

export interface entry {
  key: string
  seq: number | null // null until the server has committed it
  from: author
  name: string
  text: string
  at: string
  attachments: attachment[]
  state: send_state
  detail: string // why it failed
}

export interface chat_view {
  entries: readonly entry[]
  connection: 'idle' | 'connecting' | 'online' | 'offline'
  agent: string | null
  typing: string | null
  read_by_agent: number
  closed: string | null
  problem: string | null
}

interface unsent_message {
  client_msg_id: string
  text: string
  at: string
}

export const longest_text = 4000
const first_delay_ms = 1_000
const longest_delay_ms = 30_000
const welcome_within_ms = 10_000
const ack_within_ms = 15_000
const typing_every_ms = 3_000
const typing_shown_ms = 6_000

export class chat_session {
  private credentials: credentials | null
  private entries: entry[] = []
  private connection: chat_view['connection'] = 'idle'
  private agent: string | null = null
  private typing: string | null = null
  private closed: string | null = null
  private problem: string | null = null
  private read_by_agent = 0
  private read_by_us = 0

  private about: visitor = {}
  private socket: socket | null = null
  private generation = 0 // events of an older socket or request are not ours any more
  private attempts = 0
  private delivered = 0 // highest seq pushed to us; acks may run ahead of what we have not seen
  private last_typing = -Infinity
  private cancel_retry = () => {}
  private cancel_welcome = () => {}
  private cancel_ack = () => {}
  private cancel_typing = () => {}

  constructor(
    private readonly env: environment,
    private readonly gateway: string,
    private readonly changed: (view: chat_view) => void,
  ) {
    this.credentials = parse(env.remembered.read(this.credentials_key))
    for (const m of parse<unsent_message[]>(env.unsent.read(this.unsent_key)) ?? []) this.entries.push(own_entry(m))
  }

  view(): chat_view {
    const { entries, connection, agent, typing, read_by_agent, closed, problem } = this
    return { entries: [...entries], connection, agent, typing, read_by_agent, closed, problem }
  }

  /** Picks up the chat of an earlier page, if there is one. */
  resume() {
    if (this.credentials || this.pending().length > 0) this.connect()
  }

  /** Sends a message, beginning a chat if there is none. False if there is nothing to send. */
  send(text: string, about: visitor = {}): boolean {
    const said = text.trim().slice(0, longest_text)
    if (!said) return false
    this.about = { ...this.about, ...about }
    this.closed = null
    this.problem = null
    const at = new Date(this.env.now()).toISOString()
    const mine = own_entry({ client_msg_id: this.env.uuid(), text: said, at })
    this.entries.push(mine)
    this.last_typing = -Infinity
    this.dispatch(mine)
    return true
  }

  retry(key: string) {
    const failed = this.entries.find((e) => e.key === key && e.state === 'failed')
    if (!failed) return
    failed.state = 'sending'
    failed.detail = ''
    this.problem = null
    this.dispatch(failed)
  }

  /** The customer is writing. */
  writes() {
    const now = this.env.now()
    if (this.connection !== 'online' || now - this.last_typing < typing_every_ms) return
    this.last_typing = now
    this.transmit_frame({ type: 'typing' })
  }

  /** The customer has seen everything that is shown. */
  seen() {
    const newest = Math.max(0, ...this.entries.filter((e) => e.from === 'agent').map((e) => e.seq ?? 0))
    if (this.connection !== 'online' || newest <= this.read_by_us) return
    this.read_by_us = newest
    this.transmit_frame({ type: 'read', seq: newest })
  }

  network_changed() {
    if (!this.env.is_online() && this.connection !== 'idle') {
      this.drop_socket()
      this.connection = 'offline'
      this.report()
    } else if (this.env.is_online() && this.connection === 'offline') {
      this.attempts = 0
      this.connect()
    }
  }

  private get credentials_key() {
    return `switchboard.chat.${this.gateway}`
  }

  private get unsent_key() {
    return `switchboard.chat.${this.gateway}.unsent`
  }

  private pending() {
    return this.entries.filter((e) => e.from === 'customer' && e.state === 'sending')
  }

  private report() {
    this.changed(this.view())
  }

  private save_unsent() {
    const left = this.pending().map((e) => ({ client_msg_id: e.key, text: e.text, at: e.at }))
    if (left.length > 0) this.env.unsent.write(this.unsent_key, JSON.stringify(left))
    else this.env.unsent.remove(this.unsent_key)
  }

  private dispatch(e: entry) {
    this.save_unsent()
    if (this.connection === 'online') this.transmit(e)
    else if (this.connection === 'idle') this.connect()
    this.report()
  }

  private connect() {
    this.drop_socket()
    if (!this.env.is_online()) {
      this.connection = 'offline'
      this.report()
      return
    }
    this.connection = 'connecting'
    this.report()
    if (this.credentials) this.open(this.credentials)
    else void this.begin()
  }

  private async begin() {
    const mine = this.generation
    const answer = await this.env.request_session(this.about)
    if (mine !== this.generation) return
    if ('credentials' in answer) {
      this.credentials = answer.credentials
      this.env.remembered.write(this.credentials_key, JSON.stringify(answer.credentials))
      this.open(answer.credentials)
    } else if ('refused' in answer) {
      this.connection = 'idle'
      this.problem = answer.refused
      for (const e of this.pending()) e.state = 'failed'
      this.save_unsent()
      this.report()
    } else {
      this.retry_later(answer.retry_after_s)
    }
  }

  private open(as: credentials) {
    const mine = this.generation
    const ours = () => mine === this.generation
    this.socket = this.env.open_socket({
      opened: () => {
        if (ours()) this.transmit_frame({ type: 'hello', ...as, last_seq: this.delivered })
      },
      received: (text) => {
        const frame = parse<server_frame>(text)
        if (ours() && frame) this.receive(frame)
      },
      ended: () => {
        if (ours()) this.retry_later(null)
      },
    })
    this.cancel_welcome = this.env.after(welcome_within_ms, () => this.retry_later(null))
  }

  private drop_socket() {
    this.generation += 1
    this.cancel_retry()
    this.cancel_welcome()
    this.cancel_ack()
    this.cancel_typing()
    this.typing = null
    const old = this.socket
    this.socket = null
    old?.close()
  }

  private retry_later(retry_after_s: number | null) {
    this.drop_socket()
    const wanted = this.credentials !== null || this.pending().length > 0 // no empty chats on the server
    this.connection = !wanted ? 'idle' : this.env.is_online() ? 'connecting' : 'offline'
    if (this.connection === 'connecting') {
      const most = Math.min(longest_delay_ms, first_delay_ms * 2 ** this.attempts)
      // Half is left to chance, so that all customers do not come back at the same moment after a restart.
      const delay = Math.max(most * (0.5 + this.env.random() / 2), (retry_after_s ?? 0) * 1000)
      this.attempts += 1
      this.cancel_retry = this.env.after(delay, () => this.connect())
    }
    this.report()
  }

  private transmit_frame(frame: client_frame) {
    this.socket?.send(JSON.stringify(frame))
  }

  private transmit(e: entry) {
    this.transmit_frame({ type: 'message', client_msg_id: e.key, text: e.text })
    this.watch_acks()
  }

  /** A socket can be dead without anybody saying so: the missing ack is the sign. */
  private watch_acks() {
    this.cancel_ack()
    if (this.pending().length > 0) this.cancel_ack = this.env.after(ack_within_ms, () => this.retry_later(null))
  }

  private receive(frame: server_frame) {
    if (frame.type === 'welcome') this.welcomed(frame.agent?.name ?? null)
    else if (frame.type === 'message') this.delivered_message(frame)
    else if (frame.type === 'ack') this.acknowledged(frame.client_msg_id, frame.seq)
    else if (frame.type === 'typing') this.agent_types(frame.name ?? '')
    else if (frame.type === 'read') this.read_by_agent = Math.max(this.read_by_agent, frame.seq)
    else if (frame.type === 'error') this.told_error(frame.client_msg_id, frame.detail, frame.retry_after_s)
    else if (frame.type === 'closed') this.ended(frame.reason)
    else return
    this.report()
  }

  private welcomed(agent: string | null) {
    this.cancel_welcome()
    this.attempts = 0
    this.connection = 'online'
    this.agent = agent
    this.problem = null
    for (const e of this.pending()) this.transmit(e)
  }

  private delivered_message(m: message_frame) {
    if (m.seq <= this.delivered) return
    this.delivered = m.seq
    if (m.from === 'agent') {
      this.agent = m.name || this.agent
      this.cancel_typing()
      this.typing = null
    }
    if (m.client_msg_id && this.entries.some((e) => e.key === m.client_msg_id)) {
      this.acknowledged(m.client_msg_id, m.seq) // ours, come back: the ack was lost with the old connection
      return
    }
    this.entries.push({
      key: m.client_msg_id ?? `${this.credentials?.session}:${m.seq}`,
      seq: m.seq,
      from: m.from,
      name: m.name ?? '',
      text: m.text,
      at: m.at,
      attachments: m.attachments ?? [],
      state: 'sent',
      detail: '',
    })
    this.sort()
  }

  private acknowledged(client_msg_id: string, seq: number) {
    const e = this.entries.find((one) => one.key === client_msg_id)
    if (!e) return
    e.state = 'sent'
    e.seq = seq
    e.detail = ''
    this.save_unsent()
    this.watch_acks()
    this.sort()
  }

  /** Committed messages by seq within their chat, then what is still on its way, in the order of writing. */
  private sort() {
    const committed = this.entries.filter((e) => e.seq !== null && e.state === 'sent')
    const others = this.entries.filter((e) => !committed.includes(e))
    const earlier = committed.filter((e) => this.earlier_chat.has(e.key))
    const current = committed.filter((e) => !this.earlier_chat.has(e.key))
    current.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    this.entries = [...earlier, ...current, ...others]
  }

  private readonly earlier_chat = new Set<string>() // keys of a chat that has ended; its seqs mean nothing now

  private agent_types(name: string) {
    this.typing = name || this.agent || ''
    this.cancel_typing()
    this.cancel_typing = this.env.after(typing_shown_ms, () => {
      this.typing = null
      this.report()
    })
  }

  private told_error(client_msg_id: string | undefined, detail: string, retry_after_s: number | undefined) {
    const e = this.entries.find((one) => one.key === client_msg_id)
    if (e && retry_after_s !== undefined) {
      this.cancel_ack()
      const mine = this.generation
      this.env.after(retry_after_s * 1000, () => {
        if (mine === this.generation && e.state === 'sending') this.transmit(e)
      })
    } else if (e) {
      e.state = 'failed'
      e.detail = detail
      this.save_unsent()
      this.watch_acks()
    } else if (this.connection !== 'online' && retry_after_s === undefined) {
      this.forget() // the greeting was refused: this chat is not known any more, the next one is a new one
      this.retry_later(null)
    } else if (this.connection !== 'online') {
      this.retry_later(retry_after_s ?? null)
    } else {
      this.problem = detail
    }
  }

  private ended(reason: string) {
    this.forget()
    this.drop_socket()
    this.connection = 'idle'
    this.closed = reason
    this.agent = null
    // What crossed the closing on its way opens a new chat instead of being lost.
    if (this.pending().length > 0) this.connect()
  }

  private forget() {
    this.credentials = null
    this.env.remembered.remove(this.credentials_key)
    this.delivered = this.read_by_us = this.read_by_agent = 0
    for (const e of this.entries) if (e.state === 'sent') this.earlier_chat.add(e.key)
  }
}

function own_entry(m: unsent_message): entry {
  return {
    key: m.client_msg_id,
    seq: null,
    from: 'customer',
    name: '',
    text: m.text,
    at: m.at,
    attachments: [],
    state: 'sending',
    detail: '',
  }
}

function parse<T>(text: string | null): T | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return typeof value === 'object' ? (value as T) : null
  } catch {
    return null
  }
}
