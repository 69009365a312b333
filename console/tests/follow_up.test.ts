import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  dueWords,
  endWords,
  followUpProblem,
  followUpWish,
  isComing,
  repeatWords,
  type FollowUpForm,
} from '@/followup/followUp'
import { instantOf, moment, setTimeZone, wallOf } from '@/format/time'
import { serverNow } from '@/live/clock'
import { publish } from '@/live/events'
import { useFollowUps } from '@/stores/followUps'
import { eventWords } from '@/timeline/eventWords'
import { said } from './events'
import { at, fakeServer, followUp, summary } from './support'

const now = Date.parse('2026-03-03T12:00:00Z')
const form = (changes: Partial<FollowUpForm> = {}): FollowUpForm => ({
  when: '2026-03-04T09:00',
  zone: 'Asia/Kathmandu',
  channel: 'phone',
  reason: ' is the line mended? ',
  saidTo: ' Ana ',
  repeats: 'never',
  days: 14,
  ...changes,
})
beforeEach(() => setTimeZone('UTC'))

describe('a clock elsewhere', () => {
  it('is read and written', () => {
    expect(instantOf('2026-03-04T09:00', 'Asia/Kathmandu')).toBe(Date.parse('2026-03-04T03:15:00Z'))
    expect(wallOf(Date.parse('2026-03-04T03:15:00Z'), 'Asia/Kathmandu')).toBe('2026-03-04T09:00')
    expect(instantOf('2026-07-04T00:00', 'America/New_York')).toBe(Date.parse('2026-07-04T04:00:00Z'))
  })
  it('leaves an hour out in spring, and says one twice in autumn', () => {
    expect(instantOf('2027-03-28T02:30', 'Europe/Berlin')).toBeNull()
    expect(instantOf('2027-03-28T03:30', 'Europe/Berlin')).toBe(Date.parse('2027-03-28T01:30:00Z'))
    expect(instantOf('2026-10-25T02:30', 'Europe/Berlin')).toBe(Date.parse('2026-10-25T00:30:00Z'))
  })
})

describe('a promise to come back', () => {
  it('is by the clock of the customer', () => {
    expect(followUpWish(form())).toEqual({
      due_at: '2026-03-04T03:15:00.000Z',
      channel: 'phone',
      reason: 'is the line mended?',
      said_to: 'Ana',
      time_zone: 'Asia/Kathmandu',
      repeats: 'never',
    })
    expect(followUpWish(form({ repeats: 'days' })).repeat_days).toBe(14)
  })
  it.each([
    [form({ when: '' }), 'A time is needed.'],
    [form({ when: '2026-03-03T17:44' }), 'The time must lie in the future.'],
    [form({ when: '2028-03-05T09:00' }), 'Two years is the furthest.'],
    [
      form({ when: '2027-03-28T02:30', zone: 'Europe/Berlin' }),
      'The clock leaves that time out: it is set forward then.',
    ],
    [form({ reason: '  ' }), 'Say why you come back.'],
    [form(), ''],
  ])('says what is wrong with %j', (wrong, words) => expect(followUpProblem(wrong, now)).toBe(words))

  it('is told in both clocks where they differ', () => {
    expect(dueWords(followUp({ due_at: '2026-03-03T14:00:00Z' }), now)).toBe('14:00')
    const there = followUp({ due_at: '2026-03-03T20:00:00Z', time_zone: 'Asia/Kathmandu' })
    vi.stubEnv('TZ', 'UTC')
    expect(dueWords(there, now)).toContain('20:00 · ')
    expect(dueWords(there, now)).toContain('01:45 there')
    vi.unstubAllEnvs()
  })
  it('says how it repeats and how it ended', () => {
    expect(repeatWords(followUp({ repeats: 'weekly' }))).toBe('each week')
    expect(repeatWords(followUp({ repeats: 'days', repeat_days: 14 }))).toBe('every 14 days')
    const ended_by = { id: 7, name: 'Ben' }
    expect(endWords(followUp({ state: 'done', outcome: 'late', ended_by }))).toBe('kept late by Ben')
    expect(endWords(followUp({ state: 'dropped', ended_by, ended_note: 'moved away' }))).toBe(
      'taken back by Ben: moved away',
    )
    expect(endWords(followUp({ state: 'dropped', outcome: 'broken' }))).toBe('broken')
  })
  it('is called to mind before its time, until it is over', () => {
    const soon = followUp({ due_at: '2026-03-03T12:15:00Z' })
    expect(isComing(soon, now)).toBe(true)
    expect(isComing(soon, now - 1000)).toBe(false)
    expect(isComing({ ...soon, state: 'done' }, now)).toBe(false)
  })
})

describe('the timeline', () => {
  const ben = { id: 7, name: 'Ben' }
  it('tells of promises in words', () => {
    const when = moment(at(3600), serverNow())
    expect(eventWords({ id: 1, actor: ben, ...said('follow_up.promised') })).toBe(
      `Ben promised to come back ${when}: is the line mended?`,
    )
    expect(eventWords({ id: 1, actor: ben, ...said('follow_up.moved') })).toBe(
      `Ben comes back at another time, ${when}: she is out`,
    )
    expect(eventWords({ id: 1, actor: null, ...said('follow_up.due') })).toBe(
      'To come back is due: is the line mended?',
    )
    const late = { follow_up: followUp({ state: 'done', outcome: 'late', ended_note: 'she was out' }) }
    expect(eventWords({ id: 1, actor: ben, ...said('follow_up.kept', late) })).toBe(
      'Ben came back late: she was out',
    )
    expect(eventWords({ id: 1, actor: ben, ...said('follow_up.dropped') })).toBe('Ben does not come back')
    expect(eventWords({ id: 1, actor: ben, ...said('follow_up.reopened') })).toBe(
      'The reply was taken back, so somebody has to come back still: is the line mended?',
    )
  })
})

describe('my follow-ups', () => {
  const listed = (id: number, minutes: number) => ({
    ...followUp({ id, due_at: new Date(serverNow() + minutes * 60_000).toISOString() }),
    ticket: summary(),
  })
  it('are read again when one is promised, due or over, and those that come soon are told apart', async () => {
    setActivePinia(createPinia())
    let items = [listed(1, 10), listed(2, 60)]
    const asked = fakeServer({ 'GET /api/v1/follow-ups': () => ({ body: { items, next: null } }) })
    const mine = useFollowUps()
    publish(said('follow_up.due'))
    expect(asked).toHaveLength(0)
    await mine.load()
    expect(mine.coming.map(({ id }) => id)).toEqual([1])
    items = []
    publish(said('follow_up.kept'))
    await vi.waitFor(() => expect(mine.items).toEqual([]))
  })
})
