import { describe, expect, it } from 'vitest'
import {
  callbackProblem,
  callbackWish,
  callbackWords,
  shownCallback,
  type CallbackForm,
} from '@/callback/callback'
import type { Callback } from '@/api/types'
import { moment, setTimeZone } from '@/format/time'
import type { TicketChange } from '@/live/eventTypes'
import { eventWords } from '@/timeline/eventWords'
import { said } from './events'
import { at } from './support'

const now = Date.parse('2026-03-03T12:00:00Z')
const form = (changes: Partial<CallbackForm> = {}): CallbackForm => ({
  phone: '+49 30 1234567',
  when: 'now',
  from: '2026-03-03T14:00:00Z',
  to: '2026-03-03T16:00:00Z',
  attempts: 3,
  note: ' ',
  ...changes,
})
const callback = (changes: Partial<Callback> = {}): Callback => ({
  id: 1,
  ticket_id: 2,
  phone: '+49301234567',
  mode: 'agent_first',
  state: 'scheduled',
  not_before: '2026-03-03T14:00:00Z',
  not_after: null,
  attempts_allowed: 3,
  retry_s: 900,
  requested_by: 'agent',
  note: '',
  created_at: '2026-03-03T11:00:00Z',
  ended_at: null,
  attempts: [],
  ...changes,
})
const busy = {
  n: 1,
  agent: { id: 7, name: 'Ben' },
  at: '2026-03-03T13:00:00Z',
  result: 'busy',
  note: '',
} as const

describe('a callback that is promised', () => {
  it('asks only for what was chosen', () => {
    expect(callbackWish(form())).toEqual({ phone: '+49 30 1234567', attempts: 3 })
    expect(callbackWish(form({ when: 'at', note: ' the kettle ' }))).toEqual({
      phone: '+49 30 1234567',
      attempts: 3,
      not_before: '2026-03-03T14:00:00.000Z',
      note: 'the kettle',
    })
    expect(callbackWish(form({ when: 'window' })).not_after).toBe('2026-03-03T16:00:00.000Z')
  })

  it.each([
    [form({ phone: ' ' }), 'A number is needed.'],
    [form({ when: 'at', from: '' }), 'A time is needed.'],
    [form({ when: 'at', from: '2026-03-03T11:59:00Z' }), 'The time must lie in the future.'],
    [form({ when: 'window', to: '' }), 'The window needs an end.'],
    [form({ when: 'window', to: '2026-03-03T14:00:00Z' }), 'The window must end after it begins.'],
    [
      form({ when: 'window', from: '2026-03-03T10:00:00Z', to: '2026-03-03T11:00:00Z' }),
      'The window is over already.',
    ],
    [form({ when: 'window', from: '2026-03-03T10:00:00Z' }), ''],
    [form(), ''],
  ])('says what is wrong with %j', (wrong, words) => {
    expect(callbackProblem(wrong, now)).toBe(words)
  })
})

describe('a callback on its ticket', () => {
  it('tells when and which attempt', () => {
    setTimeZone('UTC')
    expect(callbackWords(callback(), now)).toBe('14:00, attempt 1 of 3')
    expect(callbackWords(callback({ not_after: '2026-03-03T16:00:00Z', attempts: [busy] }), now)).toBe(
      '14:00 until 16:00, attempt 2 of 3',
    )
    expect(callbackWords(callback({ not_before: '2026-03-03T12:00:00Z' }), now)).toBe('now, attempt 1 of 3')
    expect(callbackWords(callback({ state: 'failed', attempts: [busy] }), now)).toBe(
      'not reached in 1 of 3 attempts',
    )
  })

  it('is shown while it is to be kept, and when it was not', () => {
    const shown = (state: Callback['state'], of: 'active' | 'solved' = 'active') =>
      shownCallback({ state: of, callback: callback({ state }) }) !== null
    expect(
      ['scheduled', 'dialling', 'failed', 'missed'].map((state) => shown(state as Callback['state'])),
    ).toEqual([true, true, true, true])
    expect([shown('done'), shown('cancelled'), shown('failed', 'solved')]).toEqual([false, false, false])
    expect(shownCallback({ state: 'active', callback: null })).toBeNull()
  })
})

describe('the timeline', () => {
  const scheduled = {
    id: 1,
    state: 'scheduled',
    mode: 'agent_first',
    requested_by: 'agent',
    not_before: at(0),
    not_after: null,
    attempts_allowed: 3,
    attempts: 0,
    result: null,
  } as const
  type Told = NonNullable<TicketChange['callback']>
  const line = (
    change: TicketChange['change'],
    told: Partial<Told>,
    actor: { id: number; name: string } | null = null,
  ) =>
    eventWords({
      id: 1,
      actor,
      ...said('ticket.changed', { change, callback: { ...scheduled, ...told } }),
    })
  const ben = { id: 7, name: 'Ben' }

  it('tells of callbacks in words', () => {
    const soon = new Date(Date.now() + 60_000).toISOString()
    expect(line('callback_scheduled', { not_before: soon }, ben)).toBe(
      `Ben promised to call back at ${moment(soon, Date.now())}`,
    )
    expect(line('callback_again', { result: 'no_answer' }, ben)).toBe('Ben called back: no answer')
    expect(line('callback_failed', { result: 'busy' }, ben)).toBe('Ben called back for the last time: busy')
    expect(line('callback_done', { result: 'answered' }, ben)).toBe('Ben called back: reached')
    expect(line('callback_missed', {})).toBe('Was not called back in time')
    expect(line('voicemail', {})).toBe('The caller leaves a message')
  })
})
