// The frames of the chat's WebSocket, and the answer of POST …/sessions.

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
  name: string
  url?: string
  size?: number
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
  | { type: 'error'; client_msg_id?: string; detail: string; retry_after_s?: number }
  | { type: 'closed'; reason: string }

export type client_frame =
  | { type: 'hello'; session: string; token: string; last_seq: number }
  | { type: 'message'; client_msg_id: string; text: string }
  | { type: 'typing' }
  | { type: 'read'; seq: number }
