import { afterEach, describe, expect, it } from 'vitest'
import { holdChoices } from '@/actions/dialogs'
import { ago, clock, countdown, due, fullMoment, moment, setTimeZone, span } from '@/format/time'
import { randomId } from '@/format/ids'
import { waitThreshold } from '@/queues/thresholds'
import { absorb, matches, type Row } from '@/tickets/list'
import { changed, getPath, withPath } from '@/admin/fields'
import { at, summary } from './support'

const noon = Date.parse('2026-03-03T12:00:00Z')
afterEach(() => setTimeZone(undefined))

describe('times', () => {
  it('are shown in the chosen zone', () => {
    setTimeZone('Asia/Tokyo')
    expect(clock(noon)).toBe('21:00')
    setTimeZone('Europe/Madrid')
    expect(clock(noon)).toBe('13:00')
  })
  it('ignore a zone that does not exist', () => {
    setTimeZone('UTC')
    setTimeZone('Nowhere/Land')
    expect(clock(noon)).toMatch(/^\d\d:00$/)
  })
  it('get longer with distance', () => {
    setTimeZone('UTC')
    expect(moment('2026-03-03T09:05:00Z', noon)).toBe('09:05')
    expect(moment('2026-03-01T09:05:00Z', noon)).toBe('Sun 09:05')
    expect(moment('2026-01-09T09:05:00Z', noon)).toBe('9 Jan 09:05')
    expect(moment('2024-01-09T09:05:00Z', noon)).toBe('9 Jan 2024 09:05')
  })
  it('show UTC and the customer in full', () => {
    setTimeZone('Europe/Madrid')
    expect(fullMoment(noon, 'America/New_York')).toBe(
      '03/03/2026 13:00:00 · 2026-03-03 12:00:00 UTC · customer 07:00',
    )
  })
  it('count down without going below zero', () => {
    expect(countdown(17.9)).toBe('0:17')
    expect(countdown(3729)).toBe('1:02:09')
    expect(countdown(-3)).toBe('0:00')
  })
  it('span words', () => {
    expect([45, 720, 3600, 11100, 90000, 400000].map(span)).toEqual([
      '45 s',
      '12 min',
      '1 h',
      '3 h 5 min',
      '1 day',
      '4 days',
    ])
    expect(ago(noon - 3_600_000, noon)).toBe('1h')
  })
  it('say what is due and what is over', () => {
    expect(due(null, noon)).toBeNull()
    expect(due(noon + 720_000, noon)).toMatchObject({ words: '12 min left', over: false, soon: true })
    expect(due(noon - 300_000, noon)).toMatchObject({ words: '5 min over', over: true })
  })
})

describe('hold until', () => {
  it('offers only later times, in order of the keys', () => {
    for (let day = 0; day < 7; day++) {
      const now = noon + day * 86_400_000
      for (const choice of holdChoices(now)) expect(choice.until).toBeGreaterThan(now)
      expect(new Date(holdChoices(now)[3]?.until ?? 0).getDay()).toBe(1)
    }
  })
})

describe('thresholds', () => {
  it('have words', () => {
    expect(waitThreshold(null, 100).word).toBe('')
    expect([50, 80, 101].map((wait) => waitThreshold(wait, 100).word)).toEqual([
      'in target',
      'near target',
      'over target',
    ])
  })
})

describe('a list that holds still', () => {
  const filter = { state: 'waiting', late: '', queue: '1', channel: '', owner: '' }
  const waiting = summary({ state: 'waiting', owner: null })
  it('keeps a row that no longer belongs, with the cause', () => {
    const rows: Row[] = [{ ticket: { ...waiting, unread: 0 }, gone: '' }]
    expect(absorb(rows, summary({ state: 'active', version: 6 }), filter, 7)).toBe(false)
    expect(rows[0]?.gone).toBe('now active')
  })
  it('announces a newcomer instead of inserting it', () => {
    const rows: Row[] = []
    expect(absorb(rows, waiting, filter, 7)).toBe(true)
    expect(rows).toEqual([])
  })
  it('knows what is late, in hand and solved today', () => {
    const late = { due_at: at(0) }
    const asked = (state: string, where = '') => ({ ...filter, state, late: where })
    expect(matches(summary({ ...late, state: 'active' }), asked('', 'in_hand'), 7)).toBe(true)
    expect(matches(summary({ ...late, state: 'waiting' }), asked('', 'in_hand'), 7)).toBe(false)
    expect(matches(summary({ ...late, state: 'offered' }), asked('', 'waiting'), 7)).toBe(true)
    expect(matches(summary({ state: 'waiting' }), asked('', 'waiting'), 7)).toBe(false)
    expect(matches(summary({ state: 'parked' }), asked('in_hand'), 7)).toBe(true)
    expect(matches(summary({ state: 'held' }), asked('in_hand'), 7)).toBe(false)
    expect(matches(summary({ state: 'solved' }), asked('solved_today'), 7)).toBe(true)
    const rows: Row[] = [{ ticket: { ...summary({ ...late, state: 'active' }), unread: 0 }, gone: '' }]
    absorb(rows, summary({ state: 'active', version: 6 }), asked('', 'in_hand'), 7)
    expect(rows[0]?.gone).toBe('no longer late')
  })
  it('knows open and mine', () => {
    const mine = { state: '', late: '', queue: '', channel: '', owner: 'me' }
    expect(matches(waiting, { ...filter, state: 'open' }, 7)).toBe(true)
    expect(matches(summary({ state: 'solved' }), { ...filter, state: 'open' }, 7)).toBe(false)
    expect(matches(summary(), mine, 7)).toBe(true)
    expect(matches(summary(), mine, 8)).toBe(false)
  })
})

describe('admin values', () => {
  it('are read and set by path, and empty ones left out', () => {
    const gateway = { name: 'a', settings: { timezone: 'UTC' } }
    expect(getPath(gateway, 'settings.timezone')).toBe('UTC')
    expect(withPath(gateway, 'settings.timezone', '')).toEqual({ name: 'a', settings: {} })
    expect(withPath({}, 'actions.queue_id', 3)).toEqual({ actions: { queue_id: 3 } })
    const mailbox = { settings: { imap: { host: 'mail.example', after: 'delete' } } }
    expect(withPath(mailbox, 'settings.imap.after', '')).toEqual({
      settings: { imap: { host: 'mail.example' } },
    })
    expect(gateway.settings.timezone).toBe('UTC')
  })
  it('send only what differs', () =>
    expect(changed({ a: 1, b: [1], c: 2 }, { a: 1, b: [2], c: 2 })).toEqual({ b: [2] }))
})

describe('ids', () => {
  it('are version 4 UUIDs', () =>
    expect(randomId()).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/))
})
