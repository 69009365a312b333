// One customer's chat as a state machine: no DOM, no clock and no network of its own.
import {
  own_entry,
  parse,
  type chat_view,
  type entry,
  type environment,
  type socket,
} from './environment'
import { entries } from './entries'
import { kept } from './kept'
import type * as wire from './protocol'

export const longest_text = 4000
const first_delay_ms = 1_000
const longest_delay_ms = 30_000
const welcome_within_ms = 10_000
const ack_within_ms = 15_000
const typing_every_ms = 3_000
const typing_shown_ms = 6_000
const received_after_ms = 200

export class chat_session {
  private readonly kept: kept
  private credentials: wire.credentials | null
  private readonly said = new entries()
  private connection: chat_view['connection'] = 'idle'
  private agent: string | null = null
  private typing: string | null = null
  private status: wire.chat_status | null = null
  private mailed_to: string | null = null
  is_open: boolean // the window, on the last page or on this one
  private is_back = false // the agent, from a hold, and has not written yet
  private problem: string | null = null
  private ended = false // by him; he may write on
  private read_by_agent = 0
  private read_by_us = 0

  private about: wire.visitor = {}
  private socket: socket | null = null
  private generation = 0 // events of an older socket or request are not ours any more
  private attempts = 0
  private delivered = 0 // highest seq pushed to us; acks may run ahead of what we have not seen
  private last_typing = -Infinity
  private cancel_retry = () => {}
  private cancel_welcome = () => {}
  private cancel_ack = () => {}
  private cancel_typing = () => {}
  private cancel_received = () => {}

  constructor(
    private readonly env: environment,
    gateway: string,
    private readonly changed: (view: chat_view) => void,
  ) {
    this.kept = new kept(env, gateway)
    this.credentials = this.kept.credentials()
    const last = this.kept.place()
    this.is_open = last.open
    this.read_by_us = this.credentials ? last.read : 0
    for (const m of this.kept.unsent()) this.said.add(own_entry(m))
  }

  view(): chat_view {
    const { connection, agent, typing, read_by_agent, status, unread, mailed_to, problem, ended, is_back } = this
    const entries = [...this.said.all]
    return { entries, connection, agent, typing, read_by_agent, status, unread, mailed_to, problem, ended, is_back }
  }

  /** Picks up the chat of an earlier page, if there is one. */
  resume() {
    if (this.credentials || this.said.pending().length > 0) this.connect()
  }

  /** Sends a message, beginning a chat if there is none. False if there is nothing to send. */
  send(text: string, about: wire.visitor = {}, files: wire.outgoing_file[] = []): boolean {
    const said = text.trim().slice(0, longest_text)
    if (!said && files.length === 0) return false
    this.about = { ...this.about, ...about }
    this.problem = null
    this.ended = false
    const at = new Date(this.env.now()).toISOString()
    const mine = own_entry({ client_msg_id: this.env.uuid(), text: said, at }, files)
    this.said.add(mine)
    this.last_typing = -Infinity
    this.dispatch(mine)
    return true
  }

  retry(key: string) {
    const failed = this.said.find(key)
    if (failed?.state !== 'failed') return
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
    const newest = Math.max(0, ...this.said.from_agents().map((e) => e.seq ?? 0))
    if (newest <= this.read_by_us) return
    this.read_by_us = newest
    this.save_place()
    if (this.connection === 'online') this.transmit_frame({ type: 'read', seq: newest })
  }

  /** The window was opened or closed. */
  async shows(open: boolean) {
    this.is_open = open
    this.save_place()
    if (!open || this.credentials || this.status) return
    const now = await this.env.request_state()
    if (!now || this.status) return
    this.status = { state: 'new', agent: null, ahead: null, staffed: null, until: null, email: '', ...now }
    this.report()
  }

  /** The customer says where an answer finds him. */
  leave_address(email: string) {
    this.about = { ...this.about, email }
    this.ask({ type: 'about', email })
  }

  ask_for_transcript() {
    this.ask({ type: 'transcript' })
  }

  end() {
    this.ask({ type: 'close' })
  }

  /** False when the file cannot be had. */
  async save_file(id: number, name: string): Promise<boolean> {
    return this.credentials !== null && (await this.env.download(this.credentials, id, name))
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

  private get unread() {
    return this.said.from_agents().filter((e) => (e.seq ?? 0) > this.read_by_us).length
  }

  private save_place() {
    this.kept.keep_place({ open: this.is_open, read: this.read_by_us })
  }

  private report() {
    this.changed(this.view())
  }

  private save_unsent() {
    this.kept.keep_unsent(this.said.words_pending().map((e) => ({ client_msg_id: e.key, text: e.text, at: e.at })))
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
      this.kept.keep_credentials(answer.credentials)
      delete this.about.email // it went with the request
      this.open(answer.credentials)
    } else if ('refused' in answer) {
      this.connection = 'idle'
      this.problem = answer.refused
      for (const e of this.said.pending()) e.state = 'failed'
      this.save_unsent()
      this.report()
    } else {
      this.retry_later(answer.retry_after_s)
    }
  }

