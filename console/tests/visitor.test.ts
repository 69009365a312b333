import { describe, expect, it } from 'vitest'
import { visitorGone } from '@/composer/visitorGone'
import { customerName, partyFull, partyName, visitorName } from '@/format/words'

const visitor = {
  name: '',
  email: '',
  phone: '',
  page_url: '',
  language: '',
  ended_at: null,
  away_since: null,
}
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

describe('who has gone', () => {
  const at = Date.UTC(2026, 2, 3, 14, 30)
  const since = new Date(Date.UTC(2026, 2, 3, 14, 2)).toISOString()
  const ada = { ...visitor, name: 'Ada' }
  it('is said with what becomes of what is written now', () => {
    expect(visitorGone(ada, '', 'ada@example.org', at)).toBe('')
    expect(visitorGone({ ...ada, away_since: since }, '', 'ada@example.org', at)).toMatch(
      /^Ada is away: the chat window is closed since .*\. What you write waits in the chat until they come back\. “Answer by mail” reaches ada@example\.org\.$/,
    )
    expect(visitorGone({ ...visitor, ended_at: since, away_since: since }, '', '', at)).toMatch(
      /^The visitor has ended the chat \(.*\)\. Nothing that you write here reaches them unless they open the chat again\. No e-mail address was left\.$/,
    )
    expect(visitorGone({ ...ada, ended_at: since }, 'ada@example.org', 'ada@example.org', at)).toMatch(
      /What you write now goes by mail to ada@example\.org\.$/,
    )
  })
})
