import { describe, expect, it } from 'vitest'
import { sane } from '@/stores/preferences'

describe('what is kept of somebody’s preferences', () => {
  it('is taken where it makes sense', () => {
    expect(sane({ theme: 'dark', keys: { 'app.search': ['/'] } })).toMatchObject({
      theme: 'dark',
      density: 'comfortable',
      keys: { 'app.search': ['/'] },
    })
  })
  it('never keeps anybody out', () => {
    const usual = sane(undefined)
    for (const odd of [
      null,
      5,
      [],
      'x',
      { keys: null },
      { keys: { a: 1 } },
      { keys: { a: [5, null] } },
      { volume: 'loud' },
    ])
      expect(sane(odd)).toEqual(usual)
  })
})
