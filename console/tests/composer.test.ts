import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { parseAddress, parseAddresses } from '@/composer/address'
import { guards } from '@/composer/guard'
import { addNote, sendReply } from '@/composer/send'
import { useDrafts } from '@/stores/drafts'
import { contact, fakeServer, serverDraft, ticket } from './support'

beforeEach(() => setActivePinia(createPinia()))
const ids = (draft: Parameters<typeof guards>[0], newest = 0) =>
  guards(draft, { newest, kind: 'email' }).map((guard) => guard.id)

describe('drafts', () => {
  it('are separate for reply and note', () => {
    const drafts = useDrafts()
    drafts.change(drafts.begin(ticket(), 'note', 0), { text: 'secret' })
    expect(drafts.begin(ticket(), 'reply', 0).text).toBe('')
  })
  it('keep text and recipients when the ticket changes hands', () => {
    const drafts = useDrafts()
    drafts.change(drafts.begin(ticket(), 'reply', 0), { text: 'half a sentence' })
    const moved = ticket({
      owner: { id: 9, name: 'Mara' },
      reply: { ...ticket().reply, to: [{ kind: 'email', value: 'other@x.example', name: '' }] },
    })
    const again = drafts.begin(moved, 'reply', 0)
    expect(again.text).toBe('half a sentence')
    expect(again.to[0]?.value).toBe('ana@x.example')
  })
  it('follow the recipients while empty', () => {
    const drafts = useDrafts()
    drafts.begin(ticket(), 'reply', 0)
    const reply = { ...ticket().reply, cc: [{ kind: 'email', value: 'luis@x.example', name: '' }] }
    expect(drafts.begin(ticket({ reply }), 'reply', 3).cc).toHaveLength(1)
  })
  it('begun before the contacts were loaded warn of what comes after those', () => {
    const drafts = useDrafts()
    const draft = drafts.begin(ticket(), 'reply', 0)
    drafts.change(draft, { text: 'typed at once' })
    drafts.begin(ticket(), 'reply', 3)
    expect(ids(draft, 3)).toEqual([])
    drafts.begin(ticket(), 'reply', 4)
    expect(ids(draft, 4)).toEqual(['newer'])
  })
  it('make a new key for new content only', () => {
    const drafts = useDrafts()
    const draft = drafts.begin(ticket(), 'reply', 0)
    const before = draft.key
    drafts.change(draft, { text: 'x' })
    expect(draft.key).not.toBe(before)
  })
})

describe('an answer that others may have overtaken', () => {
  const begun = () => useDrafts().begin(ticket(), 'reply', 3)
  it('names who wrote meanwhile', () => {
    expect(guards(begun(), { newest: 4, kind: 'email' })[0]?.text).toMatch(/^Somebody has written again/)
    const [newer] = guards(begun(), { newest: 4, kind: 'email', colleague: 'Mara' })
    expect(newer).toEqual({ id: 'newer', text: 'Mara has answered since you began.' })
    expect(guards(begun(), { newest: 3, kind: 'email', colleague: 'Mara' })).toEqual([])
  })
  it('says that nothing is known while nothing comes', () => {
    const [anothers] = guards(begun(), { newest: 3, kind: 'email', anothers: 'Mara' })
    expect(anothers?.text).toMatch(/^This is Mara’s ticket/)
    const [unknown] = guards(begun(), { newest: 3, kind: 'email', unconnected: true })
    expect(unknown?.id).toBe('unconnected')
  })
})

