import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { compareCursors } from '@/live/events'
import type { LiveEvent } from '@/live/eventTypes'
import { LiveFeed, type FeedState } from '@/live/feed'
import { said } from './events'

class FakeSocket {
  static all: FakeSocket[] = []
  readyState = 0
  sent: unknown[] = []
  onopen: (() => void) | null = null
  onmessage: ((message: { data: string }) => void) | null = null
  onclose: ((event?: { code: number }) => void) | null = null
  onerror: (() => void) | null = null
  constructor() {
    FakeSocket.all.push(this)
  }
  send(text: string) {
    this.sent.push(JSON.parse(text))
  }
  close() {
    this.readyState = 3
  }
  opens() {
    this.readyState = 1
    this.onopen?.()
  }
  says(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) })
  }
  drops(code = 1006) {
    this.readyState = 3
    this.onclose?.({ code })
  }
}
const last = () => FakeSocket.all.at(-1) as FakeSocket

let seen: LiveEvent[]
let states: FeedState[]
let resyncs: number
let troubles: number
let feed: LiveFeed
const event = (cursor: string) => ({ cursor, type: 'config.changed', at: '', data: { kind: 'queue', id: 1 } })

beforeEach(() => {
  vi.useFakeTimers()
  FakeSocket.all = []
  seen = []
  states = []
  resyncs = 0
  troubles = 0
  feed = new LiveFeed({
    url: 'ws://x',
    onEvent: (one) => seen.push(one),
    onResync: () => resyncs++,
    onState: (state) => states.push(state),
    onServerTime: () => undefined,
    onTrouble: () => troubles++,
    open: () => new FakeSocket() as unknown as WebSocket,
  })
  feed.start('5-10')
  last().opens()
})
afterEach(() => {
  feed.stop()
  vi.useRealTimers()
})

describe('the live feed', () => {
  it('begins after what was read over HTTP', () => {
    expect(last().sent).toEqual([{ type: 'hello', after: '5-10' }])
  })
  it('gives each event once', () => {
    last().says(event('5-11'))
    last().says(event('5-11'))
    last().says(event('5-9'))
    last().says(event('6-3'))
    expect(seen.map((one) => one.cursor)).toEqual(['5-11', '6-3'])
  })
  it('resumes after the last event seen', () => {
    last().says(event('7-1'))
    last().drops()
    vi.advanceTimersByTime(1000)
    last().opens()
    expect(FakeSocket.all).toHaveLength(2)
    expect(last().sent).toEqual([{ type: 'hello', after: '7-1' }])
  })
  it('is stale after ten seconds without a heartbeat, and tries anew', () => {
    last().says({ type: 'welcome', cursor: '5-10', server_time: '2026-01-01T00:00:00Z' })
    vi.advanceTimersByTime(9000)
    last().says({ type: 'heartbeat', server_time: '2026-01-01T00:00:09Z' })
    vi.advanceTimersByTime(9900)
    expect(states.at(-1)).toBe('live')
    vi.advanceTimersByTime(200)
    expect(states.at(-1)).toBe('stale')
    expect(FakeSocket.all).toHaveLength(2)
  })
  it('asks for everything again when the server has forgotten the cursor', () => {
    last().says({ type: 'resync', cursor: '1-0' })
    last().says(event('1-1'))
    expect(resyncs).toBe(1)
    expect(seen).toHaveLength(1)
  })
  it('goes on from there when the connection is lost before anything more has happened', () => {
    last().says({ type: 'resync', cursor: '3-7' })
    last().drops()
    vi.advanceTimersByTime(1000)
    last().opens()
    expect(last().sent).toEqual([{ type: 'hello', after: '3-7' }])
  })
  it('passes on what has no cursor', () => {
    last().says(said('typing', { ticket_id: 1, from: 'customer', name: 'Ana' }))
    expect(seen[0]?.type).toBe('typing')
  })
  it('asks at once whether the session has ended when the server says so', () => {
    last().drops()
    expect(troubles).toBe(0)
    vi.advanceTimersByTime(60_000)
    last().opens()
    last().drops(4401)
    expect(troubles).toBe(1)
  })
  it('stays closed once stopped', () => {
    feed.stop()
    vi.advanceTimersByTime(60_000)
    expect(FakeSocket.all).toHaveLength(1)
  })
})

describe('cursors', () => {
  it('are ordered as numbers, by transaction first', () => {
    expect(compareCursors('9-5', '10-1')).toBe(-1)
    expect(compareCursors('10-9', '10-10')).toBe(-1)
    expect(compareCursors('10-10', '10-10')).toBe(0)
    expect(compareCursors('18446744073709551615-2', '18446744073709551615-1')).toBe(1)
  })
})
