// What a chat needs of its browser, and what it shows of itself.
import type { attachment, author, chat_status, client_frame, credentials, outgoing_file, visitor } from './protocol'

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

/** What sending files came to. */
export type upload_answer = { seq: number } | { refused: string } | { retry_after_s: number | null }

export interface storage {
  read(key: string): string | null
  write(key: string, value: string): void
  remove(key: string): void
}

export interface environment {
  request_session(about: visitor): Promise<session_answer>
  open_socket(events: socket_events): socket
  /** Whether the chat is open, before there is a session; null = nobody knows. */
  request_state(): Promise<Pick<chat_status, 'open' | 'opens_at' | 'mail'> | null>
  upload(as: credentials, message: client_frame): Promise<upload_answer>
  /** Saves a file of the chat where the visitor keeps his. */
  download(as: credentials, id: number, name: string): Promise<boolean>
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
  files: outgoing_file[] // of our own that are not committed yet
  state: send_state
  detail: string // why it failed
}

export interface chat_view {
  entries: readonly entry[]
  connection: 'idle' | 'connecting' | 'online' | 'offline'
  agent: string | null
  typing: string | null
  read_by_agent: number
  status: chat_status | null // null: not told yet
  unread: number // messages of agents
  mailed_to: string | null // where the transcript was sent
  problem: string | null
  ended: boolean // by the visitor, who may write on
  is_back: boolean // the agent, from a hold, and has not written since
}

/** Where the visitor was on the last page: outlives it, and holds no words. */
export interface place {
  open: boolean
  read: number // the last seq that he has seen
}

export interface unsent_message {
  client_msg_id: string
  text: string
  at: string
}

export function own_entry(m: unsent_message, files: outgoing_file[] = []): entry {
  return {
    key: m.client_msg_id,
    seq: null,
    from: 'customer',
    name: '',
    text: m.text,
    at: m.at,
    attachments: files.map(({ name }) => ({ name })),
    files,
    state: 'sending',
    detail: '',
  }
}

export function parse<T>(text: string | null): T | null {
  try {
    const value: unknown = JSON.parse(text ?? 'null')
    return typeof value === 'object' ? (value as T) : null
  } catch {
    return null
  }
}