describe('sending', () => {
  it('goes to the ticket of the draft, with its recipients', async () => {
    const asked = fakeServer({
      'PUT /api/v1/tickets/10482/drafts/reply': () => ({ body: serverDraft() }),
      'POST /api/v1/tickets/10482/replies': () => ({
        status: 201,
        body: { contact: contact(1, { direction: 'out' }), ticket: ticket() },
      }),
    })
    const drafts = useDrafts()
    const draft = drafts.begin(ticket(), 'reply', 0)
    drafts.change(draft, { text: ' Hello Ana ' })
    expect(await sendReply(draft, 'email', 'resolved')).toBe(true)
    expect(asked.at(-1)?.body).toEqual({
      text: 'Hello Ana',
      to: [{ value: 'ana@x.example', name: 'Ana Ruiz' }],
      cc: [],
      solve: 'resolved',
      draft_version: 7,
    })
    expect(drafts.unsent).toEqual([])
  })
  it('keeps the text and the key when it fails', async () => {
    const asked = fakeServer({
      'POST /api/v1/tickets/10482/replies': () => ({
        status: 503,
        body: { title: 'busy', request_id: 'r-1' },
      }),
    })
    const drafts = useDrafts()
    const draft = drafts.begin(ticket(), 'reply', 0)
    drafts.change(draft, { text: 'Hello' })
    expect(await sendReply(draft, 'email')).toBe(false)
    expect(await sendReply(draft, 'email')).toBe(false)
    expect(draft.text).toBe('Hello')
    expect(draft.problem).toContain('r-1')
    const keys = asked
      .filter(({ path }) => path.endsWith('/replies'))
      .map((request) => request.headers.get('Idempotency-Key'))
    expect(keys).toHaveLength(2)
    expect(keys[0]).toBeTruthy()
    expect(keys[0]).toBe(keys[1])
  })
  it('puts a note on its own route', async () => {
    const asked = fakeServer({
      'POST /api/v1/tickets/10482/notes': () => ({
        status: 201,
        body: { id: 1, author: null, text: 'n', created_at: '' },
      }),
    })
    const drafts = useDrafts()
    const draft = drafts.begin(ticket(), 'note', 0)
    drafts.change(draft, { text: 'n' })
    expect(await addNote(draft)).toBe(true)
    expect(asked.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'PUT /api/v1/tickets/10482/drafts/note',
      'POST /api/v1/tickets/10482/notes',
    ])
  })
})

describe('the guard', () => {
  const draft = (text: string) => {
    const made = useDrafts().begin(ticket(), 'reply', 5)
    useDrafts().change(made, { text })
    return made
  }
  it('lets ordinary text pass', () => expect(ids(draft('Hello Ana, it is done.'))).toEqual([]))
  it('misses the attachment', () => expect(ids(draft('Please find it attached.'))).toEqual(['attachment']))
  it('does not read quoted lines', () => expect(ids(draft('Yes.\n> it is attached'))).toEqual([]))
  it('sees an unfilled variable and a colleague', () =>
    expect(ids(draft('Dear {{customer.name}}, @mara will look'))).toEqual(['variable', 'mention']))
  it('names newcomers', () => {
    const made = draft('Hi')
    useDrafts().change(made, { cc: [{ kind: 'email', value: 'new@x.example', name: '' }] })
    expect(ids(made)).toEqual(['newcomer'])
  })
  it('sees that the customer wrote meanwhile', () => expect(ids(draft('Hi'), 6)).toEqual(['newer']))
})

describe('several addresses at once', () => {
  const values = (text: string) => parseAddresses(text)?.map(({ value }) => value) ?? null
  it('are parted as they are pasted', () => {
    expect(values('boss@corp.example, anna@corp.example; Ben <ben@corp.example>')).toEqual([
      'boss@corp.example',
      'anna@corp.example',
      'ben@corp.example',
    ])
    expect(values('"Ruiz, Ana" <ana@x.example>\nben@x.example')).toEqual(['ana@x.example', 'ben@x.example'])
  })
  it('are refused as a whole where one is none, and never hide in the name of the last', () => {
    expect(values('boss@corp.example, anna@')).toBeNull()
    expect(parseAddress('boss@corp.example, anna@corp.example, Ben <ben@corp.example>')).toBeNull()
    expect(values('')).toBeNull()
  })
})

describe('an address', () => {
  it.each([
    ['ana@x.example', 'ana@x.example', ''],
    ['Ana Ruiz <ana@x.example>', 'ana@x.example', 'Ana Ruiz'],
    ['"Ruiz, Ana" <ana@x.example>', 'ana@x.example', 'Ruiz, Ana'],
  ])('%s', (text, value, name) => expect(parseAddress(text)).toEqual({ kind: 'email', value, name }))
  it.each(['ana', 'ana@', '@x.example', 'ana@x', 'a b@x.example', 'a@x.example, b@x.example'])(
    'not %s',
    (text) => expect(parseAddress(text)).toBeNull(),
  )
})
