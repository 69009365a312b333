import { describe, expect, it } from 'vitest'
import { sent, shown } from '@/admin/hours'
import { promise } from '@/format/promise'

const calendar = {
  id: 3,
  name: 'Berlin',
  timezone: 'Europe/Berlin',
  hours: [{ day: 'mon', from: '09:00', to: '17:00' }],
  special_days: [
    { date: '2026-12-24', name: 'Eve', hours: [{ from: '09:00', to: '12:00' }] },
    { date: '2026-12-25', name: 'Christmas', hours: [] },
  ],
  version: 2,
}

describe('a calendar in its form', () => {
  it('shows the hours of a special day in words and sends them as they came', () => {
    const form = shown(calendar)
    expect(form['special_days']).toEqual([
      { date: '2026-12-24', name: 'Eve', hours: ['09:00-12:00'] },
      { date: '2026-12-25', name: 'Christmas', hours: [] },
    ])
    expect(sent(form)).toEqual(calendar)
  })

  it('sends only what was changed', () => {
    expect(sent({ timezone: 'UTC' })).toEqual({ timezone: 'UTC' })
    expect(sent({ special_days: [{ date: '2027-01-01', name: '', hours: ['22:00 – 06:00'] }] })).toEqual({
      special_days: [{ date: '2027-01-01', name: '', hours: [{ from: '22:00', to: '06:00' }] }],
    })
  })
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
