import { beforeEach, describe, expect, it } from 'vitest'
import { from_agent, page, settle } from './test_page'

let at: page

beforeEach(() => {
  at = new page()
})

describe('a first message', () => {
  it('asks for a session, greets, and is sending until the server has committed it', async () => {
    const chat = at.start()
    chat.resume()
    expect(at.env.asked).toEqual([])
    expect(chat.send('  hello ', { name: 'Eve' })).toBe(true)
    await settle()
    expect(at.env.asked).toEqual([{ name: 'Eve' }])
    at.env.socket.events.opened()
    expect(at.env.socket.sent).toEqual([{ type: 'hello', session: 's1', token: 't1', last_seq: 0 }])
    at.env.socket.push({ type: 'welcome', seq: 0, agent: null })
    expect(at.env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-1', text: 'hello' }])
    expect(at.states()).toEqual(['sending'])
    at.env.socket.push({ type: 'ack', client_msg_id: 'id-1', seq: 1 })
    expect(at.states()).toEqual(['sent'])
    expect(at.seen.connection).toBe('online')
  })

  it('that says nothing does nothing', async () => {
    expect(at.start().send(' \n ')).toBe(false)
    await settle()
    expect(at.env.asked).toEqual([])
  })

  it('asks once although more is written while the answer is awaited', async () => {
    const chat = at.start()
    chat.send('one')
    chat.send('two')
    await settle()
    at.env.socket.welcome()
    expect(at.env.asked.length).toBe(1)
    expect(at.env.sockets.length).toBe(1)
    expect(at.env.socket.messages().map((m) => m.text)).toEqual(['one', 'two'])
  })

  it('is tried again when the server is busy, not before it asked us to', async () => {
    at.env.answers = [{ retry_after_s: 5 }]
    at.start().send('hello')
    await at.env.pass(4_900)
    expect(at.env.asked.length).toBe(1)
    await at.env.pass(200)
    expect(at.env.asked.length).toBe(2)
    expect(at.seen.entries[0]?.state).toBe('sending')
  })

  it('shows a refusal, and can be tried again by hand', async () => {
    at.env.answers = [{ refused: 'this chat is closed' }]
    const chat = at.start()
    chat.send('hello')
    await at.env.pass(60_000)
    expect(at.seen).toMatchObject({ problem: 'this chat is closed', connection: 'idle' })
    expect(at.states()).toEqual(['failed'])
    expect(at.env.asked.length).toBe(1)
    chat.retry('id-1')
    await settle()
    at.env.socket.welcome()
    expect(at.env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-1', text: 'hello' }])
  })
})

describe('a lost connection', () => {
  it('resumes after the last message that was pushed and sends again what had no ack', async () => {
    const chat = await at.chatting()
    at.env.socket.push(from_agent(2, 'hi'))
    chat.send('lost?')
    at.env.socket.events.ended()
    await at.env.pass(1_000)
    at.env.socket.events.opened()
    expect(at.env.socket.sent).toEqual([{ type: 'hello', session: 's1', token: 't1', last_seq: 2 }])
    at.env.socket.push({ type: 'welcome', seq: 3, agent: { name: 'Ada' } })
    expect(at.env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-2', text: 'lost?' }])
    at.env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 3 })
    expect(at.texts()).toEqual(['hello', 'hi', 'lost?'])
    expect(at.states()).toEqual(['sent', 'sent', 'sent'])
  })

  it('never skips an agent message that an ack has overtaken', async () => {
    const chat = await at.chatting()
    chat.send('second')
    at.env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 3 }) // 2 is the agent's and was not pushed yet
    at.env.socket.events.ended()
    await at.env.pass(1_000)
    at.env.socket.events.opened()
    expect(at.env.socket.sent[0]).toMatchObject({ last_seq: 0 })
    at.env.socket.push(
      { type: 'welcome', seq: 3, agent: null },
      { type: 'message', seq: 1, from: 'customer', client_msg_id: 'id-1', text: 'hello', at: '' },
      from_agent(2, 'between'),
      { type: 'message', seq: 3, from: 'customer', client_msg_id: 'id-2', text: 'second', at: '' },
    )
    expect(at.texts()).toEqual(['hello', 'between', 'second'])
  })

  it('takes the replay of an own message for its ack', async () => {
    const chat = await at.chatting()
    chat.send('committed, ack lost')
    at.env.socket.events.ended()
    await at.env.pass(1_000)
    at.env.socket.welcome(2)
    at.env.socket.push({
      type: 'message',
      seq: 2,
      from: 'customer',
      client_msg_id: 'id-2',
      text: 'committed, ack lost',
      at: '',
    })
    expect(at.states()).toEqual(['sent', 'sent'])
    expect(at.env.tab.size).toBe(0)
  })

  it('shows each message once, however often it comes', async () => {
    await at.chatting()
    at.env.socket.push(from_agent(2, 'hi'), from_agent(2, 'hi'), from_agent(3, 'there'), from_agent(2, 'hi'))
    expect(at.texts()).toEqual(['hello', 'hi', 'there'])
  })

  it('is tried again ever more seldom, and quickly again after a success', async () => {
    await at.chatting()
    const waits: number[] = []
    for (let i = 0; i < 7; ++i) {
      at.env.socket.events.ended()
      const before = at.env.clock
      const count = at.env.sockets.length
      while (at.env.sockets.length === count) await at.env.pass(100)
      waits.push(at.env.clock - before)
    }
    expect(waits).toEqual([500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000]) // with chance at its least: half
    at.env.socket.welcome()
    const count = at.env.sockets.length
    at.env.chance = 0.999
    at.env.socket.events.ended()
    await at.env.pass(900)
    expect(at.env.sockets.length).toBe(count)
    await at.env.pass(100)
    expect(at.env.sockets.length).toBe(count + 1)
  })

  it('is noticed by a welcome or an ack that does not come', async () => {
    const chat = await at.chatting()
    chat.send('anybody?')
    const silent = at.env.socket
    await at.env.pass(15_000)
    expect(silent.closed).toBe(true)
    await at.env.pass(500)
    const mute = at.env.socket
    expect(mute).not.toBe(silent)
    mute.events.opened()
    await at.env.pass(10_000)
    expect(mute.closed).toBe(true)
  })

  it('does not listen to a socket that was given up', async () => {
    await at.chatting()
    const old = at.env.socket
    old.events.ended()
    await at.env.pass(1_000)
    at.env.socket.welcome()
    old.events.ended()
    old.push(from_agent(9, 'ghost'))
    expect(at.seen.connection).toBe('online')
    expect(at.texts()).toEqual(['hello'])
  })
})

