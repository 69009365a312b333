import { describe, expect, it } from 'vitest'
import { presenceChoices } from '@/frame/presenceChoices'

const reason = (name: string, enabled = true) => ({ id: 1, position: 1, name, enabled, version: 1 })
const shown = (...reasons: ReturnType<typeof reason>[]) =>
  presenceChoices(reasons).map(({ key, label }) => `${key} ${label}`)

describe('the presence menu', () => {
  it('offers the reasons of the center in their order, by digit', () => {
    expect(shown(reason('Break'), reason('Old', false), reason('Coaching'))).toEqual([
      '1 Ready',
      '2 Break',
      '3 Coaching',
      '0 Offline',
    ])
  })

  it('lets people be away where there is no reason', () => {
    expect(shown()).toEqual(['1 Ready', '2 Not ready', '0 Offline'])
  })

  it('has no digit for the ninth reason, and never the same for two', () => {
    const keys = presenceChoices(Array.from({ length: 12 }, (_, i) => reason(`r${i}`))).map(({ key }) => key)
    expect(keys.slice(8, -1)).toEqual(['9', '', '', '', ''])
    expect(new Set(keys.filter(Boolean)).size).toBe(10)
  })
})
