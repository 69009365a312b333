import { beforeEach, describe, expect, it } from 'vitest'
import type { client_frame, server_frame, visitor } from './protocol'
import { chat_session, type chat_view, type environment, type session_answer, type socket_events } from './session'

/** A browser whose clock, network and storage are in the test's hands. */
class world implements environment {
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

class fake_socket {
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

const settle = () => new Promise((done) => setTimeout(done))

const from_agent = (seq: number, text: string): server_frame => ({
  type: 'message',
  seq,
  from: 'agent',
  name: 'Ada',
  text,
  at: '2026-11-21T12:00:00Z',
})

let env: world
let seen: chat_view
const start = () => new chat_session(env, 'website', (view) => (seen = view))
const texts = () => seen.entries.map((e) => e.text)
const states = () => seen.entries.map((e) => e.state)

beforeEach(() => {
  env = new world()
})

/** A chat that has said "hello" and had it acknowledged as seq 1. */
async function chatting() {
  const chat = start()
  chat.send('hello', { name: 'Eve' })
  await settle()
  env.socket.welcome()
  env.socket.push({ type: 'ack', client_msg_id: 'id-1', seq: 1 })
  return chat
}

describe('a first message', () => {
  it('asks for a session, greets, and is sending until the server has committed it', async () => {
    const chat = start()
    chat.resume()
    expect(env.asked).toEqual([])
    expect(chat.send('  hello ', { name: 'Eve' })).toBe(true)
    await settle()
    expect(env.asked).toEqual([{ name: 'Eve' }])
    env.socket.events.opened()
    expect(env.socket.sent).toEqual([{ type: 'hello', session: 's1', token: 't1', last_seq: 0 }])
    env.socket.push({ type: 'welcome', seq: 0, agent: null })
    expect(env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-1', text: 'hello' }])
    expect(states()).toEqual(['sending'])
    env.socket.push({ type: 'ack', client_msg_id: 'id-1', seq: 1 })
    expect(states()).toEqual(['sent'])
    expect(seen.connection).toBe('online')
  })

  it('that says nothing does nothing', async () => {
    expect(start().send(' \n ')).toBe(false)
    await settle()
    expect(env.asked).toEqual([])
  })

  it('asks once although more is written while the answer is awaited', async () => {
    const chat = start()
    chat.send('one')
    chat.send('two')
    await settle()
    env.socket.welcome()
    expect(env.asked.length).toBe(1)
    expect(env.sockets.length).toBe(1)
    expect(env.socket.messages().map((m) => m.text)).toEqual(['one', 'two'])
  })

  it('is tried again when the server is busy, not before it asked us to', async () => {
    env.answers = [{ retry_after_s: 5 }]
    start().send('hello')
    await env.pass(4_900)
    expect(env.asked.length).toBe(1)
    await env.pass(200)
    expect(env.asked.length).toBe(2)
    expect(seen.entries[0]?.state).toBe('sending')
  })

  it('shows a refusal, and can be tried again by hand', async () => {
    env.answers = [{ refused: 'this chat is closed' }]
    const chat = start()
    chat.send('hello')
    await env.pass(60_000)
    expect(seen).toMatchObject({ problem: 'this chat is closed', connection: 'idle' })
    expect(states()).toEqual(['failed'])
    expect(env.asked.length).toBe(1)
    chat.retry('id-1')
    await settle()
    env.socket.welcome()
    expect(env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-1', text: 'hello' }])
  })
})

describe('a lost connection', () => {
  it('resumes after the last message that was pushed and sends again what had no ack', async () => {
    const chat = await chatting()
    env.socket.push(from_agent(2, 'hi'))
    chat.send('lost?')
    env.socket.events.ended()
    await env.pass(1_000)
    env.socket.events.opened()
    expect(env.socket.sent).toEqual([{ type: 'hello', session: 's1', token: 't1', last_seq: 2 }])
    env.socket.push({ type: 'welcome', seq: 3, agent: { name: 'Ada' } })
    expect(env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-2', text: 'lost?' }])
    env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 3 })
    expect(texts()).toEqual(['hello', 'hi', 'lost?'])
    expect(states()).toEqual(['sent', 'sent', 'sent'])
  })

  it('never skips an agent message that an ack has overtaken', async () => {
    const chat = await chatting()
    chat.send('second')
    env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 3 }) // 2 is the agent's and was not pushed yet
    env.socket.events.ended()
    await env.pass(1_000)
    env.socket.events.opened()
    expect(env.socket.sent[0]).toMatchObject({ last_seq: 0 })
    env.socket.push(
      { type: 'welcome', seq: 3, agent: null },
      { type: 'message', seq: 1, from: 'customer', client_msg_id: 'id-1', text: 'hello', at: '' },
      from_agent(2, 'between'),
      { type: 'message', seq: 3, from: 'customer', client_msg_id: 'id-2', text: 'second', at: '' },
    )
    expect(texts()).toEqual(['hello', 'between', 'second'])
  })

  it('takes the replay of an own message for its ack', async () => {
    const chat = await chatting()
    chat.send('committed, ack lost')
    env.socket.events.ended()
    await env.pass(1_000)
    env.socket.welcome(2)
    env.socket.push({
      type: 'message',
      seq: 2,
      from: 'customer',
      client_msg_id: 'id-2',
      text: 'committed, ack lost',
      at: '',
    })
    expect(states()).toEqual(['sent', 'sent'])
    expect(env.tab.size).toBe(0)
  })

  it('shows each message once, however often it comes', async () => {
    await chatting()
    env.socket.push(from_agent(2, 'hi'), from_agent(2, 'hi'), from_agent(3, 'there'), from_agent(2, 'hi'))
    expect(texts()).toEqual(['hello', 'hi', 'there'])
  })

  it('is tried again ever more seldom, and quickly again after a success', async () => {
    await chatting()
    const waits: number[] = []
    for (let i = 0; i < 7; ++i) {
      env.socket.events.ended()
      const before = env.clock
      const count = env.sockets.length
      while (env.sockets.length === count) await env.pass(100)
      waits.push(env.clock - before)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) // with chance at its least: half
    env.socket.welcome()
    const count = env.sockets.length
    env.chance = 0.999
    env.socket.events.ended()
    await env.pass(900)
    expect(env.sockets.length).toBe(count)
    await env.pass(100)
    expect(env.sockets.length).toBe(count + 1)
  })

  it('is noticed by a welcome or an ack that does not come', async () => {
    const chat = await chatting()
    chat.send('anybody?')
    const silent = env.socket
    await env.pass(15_000)
    expect(silent.closed).toBe(true)
    await env.pass(500)
    const mute = env.socket
    expect(mute).not.toBe(silent)
    mute.events.opened()
    await env.pass(10_000)
    expect(mute.closed).toBe(true)
  })

  it('does not listen to a socket that was given up', async () => {
    await chatting()
    const old = env.socket
    old.events.ended()
    await env.pass(1_000)
    env.socket.welcome()
    old.events.ended()
    old.push(from_agent(9, 'ghost'))
    expect(seen.connection).toBe('online')
    expect(texts()).toEqual(['hello'])
  })
})

describe('offline', () => {
  it('queues and sends in order when the network is back, without polling meanwhile', async () => {
    const chat = await chatting()
    env.online = false
    chat.network_changed()
    chat.send('one')
    chat.send('two')
    await env.pass(600_000)
    expect(env.sockets.length).toBe(1)
    expect(seen.connection).toBe('offline')
    env.online = true
    chat.network_changed()
    env.socket.welcome()
    expect(env.socket.messages().map((m) => m.text)).toEqual(['one', 'two'])
  })

  it('leaves alone who never began a chat', async () => {
    const chat = start()
    for (const online of [false, true]) {
      env.online = online
      chat.network_changed()
    }
    await env.pass(60_000)
    expect(env.asked).toEqual([])
  })
})

describe('a new page', () => {
  it('resumes the chat with its history', async () => {
    await chatting()
    const again = start()
    again.resume()
    env.socket.events.opened()
    expect(env.socket.sent).toEqual([{ type: 'hello', session: 's1', token: 't1', last_seq: 0 }])
    expect(env.asked.length).toBe(1)
  })

  it('sends what the last page could not', async () => {
    const chat = await chatting()
    env.socket.events.ended()
    chat.send('unsent')
    start().resume()
    env.socket.welcome(1)
    expect(env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-2', text: 'unsent' }])
  })

  it('finds no words of the customer in what outlives the tab', async () => {
    const chat = await chatting()
    chat.send('my secret')
    expect(JSON.stringify([...env.local])).not.toContain('secret')
    expect(JSON.stringify([...env.tab])).toContain('secret')
    env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 2 })
    expect([...env.tab]).toEqual([])
  })

  it('is not broken by damaged storage', () => {
    env.local.set('switchboard.chat.website', '{oops')
    env.tab.set('switchboard.chat.website.unsent', '{oops')
    start().resume()
    expect(env.sockets).toEqual([])
  })
})