describe('offline', () => {
  it('queues and sends in order when the network is back, without polling meanwhile', async () => {
    const chat = await at.chatting()
    at.env.online = false
    chat.network_changed()
    chat.send('one')
    chat.send('two')
    await at.env.pass(600_000)
    expect(at.env.sockets.length).toBe(1)
    expect(at.seen.connection).toBe('offline')
    at.env.online = true
    chat.network_changed()
    at.env.socket.welcome()
    expect(at.env.socket.messages().map((m) => m.text)).toEqual(['one', 'two'])
  })

  it('leaves alone who never began a chat', async () => {
    const chat = at.start()
    for (const online of [false, true]) {
      at.env.online = online
      chat.network_changed()
    }
    await at.env.pass(60_000)
    expect(at.env.asked).toEqual([])
  })
})

describe('a new page', () => {
  it('resumes the chat with its history', async () => {
    await at.chatting()
    const again = at.start()
    again.resume()
    at.env.socket.events.opened()
    expect(at.env.socket.sent).toEqual([{ type: 'hello', session: 's1', token: 't1', last_seq: 0 }])
    expect(at.env.asked.length).toBe(1)
  })

  it('sends what the last page could not', async () => {
    const chat = await at.chatting()
    at.env.socket.events.ended()
    chat.send('unsent')
    at.start().resume()
    at.env.socket.welcome(1)
    expect(at.env.socket.messages()).toEqual([{ type: 'message', client_msg_id: 'id-2', text: 'unsent' }])
  })

  it('finds no words of the customer in what outlives the tab', async () => {
    const chat = await at.chatting()
    chat.send('my secret')
    expect(JSON.stringify([...at.env.local])).not.toContain('secret')
    expect(JSON.stringify([...at.env.tab])).toContain('secret')
    at.env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 2 })
    expect([...at.env.tab]).toEqual([])
  })

  it('is not broken by damaged storage', () => {
    at.env.local.set('switchboard.chat.website', '{oops')
    at.env.tab.set('switchboard.chat.website.unsent', '{oops')
    at.start().resume()
    expect(at.env.sockets).toEqual([])
  })
})

