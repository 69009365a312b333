// The frames of the chat's WebSocket, and the answers of its requests: docs/chat.md.

export interface credentials {
  session: string
  token: string
}

export interface visitor {
  name?: string
  email?: string
  page_url?: string
  language?: string
}

export type author = 'agent' | 'customer' | 'system'

export interface attachment {
  id?: number // of a file that the server has
  name: string
  size?: number
}

/** A file on its way to the server. */
export interface outgoing_file {
  name: string
  type: string
  content: string // base64
}

/** How the visitor's ticket stands, and what the house offers. */
export interface chat_status {
  state: 'new' | 'waiting' | 'active' | 'on_hold' | 'solved'
  agent: { name: string } | null
  ahead: number | null // served before; null = not known
  staffed: boolean | null // somebody who could answer is signed in; null = not known
  until: string | null // how long it is on hold; null = not known
  open: boolean
  opens_at: string | null
  email: string // as the visitor gave it
  mail: boolean // an answer or the transcript can come by mail
}

export interface message_frame {
  type: 'message'
  seq: number
  from: author
  client_msg_id?: string
  name?: string
  text: string
  at: string
  attachments?: attachment[]
}

export type server_frame =
  | { type: 'welcome'; seq: number; agent: { name: string } | null }
  | message_frame
  | { type: 'ack'; client_msg_id: string; seq: number }
  | { type: 'typing'; from?: string; name?: string }
  | { type: 'read'; seq: number }
  | { type: 'error'; client_msg_id?: string; of?: string; field?: string; detail: string; retry_after_s?: number }
  | ({ type: 'status' } & chat_status)
  | { type: 'transcript'; to: string }
  | { type: 'closed' }

export type client_frame =
  | { type: 'hello'; session: string; token: string; last_seq: number }
  | { type: 'message'; client_msg_id: string; text: string; attachments?: outgoing_file[] }
  | { type: 'typing' }
  | { type: 'received'; seq: number }
  | { type: 'read'; seq: number }
  | { type: 'about'; email: string }
  | { type: 'transcript' }
  | { type: 'close' }
