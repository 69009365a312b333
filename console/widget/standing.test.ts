import { beforeEach, describe, expect, it } from 'vitest'
import { may_ask_transcript, may_end, notice, wants_address } from './notices'
import type { chat_status, server_frame } from './protocol'
import { from_agent, page, settle } from './test_page'
import { words_for } from './words'

let at: page

beforeEach(() => {
  at = new page()
})

const status = (of: Partial<chat_status>): server_frame => ({
  type: 'status',
  state: 'waiting',
  agent: null,
  ahead: null,
  staffed: null,
  until: null,
  open: true,
  opens_at: null,
  email: '',
  mail: true,
  ...of,
})
const told = () => notice(at.seen, words_for('en'), 'en')

describe('how it stands', () => {
  it('is told in words: the place, who joins, the end', async () => {
    await at.chatting()
    at.env.socket.push(status({ ahead: 2, mail: false }))
    expect(told()).toBe('2 before you in the queue.')
    at.env.socket.push(status({ ahead: 0, mail: false }))
    expect(told()).toBe('You are next.')
    at.env.socket.push(status({ state: 'active', agent: { name: 'Ada' } }))
    expect(told()).toBe('Ada has joined the chat.')
    expect(at.seen.agent).toBe('Ada')
    at.env.socket.push(from_agent(2, 'hi'))
    expect(told()).toBe('')
    at.env.socket.push(status({ state: 'solved' }))
    expect(told()).toBe('This chat was closed. Write to go on with it.')
    expect(at.seen).toMatchObject({ agent: null, connection: 'online' })
  })

  it('is not next while nobody is there to answer', async () => {
    await at.chatting()
    at.env.socket.push(status({ ahead: 0, staffed: false, mail: true }))
    expect(told()).toBe('Nobody is here yet. Leave your e-mail address, and we answer by mail if you have to go.')
    expect(wants_address(at.seen)).toBe(true)
    at.env.socket.push(status({ ahead: 0, staffed: true, mail: false }))
    expect(told()).toBe('You are next.')
  })

  it('is on hold until a time, and the agent is back', async () => {
    await at.chatting()
    const agent = { name: 'Ada' }
    at.env.socket.push(status({ state: 'active', agent }))
    at.env.socket.push(from_agent(2, 'One moment'))
    at.env.socket.push(status({ state: 'on_hold', agent }))
    expect(told()).toBe('Ada has put the chat on hold and comes back to you here.')
    at.env.socket.push(status({ state: 'on_hold', agent, until: '2026-11-23T08:00:00Z' }))
    expect(told()).toMatch(/^Ada has put the chat on hold until Monday .* and comes back to you here\.$/)
    expect(may_end(at.seen)).toBe(true)
    at.env.socket.push(status({ state: 'active', agent }))
    expect(told()).toBe('Ada is back.')
    at.env.socket.push(from_agent(3, 'Here it is'))
    expect(told()).toBe('')
  })

  it('tells what has arrived, together, and what was seen', async () => {
    const chat = await at.chatting()
    const sent = (type: string) => at.env.socket.sent.filter((frame) => frame.type === type)
    at.env.socket.push(from_agent(2, 'One'))
    at.env.socket.push(from_agent(3, 'Two'))
    await at.env.pass(300)
    expect(sent('received')).toEqual([{ type: 'received', seq: 3 }])
    chat.seen()
    expect(sent('read')).toEqual([{ type: 'read', seq: 3 }])
  })

  it('asks for an address while nobody is there, and no longer once it is known', async () => {
    const chat = await at.chatting()
    at.env.socket.push(status({}))
    expect(told()).toContain('Leave your e-mail address')
    expect(wants_address(at.seen)).toBe(true)
    chat.leave_address('eve@example.org')
    expect(at.env.socket.sent.at(-1)).toEqual({ type: 'about', email: 'eve@example.org' })
    at.env.socket.push(status({ email: 'eve@example.org' }))
    expect(told()).toContain('we answer to eve@example.org')
    expect(wants_address(at.seen)).toBe(false)
  })

  it('tells of closed hours before a chat has begun, without one', async () => {
    at.env.state = { open: false, opens_at: '2026-11-23T08:00:00Z', mail: false }
    const chat = at.start()
    await chat.shows(true)
    expect(told()).toMatch(/^We are closed until Monday/)
    expect(at.env.asked).toEqual([])
  })

  it('is ended by the visitor, who may write on', async () => {
    const chat = await at.chatting()
    at.env.socket.push(status({ state: 'active', agent: { name: 'Ada' } }))
    expect(may_end(at.seen)).toBe(true)
    chat.end()
    expect(at.env.socket.sent.at(-1)).toEqual({ type: 'close' })
    at.env.socket.push({ type: 'closed' })
    expect(told()).toBe('This chat was closed. Write to go on with it.')
    expect(may_end(at.seen)).toBe(false)
    chat.send('One more thing')
    expect(may_end(at.seen)).toBe(true)
  })

  it('sends the transcript to who gave an address and was answered', async () => {
    const chat = await at.chatting()
    at.env.socket.push(status({ state: 'active', agent: { name: 'Ada' }, email: 'eve@example.org' }))
    expect(may_ask_transcript(at.seen)).toBe(false)
    at.env.socket.push(from_agent(2, 'hi'))
    expect(may_ask_transcript(at.seen)).toBe(true)
    chat.ask_for_transcript()
    expect(at.env.socket.sent.at(-1)).toEqual({ type: 'transcript' })
    at.env.socket.push({ type: 'transcript', to: 'eve@example.org' })
    expect(told()).toBe('The chat is on its way to eve@example.org.')
    chat.ask_for_transcript()
    at.env.socket.push({ type: 'error', of: 'transcript', detail: 'it was sent a moment ago', retry_after_s: 200 })
    expect(told()).toBe('it was sent a moment ago')
  })
})

