import { createPinia, setActivePinia } from 'pinia'
import { webcrypto } from 'node:crypto'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { effectScope } from 'vue'
import { setCsrfToken } from '@/api/client'
import { seal, unseal, useKeptDrafts } from '@/composer/kept'
import { useDrafts } from '@/stores/drafts'
import { ticket } from './support'

const stored = () => sessionStorage.getItem('switchboard-drafts') ?? ''

beforeEach(() => {
  vi.stubGlobal('crypto', webcrypto)
  sessionStorage.clear()
  setCsrfToken('this session')
  setActivePinia(createPinia())
})

/** The page as it is after a reload: a new store over the same tab. */
function reload() {
  setActivePinia(createPinia())
  const scope = effectScope()
  scope.run(() => void useKeptDrafts())
  return { drafts: useDrafts(), leave: () => scope.stop() }
}

describe('what is being written', () => {
  it('is there again after a reload, with its key, and lies there unreadable', async () => {
    const before = reload()
    const draft = before.drafts.begin(ticket(), 'reply', 3)
    before.drafts.change(draft, { text: 'Your card number is 4711' })
    before.drafts.change(before.drafts.begin(ticket({ id: 9 }), 'note', 0), { text: 'Ümlaut ☎' })
    await vi.waitFor(async () => expect(await unseal(stored(), 'this session')).toContain('Ümlaut ☎'))
    before.leave()
    expect(stored()).not.toMatch(/card number|ana@x/)

    const { drafts, leave } = reload()
    await vi.waitFor(() => expect(drafts.find(10482, 'reply')?.text).toBe('Your card number is 4711'))
    expect(drafts.find(10482, 'reply')).toMatchObject({ basis: 3, key: draft.key, sending: false })
    expect(drafts.find(9, 'note')?.text).toBe('Ümlaut ☎')
    drafts.discard(10482, 'reply')
    drafts.discard(9, 'note')
    await vi.waitFor(() => expect(stored()).toBe(''))
    leave()
  })
  it('keeps the files that the server has, and names those that were on their way', async () => {
    const { drafts, leave } = reload()
    const file = { id: '1', name: 'bill.pdf', type: 'application/pdf', size: 3, fileId: 4, problem: '' }
    const late = { ...file, id: '2', name: 'late.pdf', fileId: null }
    drafts.change(drafts.begin(ticket(), 'reply', 0), { text: 'Here', files: [file, late] })
    const packed = drafts.pack()
    leave()
    setActivePinia(createPinia())
    useDrafts().unpack(packed)
    expect(useDrafts().find(10482, 'reply')).toMatchObject({
      files: [file],
      problem: 'Attach again: late.pdf.',
      dirty: true,
    })
  })
  it('never takes the place of what was begun since', () => {
    const drafts = useDrafts()
    drafts.change(drafts.begin(ticket(), 'reply', 0), { text: 'old' })
    const packed = drafts.pack()
    drafts.change(drafts.begin(ticket(), 'reply', 0), { text: 'new' })
    drafts.unpack(packed)
    expect(drafts.find(10482, 'reply')?.text).toBe('new')
  })
  it('is nothing to the next session', async () => {
    sessionStorage.setItem('switchboard-drafts', await seal('[]', 'another session'))
    expect(await unseal(stored(), 'this session')).toBeNull()
    const { drafts, leave } = reload()
    await vi.waitFor(() => expect(stored()).toBe(''))
    expect(drafts.unsent).toEqual([])
    leave()
  })
})
