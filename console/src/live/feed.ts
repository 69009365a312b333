import { compareCursors } from './events'
import type { Frame, LiveEvent } from './eventTypes'

export type FeedState = 'connecting' | 'live' | 'stale'

export interface FeedOptions {
  url: string
  onEvent(event: LiveEvent): void
  onResync(): void
  onState(state: FeedState): void
  onServerTime(at: string): void
  /** Several failures in a row, or the server says that the session has ended: ask whether it has. */
  onTrouble(): void
  open?(url: string): WebSocket
}

/** Without any news, not even a heartbeat, for this long, what is shown may be old. */
const silence_ms = 10_000
const session_ended = 4401
const backoff_ms = [300, 1000, 2000, 4000, 8000]

/** One WebSocket that survives sleep and lost networks, and resumes after the last event seen. */
export class LiveFeed {
  private socket: WebSocket | null = null
  private cursor: string | null = null
  private attempts = 0
  private retry: ReturnType<typeof setTimeout> | undefined
  private watch: ReturnType<typeof setTimeout> | undefined
  private closed = true

  constructor(private readonly options: FeedOptions) {}

  /** `after` is the cursor of what was read over HTTP, so that nothing between is missed. */
  start(after: string | null): void {
    this.closed = false
    this.cursor = after
    window.addEventListener('online', this.reconnectNow)
    document.addEventListener('visibilitychange', this.onVisible)
    this.connect()
  }

  stop(): void {
    this.closed = true
    window.removeEventListener('online', this.reconnectNow)
    document.removeEventListener('visibilitychange', this.onVisible)
    clearTimeout(this.retry)
    clearTimeout(this.watch)
    this.drop()
  }

  send(frame: object): void {
    if (this.socket?.readyState === 1) this.socket.send(JSON.stringify(frame))
  }

  readonly reconnectNow = (): void => {
    if (this.closed) return
    clearTimeout(this.retry)
    this.drop()
    this.connect()
  }

  private readonly onVisible = (): void => {
    // A laptop that wakes has a dead socket that does not know it yet.
    if (document.visibilityState === 'visible' && this.socket?.readyState !== 1) this.reconnectNow()
  }

  private connect(): void {
    const socket = (this.options.open ?? ((url) => new WebSocket(url)))(this.options.url)
    this.socket = socket
    this.expectNews()
    socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', after: this.cursor }))
    socket.onmessage = (message) => this.receive(String(message.data))
    socket.onclose = (event) => this.lost(event?.code)
    socket.onerror = () => undefined
  }

  private receive(text: string): void {
    this.expectNews()
    const frame = JSON.parse(text) as Frame
    switch (frame.type) {
      case 'welcome':
        this.attempts = 0
        this.cursor ??= frame.cursor
        this.options.onServerTime(frame.server_time)
        this.options.onState('live')
        return
      case 'heartbeat':
        this.options.onServerTime(frame.server_time)
        this.options.onState('live')
        return
      case 'resync':
        // The screens read everything again; what comes after this place is told, over a lost connection too.
        this.cursor = frame.cursor
        this.options.onResync()
        return
      case 'viewers':
        this.options.onEvent({ type: 'viewers', at: '', data: { items: frame.items } })
        return
      default:
        this.deliver(frame)
    }
  }

  private deliver(event: LiveEvent): void {
    if (event.cursor) {
      if (this.cursor && compareCursors(event.cursor, this.cursor) <= 0) return
      this.cursor = event.cursor
    }
    this.options.onEvent(event)
  }

  private expectNews(): void {
    clearTimeout(this.watch)
    this.watch = setTimeout(() => {
      this.options.onState('stale')
      this.reconnectNow()
    }, silence_ms)
  }

  private lost(code?: number): void {
    this.socket = null
    if (this.closed) return
    clearTimeout(this.watch)
    this.options.onState('stale')
    const wait = backoff_ms[Math.min(this.attempts, backoff_ms.length - 1)] ?? 8000
    this.attempts++
    if (this.attempts === 3 || code === session_ended) this.options.onTrouble()
    // Spread out, so that a restarted server is not met by everybody in the same moment.
    this.retry = setTimeout(() => this.connect(), wait * (0.7 + Math.random() * 0.6))
  }

  private drop(): void {
    const socket = this.socket
    this.socket = null
    if (!socket) return
    socket.onopen = socket.onmessage = socket.onclose = null
    socket.close()
  }
}