describe('errors and ends', () => {
  it('sends again after the wait that the server asked for', async () => {
    const chat = await chatting()
    chat.send('too fast')
    env.socket.push({ type: 'error', client_msg_id: 'id-2', detail: 'slow down', retry_after_s: 20 })
    await env.pass(19_000)
    expect(env.socket.messages().length).toBe(2)
    await env.pass(1_000)
    expect(env.socket.messages().map((m) => m.client_msg_id)).toEqual(['id-1', 'id-2', 'id-2'])
    expect(env.sockets.length).toBe(1)
  })

  it('marks a message that was refused for good, and keeps it out of later connections', async () => {
    const chat = await chatting()
    chat.send('bad')
    env.socket.push({ type: 'error', client_msg_id: 'id-2', detail: 'not allowed' })
    expect(seen.entries[1]).toMatchObject({ state: 'failed', detail: 'not allowed' })
    env.socket.events.ended()
    await env.pass(1_000)
    env.socket.welcome(1)
    expect(env.socket.messages()).toEqual([])
  })

  it('begins anew when the server does not know the session any more', async () => {
    env.local.set('switchboard.chat.website', '{"session":"old","token":"x"}')
    const chat = start()
    chat.send('hello')
    env.socket.events.opened()
    env.socket.push({ type: 'error', detail: 'no such session' })
    await env.pass(1_000)
    expect(env.asked.length).toBe(1)
    env.socket.welcome()
    expect(env.socket.messages().map((m) => m.text)).toEqual(['hello'])
  })

  it('forgets an unknown session without opening an empty chat', async () => {
    env.local.set('switchboard.chat.website', '{"session":"old","token":"x"}')
    start().resume()
    env.socket.events.opened()
    env.socket.push({ type: 'error', detail: 'no such session' })
    await env.pass(60_000)
    expect(env.asked).toEqual([])
    expect(env.local.size).toBe(0)
    expect(seen.connection).toBe('idle')
  })

  it('shows the end of the chat and begins a new one with the next message', async () => {
    const chat = await chatting()
    env.socket.push(from_agent(2, 'bye'), { type: 'closed', reason: 'solved' })
    expect(seen).toMatchObject({ closed: 'solved', connection: 'idle' })
    await env.pass(60_000)
    expect(env.sockets.length).toBe(1)
    chat.send('one more thing')
    await settle()
    env.socket.events.opened()
    expect(env.socket.sent[0]).toMatchObject({ session: 's2', last_seq: 0 })
    env.socket.push({ type: 'welcome', seq: 0, agent: null })
    env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 1 }, from_agent(2, 'yes?'))
    expect(texts()).toEqual(['hello', 'bye', 'one more thing', 'yes?']) // seqs begin again, the order stays
    expect(seen.closed).toBeNull()
  })
})

