import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readDrafts, saveNow, savedWords, settled, upload, wouldLose } from '@/composer/saving'
import { sendReply } from '@/composer/send'
import { useDrafts } from '@/stores/drafts'
import { contact, fakeServer, serverDraft, ticket } from './support'

const reply = 'PUT /api/v1/tickets/10482/drafts/reply'
const words = () => savedWords(mine(), (time) => time.slice(11, 16))
const mine = () => {
  const draft = useDrafts().find(10482, 'reply')
  if (!draft) throw new Error('there is no draft')
  return draft
}
const write = (text: string) => {
  const draft = useDrafts().begin(ticket(), 'reply', 5)
  useDrafts().change(draft, { text })
  return draft
}
/** A server that keeps one draft, as the real one does. */
function keeper(first = 7) {
  let version = first
  return fakeServer({
    [reply]: (body) => ({ body: { ...serverDraft(body as object), version: version++ } }),
    'DELETE /api/v1/tickets/10482/drafts/reply': () => ({ body: null }),
  })
}

beforeEach(() => {
  setActivePinia(createPinia())
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
})
afterEach(() => vi.useRealTimers())

describe('a draft', () => {
  it('is begun, goes on from the version it knows, and ends when it is emptied', async () => {
    const asked = keeper()
    const draft = write('one')
    expect(words()).toBe('Not saved yet')
    await saveNow(draft)
    expect(words()).toBe('Saved 12:00')
    write('two')
    await saveNow(draft)
    write('')
    await saveNow(draft)
    expect(
      asked.map(({ method, headers }) => [method, headers.get('If-None-Match') ?? headers.get('If-Match')]),
    ).toEqual([
      ['PUT', '*'],
      ['PUT', '"7"'],
      ['DELETE', '"8"'],
    ])
    expect(asked[0]?.body).toEqual({
      text: 'one',
      to: [{ value: 'ana@x.example', name: 'Ana Ruiz' }],
      cc: [],
      basis: 5,
    })
    expect(draft.version).toBeNull()
  })
  it('that cannot be saved says so, is tried again, and asks before the page is left', async () => {
    const draft = write('one')
    globalThis.fetch = () => Promise.reject(new TypeError('no network'))
    await saveNow(draft)
    expect(words()).toBe('Not saved, offline')
    expect(wouldLose(draft)).toBe(true)
    const asked = keeper()
    await vi.advanceTimersByTimeAsync(5000)
    await settled(draft)
    expect(asked).toHaveLength(1)
    expect(wouldLose(draft)).toBe(false)
    expect(words()).toBe('Saved 12:00')
  })
  it('that is refused says why, and is sent again only when it has changed', async () => {
    const asked = fakeServer({
      [reply]: () => ({ status: 403, body: { detail: 'your roles do not permit this' } }),
    })
    const draft = write('one')
    await saveNow(draft)
    await vi.advanceTimersByTimeAsync(60_000)
    expect(asked).toHaveLength(1)
    expect(words()).toBe('Not saved: your roles do not permit this')
    expect(wouldLose(draft)).toBe(true)
    write('two')
    await saveNow(draft)
    expect(asked).toHaveLength(2)
  })
  it('that went on while it was saved is saved again', async () => {
    let version = 7
    const asked = fakeServer({
      [reply]: (body) => {
        if (version === 7) write('one two')
        return { body: { ...serverDraft(body as object), version: version++ } }
      },
    })
    const draft = write('one')
    await saveNow(draft)
    expect(draft.dirty).toBe(true)
    await vi.advanceTimersByTimeAsync(1000)
    await settled(draft)
    expect(asked.map(({ body }) => (body as { text: string }).text)).toEqual(['one', 'one two'])
  })
})

