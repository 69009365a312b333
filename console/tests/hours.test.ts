import { describe, expect, it } from 'vitest'
import { openings } from '@/admin/nouns/calendar'
import { promise } from '@/format/promise'

describe('the hours of a special day', () => {
  it('are shown in words and sent as they came', () => {
    const hours = [
      { from: '09:00', to: '12:00' },
      { from: '13:00', to: '15:00' },
    ]
    expect(openings.show(hours)).toEqual(['09:00-12:00', '13:00-15:00'])
    expect(openings.read(openings.show(hours))).toEqual(hours)
    expect(openings.show([])).toEqual([])
  })

  it('may have blanks and a long dash', () =>
    expect(openings.read(['22:00 – 06:00'])).toEqual([{ from: '22:00', to: '06:00' }]))
})

describe('what was promised', () => {
  const clock = (state: string, name = 'first_answer') =>
    ({ clock: name, state, target_s: 3600, remaining_s: 1800, due_at: null }) as never
  const sla = (...clocks: never[]) => ({ policy: 'target 5 v2', clocks })

  it('says when it stands still and why', () => {
    expect(promise(sla(clock('paused')))).toEqual({
      words: 'paused, 30 min left',
      title: 'First answer: waits for the customer',
    })
    expect(promise(sla(clock('met'), clock('closed', 'solution')))).toEqual({
      words: 'closed, 30 min left',
      title: 'Solution: goes on when the queue opens',
    })
  })

  it('leaves the word to the due time while it runs or is late', () => {
    expect(promise(sla(clock('running'), clock('closed', 'solution')))).toBeNull()
    expect(promise(sla(clock('breached')))).toBeNull()
    expect(promise(sla(clock('met')))).toBeNull()
    expect(promise(null)).toBeNull()
  })
})
