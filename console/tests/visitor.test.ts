import { describe, expect, it } from 'vitest'
import { customerName, partyFull, partyName, visitorName } from '@/format/words'

const visitor = { name: '', email: '', phone: '', page_url: '', language: '' }
const webchat = { kind: 'webchat', value: 'b4b1e161b130', name: '' }

describe("a website's visitor", () => {
  it('is never called by the session that he writes in', () => {
    expect(partyName(webchat)).toBe('Visitor')
    expect(partyFull(webchat)).toBe('Visitor')
    expect(partyName({ ...webchat, name: 'Ada' })).toBe('Ada')
    expect(partyFull({ ...webchat, name: 'Ada' })).toBe('Ada')
  })
  it('is known by the page that he writes from, or the name that he gave', () => {
    expect(visitorName({ ...visitor, page_url: 'https://shop.example/kettles' })).toBe(
      'Visitor, from shop.example/kettles',
    )
    expect(visitorName({ ...visitor, page_url: 'https://shop.example/' })).toBe('Visitor, from shop.example')
    expect(visitorName({ ...visitor, name: 'Ada', page_url: 'https://shop.example' })).toBe('Ada')
    expect(visitorName(visitor)).toBe('Visitor')
  })
  it('stands in lists as a visitor, others as unknown', () => {
    expect(customerName({ channel: 'chat', customer: { name: '' } })).toBe('Visitor')
    expect(customerName({ channel: 'phone', customer: null })).toBe('Unknown customer')
    expect(customerName({ channel: 'chat', customer: { name: 'Ada' } })).toBe('Ada')
  })
})