describe('two tabs', () => {
  const changed = (current: unknown) =>
    fakeServer({ [reply]: () => ({ status: 412, body: { title: 'changed', status: 412, current } }) })

  it('are shown to the later writer, who chooses; nothing is lost unasked', async () => {
    const theirs = serverDraft({ text: 'theirs', version: 9 })
    for (const [which, text] of [
      ['mine', 'mine'],
      ['theirs', 'theirs'],
      ['both', 'theirs\n\nmine'],
    ] as const) {
      setActivePinia(createPinia())
      changed(theirs)
      await saveNow(write('mine'))
      expect(mine().theirs).toEqual(theirs)
      expect(mine().text).toBe('mine')
      useDrafts().choose(mine(), which)
      expect(mine()).toMatchObject({ text, version: 9, dirty: which !== 'theirs' })
      expect(mine().theirs).toBeUndefined()
    }
  })
  it('with the same words are one', async () => {
    changed(serverDraft({ text: 'same', version: 9 }))
    await saveNow(write('same'))
    expect(mine().theirs).toBeUndefined()
    expect(mine().version).toBe(9)
  })
  it('of which one has gone on keep the other from sending what it shows', async () => {
    const theirs = serverDraft({ text: 'newer', version: 9 })
    for (const [current, met] of [
      [theirs, theirs],
      [undefined, null],
    ]) {
      setActivePinia(createPinia())
      const asked = fakeServer({
        'POST /api/v1/tickets/10482/replies': () => ({
          status: 412,
          body: { title: 'changed', status: 412, current },
        }),
      })
      useDrafts().learn(10482, 'reply', serverDraft({ text: 'old', version: 8 }))
      expect(await sendReply(mine(), 'email')).toBe(false)
      expect(asked[0]?.body).toMatchObject({ text: 'old', draft_version: 8 })
      expect(mine()).toMatchObject({ text: 'old', theirs: met, problem: '' })
    }
  })
  it('of which one has sent it leave the other its words, and do not send them over', async () => {
    const asked = changed(null)
    const draft = write('mine')
    expect(await sendReply(draft, 'email')).toBe(false)
    expect(draft.theirs).toBeNull()
    expect(asked.map(({ path }) => path)).toEqual(['/api/v1/tickets/10482/drafts/reply'])
    useDrafts().choose(draft, 'mine')
    expect(mine()).toMatchObject({ text: 'mine', version: null, dirty: true })
  })
})

describe('what the server has', () => {
  const other = (change = {}) => serverDraft({ text: 'from elsewhere', version: 8, ...change })
  it('stands in the composer, and goes from it when it was sent elsewhere', () => {
    const drafts = useDrafts()
    drafts.begin(ticket(), 'reply', 0)
    drafts.learn(10482, 'reply', other({ files: [{ id: 3, name: 'a.pdf', type: 'x', size: 9 }] }))
    expect(mine()).toMatchObject({ text: 'from elsewhere', dirty: false, version: 8 })
    expect(mine().files).toMatchObject([{ fileId: 3, name: 'a.pdf' }])
    expect(drafts.begin(ticket(), 'reply', 2).known).toEqual(['ana@x.example'])
    drafts.learn(10482, 'reply', undefined)
    expect(drafts.find(10482, 'reply')).toBeUndefined()
  })
  it('is no news when it was read before the last save', () => {
    useDrafts().learn(10482, 'reply', other({ version: 9 }))
    useDrafts().learn(10482, 'reply', other({ text: 'older', version: 8 }))
    expect(mine().text).toBe('from elsewhere')
  })
  it('is read when nothing of it is on its way', async () => {
    const asked = fakeServer({
      [reply]: () => ({ body: other() }),
      'GET /api/v1/tickets/10482/drafts': () => ({ body: { items: [other()], others: [] } }),
    })
    const saving = saveNow(write('from elsewhere'))
    await readDrafts(10482)
    await saving
    expect(asked.map(({ method }) => method)).toEqual(['PUT', 'GET'])
  })
  it('never takes the place of what was typed meanwhile', () => {
    write('typed at once')
    useDrafts().learn(10482, 'reply', other())
    expect(mine()).toMatchObject({ text: 'typed at once', theirs: { text: 'from elsewhere' } })
  })
})

describe('a file', () => {
  const file = { id: 'f', name: 'a.pdf', type: 'application/pdf', size: 3, fileId: null, problem: '' }
  const chosen = () => {
    const draft = useDrafts().begin(ticket(), 'reply', 0)
    useDrafts().change(draft, { text: 'Here', files: [file] })
    return draft
  }
  it('goes to the draft, and with the reply by its number', async () => {
    const asked = fakeServer({
      [reply]: () => ({ body: serverDraft() }),
      'POST /api/v1/tickets/10482/drafts/reply/files': () => ({ status: 201, body: { ...file, id: 12 } }),
      'POST /api/v1/tickets/10482/replies': () => ({
        status: 201,
        body: { contact: contact(1, { direction: 'out' }), ticket: ticket() },
      }),
    })
    const draft = chosen()
    expect(wouldLose(draft)).toBe(true)
    await upload(draft, 'f', () => Promise.resolve('QUJD'))
    expect(asked.map(({ method }) => method)).toEqual(['PUT', 'POST'])
    expect(asked[1]?.body).toEqual({ name: 'a.pdf', type: 'application/pdf', content: 'QUJD' })
    expect(draft.files[0]?.fileId).toBe(12)
    expect(await sendReply(draft, 'email')).toBe(true)
    expect(asked.at(-1)?.body).toMatchObject({ draft_files: [12], draft_version: 7 })
  })
  it('says why it did not get there', async () => {
    fakeServer({
      [reply]: () => ({ body: serverDraft() }),
      'POST /api/v1/tickets/10482/drafts/reply/files': () => ({ status: 409, body: { detail: 'too many' } }),
    })
    const draft = chosen()
    await upload(draft, 'f', () => Promise.resolve('QUJD'))
    expect(draft.files[0]).toMatchObject({ fileId: null, problem: 'too many' })
  })
})