describe('errors and ends', () => {
  it('sends again after the wait that the server asked for', async () => {
    const chat = await at.chatting()
    chat.send('too fast')
    at.env.socket.push({ type: 'error', client_msg_id: 'id-2', detail: 'slow down', retry_after_s: 20 })
    await at.env.pass(19_000)
    expect(at.env.socket.messages().length).toBe(2)
    await at.env.pass(1_000)
    expect(at.env.socket.messages().map((m) => m.client_msg_id)).toEqual(['id-1', 'id-2', 'id-2'])
    expect(at.env.sockets.length).toBe(1)
  })

  it('marks a message that was refused for good, and keeps it out of later connections', async () => {
    const chat = await at.chatting()
    chat.send('bad')
    at.env.socket.push({ type: 'error', client_msg_id: 'id-2', detail: 'not allowed' })
    expect(at.seen.entries[1]).toMatchObject({ state: 'failed', detail: 'not allowed' })
    at.env.socket.events.ended()
    await at.env.pass(1_000)
    at.env.socket.welcome(1)
    expect(at.env.socket.messages()).toEqual([])
  })

  it('begins anew when the server does not know the session any more', async () => {
    at.env.local.set('switchboard.chat.website', '{"session":"old","token":"x"}')
    const chat = at.start()
    chat.send('hello')
    at.env.socket.events.opened()
    at.env.socket.push({ type: 'error', detail: 'no such session' })
    await at.env.pass(1_000)
    expect(at.env.asked.length).toBe(1)
    at.env.socket.welcome()
    expect(at.env.socket.messages().map((m) => m.text)).toEqual(['hello'])
  })

  it('forgets an unknown session without opening an empty chat', async () => {
    at.env.local.set('switchboard.chat.website', '{"session":"old","token":"x"}')
    at.start().resume()
    at.env.socket.events.opened()
    at.env.socket.push({ type: 'error', detail: 'no such session' })
    await at.env.pass(60_000)
    expect(at.env.asked).toEqual([])
    expect(at.env.local.size).toBe(0)
    expect(at.seen.connection).toBe('idle')
  })

  it('keeps the order of a chat that the server has forgotten when the next one counts anew', async () => {
    const chat = await at.chatting()
    at.env.socket.push(from_agent(2, 'bye'))
    at.env.socket.events.ended()
    await at.env.pass(1_000)
    at.env.socket.events.opened()
    at.env.socket.push({ type: 'error', detail: 'no such session' })
    chat.send('one more thing')
    await at.env.pass(1_000)
    at.env.socket.welcome()
    at.env.socket.push({ type: 'ack', client_msg_id: 'id-2', seq: 1 }, from_agent(2, 'yes?'))
    expect(at.texts()).toEqual(['hello', 'bye', 'one more thing', 'yes?'])
  })
})

describe('presence', () => {
  it('shows the agent typing for a while, or until the message is there', async () => {
    await at.chatting()
    at.env.socket.push({ type: 'typing', from: 'agent', name: 'Ada' })
    expect(at.seen.typing).toBe('Ada')
    await at.env.pass(6_000)
    expect(at.seen.typing).toBeNull()
    at.env.socket.push({ type: 'typing', from: 'agent', name: 'Ada' }, from_agent(2, 'hi'))
    expect(at.seen).toMatchObject({ typing: null, agent: 'Ada' })
  })

  it('tells of typing at most every three seconds', async () => {
    const chat = await at.chatting()
    const told = () => at.env.socket.sent.filter((f) => f.type === 'typing').length
    for (let i = 0; i < 29; ++i) {
      chat.writes()
      await at.env.pass(100)
    }
    expect(told()).toBe(1)
    await at.env.pass(100)
    chat.writes()
    expect(told()).toBe(2)
  })

  it('tells once what was at.seen, and shows what the agent has at.seen', async () => {
    const chat = await at.chatting()
    at.env.socket.push(from_agent(2, 'hi'), { type: 'read', seq: 1 })
    chat.seen()
    chat.seen()
    expect(at.env.socket.sent.filter((f) => f.type === 'read')).toEqual([{ type: 'read', seq: 2 }])
    expect(at.seen.read_by_agent).toBe(1)
  })
})