describe('presence', () => {
  it('shows the agent typing for a while, or until the message is there', async () => {
    await chatting()
    env.socket.push({ type: 'typing', from: 'agent', name: 'Ada' })
    expect(seen.typing).toBe('Ada')
    await env.pass(6_000)
    expect(seen.typing).toBeNull()
    env.socket.push({ type: 'typing', from: 'agent', name: 'Ada' }, from_agent(2, 'hi'))
    expect(seen).toMatchObject({ typing: null, agent: 'Ada' })
  })

  it('tells of typing at most every three seconds', async () => {
    const chat = await chatting()
    const told = () => env.socket.sent.filter((f) => f.type === 'typing').length
    for (let i = 0; i < 29; ++i) {
      chat.writes()
      await env.pass(100)
    }
    expect(told()).toBe(1)
    await env.pass(100)
    chat.writes()
    expect(told()).toBe(2)
  })

  it('tells once what was seen, and shows what the agent has seen', async () => {
    const chat = await chatting()
    env.socket.push(from_agent(2, 'hi'), { type: 'read', seq: 1 })
    chat.seen()
    chat.seen()
    expect(env.socket.sent.filter((f) => f.type === 'read')).toEqual([{ type: 'read', seq: 2 }])
    expect(seen.read_by_agent).toBe(1)
  })
})