  private open(as: wire.credentials) {
    const mine = this.generation
    const ours = () => mine === this.generation
    this.socket = this.env.open_socket({
      opened: () => {
        if (ours()) this.transmit_frame({ type: 'hello', ...as, last_seq: this.delivered })
      },
      received: (text) => {
        const frame = parse<wire.server_frame>(text)
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
    this.cancel_received()
    this.typing = null
    const old = this.socket
    this.socket = null
    old?.close()
  }

  private retry_later(retry_after_s: number | null) {
    this.drop_socket()
    const wanted = this.credentials !== null || this.said.pending().length > 0 // no empty chats on the server
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

  private ask(frame: wire.client_frame) {
    this.problem = this.mailed_to = null
    if (this.connection === 'online') this.transmit_frame(frame)
    this.report()
  }

  private transmit_frame(frame: wire.client_frame) {
    this.socket?.send(JSON.stringify(frame))
  }

  private transmit(e: entry) {
    if (e.files.length > 0) return void this.upload(e)
    this.transmit_frame({ type: 'message', client_msg_id: e.key, text: e.text })
    this.watch_acks()
  }

  /** Files go by a request of their own: frames are small. */
  private async upload(e: entry) {
    if (!this.credentials || this.uploading.has(e.key)) return
    this.uploading.add(e.key)
    const message: wire.client_frame = { type: 'message', client_msg_id: e.key, text: e.text, attachments: e.files }
    const done = await this.env.upload(this.credentials, message)
    this.uploading.delete(e.key)
    if ('seq' in done) this.acknowledged(e.key, done.seq)
    else if ('refused' in done) this.refused(e, done.refused)
    else
      this.env.after(Math.max(first_delay_ms, (done.retry_after_s ?? 0) * 1000), () => {
        if (e.state === 'sending' && this.connection === 'online') this.transmit(e)
      })
    this.report()
  }
  private readonly uploading = new Set<string>()

  private refused(e: entry, why: string) {
    e.state = 'failed'
    e.detail = why
    this.save_unsent()
    this.watch_acks()
  }

  /** A socket can be dead without anybody saying so: the missing ack is the sign. */
  private watch_acks() {
    this.cancel_ack()
    if (this.said.words_pending().length > 0) this.cancel_ack = this.env.after(ack_within_ms, () => this.retry_later(null))
  }

  private receive(frame: wire.server_frame) {
    if (frame.type === 'welcome') this.welcomed(frame.agent?.name ?? null)
    else if (frame.type === 'message') this.delivered_message(frame)
    else if (frame.type === 'ack') this.acknowledged(frame.client_msg_id, frame.seq)
    else if (frame.type === 'typing') this.agent_types(frame.name ?? '')
    else if (frame.type === 'read') this.read_by_agent = Math.max(this.read_by_agent, frame.seq)
    else if (frame.type === 'status') this.told_status(frame)
    else if (frame.type === 'transcript') this.mailed_to = frame.to
    else if (frame.type === 'closed') this.was_ended()
    else if (frame.type === 'error') this.told_error(frame.client_msg_id, frame.detail, frame.retry_after_s)
    else return
    this.report()
  }

  private welcomed(agent: string | null) {
    this.cancel_welcome()
    this.attempts = 0
    this.connection = 'online'
    this.agent = agent
    this.problem = null
    if (this.about.email) this.transmit_frame({ type: 'about', email: this.about.email })
    for (const e of this.said.pending()) this.transmit(e)
  }

  private was_ended() {
    this.ended = true
    this.cancel_typing()
    this.typing = null
  }

  private told_status(status: wire.chat_status) {
    if (status.state !== 'active') this.is_back = false
    else if (this.status?.state === 'on_hold') this.is_back = true
    this.status = status
    this.mailed_to = null
    this.agent = status.agent?.name ?? null
    if (status.email) delete this.about.email // it has arrived
  }

  private delivered_message(m: wire.message_frame) {
    if (m.seq <= this.delivered) return
    this.delivered = m.seq
    if (m.from === 'agent') {
      this.agent = m.name || this.agent
      this.is_back = false
      this.tell_received()
      this.cancel_typing()
      this.typing = null
    }
    if (m.client_msg_id && this.said.find(m.client_msg_id)) {
      this.acknowledged(m.client_msg_id, m.seq) // ours, come back: the ack was lost with the old connection
      return
    }
    this.said.add({
      key: m.client_msg_id ?? `${this.credentials?.session}:${m.seq}`,
      seq: m.seq,
      from: m.from,
      name: m.name ?? '',
      text: m.text,
      at: m.at,
      attachments: m.attachments ?? [],
      files: [],
      state: 'sent',
      detail: '',
    })
  }

  /** What comes together is told of together. */
  private tell_received() {
    this.cancel_received()
    this.cancel_received = this.env.after(received_after_ms, () => {
      if (this.connection === 'online') this.transmit_frame({ type: 'received', seq: this.delivered })
    })
  }

  private acknowledged(client_msg_id: string, seq: number) {
    const e = this.said.find(client_msg_id)
    if (!e) return
    e.state = 'sent'
    e.seq = seq
    e.detail = ''
    e.files = []
    this.save_unsent()
    this.watch_acks()
    this.said.sort()
  }

  private agent_types(name: string) {
    if (this.ended) return
    this.typing = name || this.agent || ''
    this.cancel_typing()
    this.cancel_typing = this.env.after(typing_shown_ms, () => {
      this.typing = null
      this.report()
    })
  }

  private told_error(client_msg_id: string | undefined, detail: string, retry_after_s: number | undefined) {
    const e = this.said.find(client_msg_id)
    if (e && retry_after_s !== undefined) {
      this.cancel_ack()
      const mine = this.generation
      this.env.after(retry_after_s * 1000, () => {
        if (mine === this.generation && e.state === 'sending') this.transmit(e)
      })
    } else if (e) {
      this.refused(e, detail)
    } else if (this.connection !== 'online' && retry_after_s === undefined) {
      this.forget() // the greeting was refused: this chat is not known any more, the next one is a new one
      this.retry_later(null)
    } else if (this.connection !== 'online') {
      this.retry_later(retry_after_s ?? null)
    } else {
      this.problem = detail
    }
  }

  private forget() {
    this.credentials = null
    this.kept.keep_credentials(null)
    this.delivered = this.read_by_us = this.read_by_agent = 0
    this.status = null
    this.save_place()
    this.said.begin_anew()
  }
}
