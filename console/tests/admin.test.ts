import { beforeEach, describe, expect, it, vi } from 'vitest'
import { nouns } from '@/admin/nouns'
import { whole } from '@/api/pages'
import { Problem } from '@/api/problem'

describe('what the server refuses', () => {
  const problem = new Problem(422, {
    errors: [
      { field: 'licences[1].valid_until', message: 'must be after valid_from' },
      { field: 'special_days[0].hours[0].to', message: 'must be a time of day' },
      { field: 'queues', message: 'names a queue twice' },
    ],
  })

  it('is said where it was typed', () => {
    expect(problem.within('licences[1].valid_until')).toBe('must be after valid_from')
    expect(problem.within('special_days[0].hours')).toBe('must be a time of day')
    expect(problem.within('licences[0].valid_until')).toBeUndefined()
    expect(problem.within('licences[1].valid')).toBeUndefined()
    expect(problem.field('licences')).toBeUndefined()
    expect(problem.field('queues')).toBe('names a queue twice')
  })
})

describe('a list', () => {
  it('is read to its end', async () => {
    const page = vi.fn(({ params }: { params: { query: { after?: string } } }) =>
      Promise.resolve(params.query.after ? { items: [3], next: null } : { items: [1, 2], next: '2' }),
    )
    expect(await whole(page)).toEqual([1, 2, 3])
    expect(page.mock.lastCall?.[0].params.query.after).toBe('2')
  })
})

describe("a queue's members", () => {
  const sent: Request[] = []
  beforeEach(() => {
    sent.length = 0
    vi.stubGlobal('fetch', (request: Request) => {
      sent.push(request)
      return Promise.resolve(Response.json({ items: [{ agent_id: 7, name: 'Ben', rank: 1, delay_s: 30 }] }))
    })
  })

  it('are written without their names, in the version that was read', async () => {
    const set = nouns.find(({ name }) => name === 'queues')?.sets?.[0]
    const read = (await set?.read(3)) as object[]
    expect(read).toEqual([{ agent_id: 7, name: 'Ben', rank: 1, delay_s: 30 }])
    await set?.write(3, { 'If-Match': '"4"' }, read as never)
    const put = sent[1] as Request
    expect(put.method).toBe('PUT')
    expect(new URL(put.url).pathname).toBe('/api/v1/queues/3/members')
    expect(put.headers.get('If-Match')).toBe('"4"')
    expect(await put.json()).toEqual({ members: [{ agent_id: 7, rank: 1, delay_s: 30 }] })
  })
})