describe('a page that is loaded anew', () => {
  it('counts only what was not read before', async () => {
    const chat = await at.chatting()
    at.env.socket.push(from_agent(2, 'one'))
    chat.seen()
    at.env.socket.push(from_agent(3, 'two'))
    expect(at.seen.unread).toBe(1)
    at.start().resume()
    at.env.socket.welcome(3)
    at.env.socket.push(from_agent(2, 'one'), from_agent(3, 'two'))
    expect(at.seen.unread).toBe(1)
  })

  it('has its window open if it was', async () => {
    expect(at.start().is_open).toBe(false)
    await at.start().shows(true)
    expect(at.start().is_open).toBe(true)
    await at.start().shows(false)
    expect(at.start().is_open).toBe(false)
    expect([...at.env.local]).toEqual([])
  })
})

describe('files', () => {
  const photo = { name: 'leak.jpg', type: 'image/jpeg', content: 'bGVhaw==' }

  it('go by a request of their own, once, and are sent when it is answered', async () => {
    const chat = await at.chatting()
    expect(chat.send('', {}, [photo])).toBe(true)
    expect(at.seen.entries[1]).toMatchObject({ state: 'sending', attachments: [{ name: 'leak.jpg' }] })
    expect(at.env.uploads[0]?.message).toEqual({
      type: 'message',
      client_msg_id: 'id-2',
      text: '',
      attachments: [photo],
    })
    await at.env.pass(20_000)
    expect(at.env.sockets.length).toBe(1) // a large file is no dead line
    at.env.socket.events.ended()
    await at.env.pass(1_000)
    at.env.socket.welcome(1)
    expect(at.env.uploads.length).toBe(1)
    at.env.uploads[0]?.answer({ seq: 2 })
    await settle()
    expect(at.states()).toEqual(['sent', 'sent'])
    expect([...at.env.tab]).toEqual([])
  })

  it('that are refused say why; those that must wait are tried again', async () => {
    const chat = await at.chatting()
    chat.send('see', {}, [photo])
    at.env.uploads[0]?.answer({ refused: 'too large' })
    await settle()
    expect(at.seen.entries[1]).toMatchObject({ state: 'failed', detail: 'too large' })
    chat.retry('id-2')
    at.env.uploads[1]?.answer({ retry_after_s: 5 })
    await at.env.pass(4_900)
    expect(at.env.uploads.length).toBe(2)
    await at.env.pass(200)
    expect(at.env.uploads.length).toBe(3)
  })
})

