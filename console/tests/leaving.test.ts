import { describe, expect, it } from 'vitest'
import type { TicketChange } from '@/live/eventTypes'
import { rescindWords } from '@/offers/endWords'
import { eventWords } from '@/timeline/eventWords'
import { said } from './events'

const changed = (data: Partial<TicketChange>) =>
  eventWords({ id: 1, actor: null, ...said('ticket.changed', data) })

describe('the timeline says', () => {
  it('that a customer left, and what became of it', () => {
    const left = { change: 'customer_left', cause: 'the caller hung up' } as const
    expect(changed({ ...left, became: 'call_back' })).toBe(
      'The customer has left: the caller hung up; it is to be called back',
    )
    expect(changed({ ...left, became: 'stay' })).toBe('The customer has left: the caller hung up')
  })
  it('why a ticket came back, or was put aside', () => {
    expect(changed({ change: 'returned', cause: 'its agent went offline' })).toBe(
      'Came back to the queue: its agent went offline',
    )
    expect(changed({ change: 'put_aside', cause: 'its agent lost the connection' })).toBe(
      'Put aside: its agent lost the connection',
    )
  })
})

describe('an offer that is gone', () => {
  it('says the cause that the server names', () => {
    expect(rescindWords('', 'the caller hung up')).toBe('The caller hung up')
    expect(rescindWords('Ben', 'somebody else was quicker')).toBe('Taken by Ben')
    expect(rescindWords('')).toBe('Taken back')
  })
})
