import { describe, expect, it } from 'vitest'
import type { ObjectField } from '@/api/types'
import { fieldWords, moneyWords } from '@/customer/objects'

const field = (type: ObjectField['type']): ObjectField => ({
  name: 'x',
  label: 'X',
  type,
  choices: [],
  required: false,
  sensitive: false,
  column: false,
})

describe('what another system knows', () => {
  it('shows money in its currency’s own units', () => {
    expect(moneyWords({ amount: 1999, currency: 'EUR' })).toMatch(/19[.,]99/)
    expect(moneyWords({ amount: 500, currency: 'JPY' })).toMatch(/500/)
    expect(moneyWords({ amount: 1999, currency: 'euros' })).toBeNull()
  })
  it('counts minor units by the standard, not as people there write them', () => {
    const digits = (currency: string) => moneyWords({ amount: 123456, currency })?.replace(/[^\d.,]/g, '')
    expect(digits('HUF')).toMatch(/^1[.,]234[.,]56$/)
    expect(digits('IDR')).toMatch(/^1[.,]234[.,]56$/)
    expect(digits('KWD')).toMatch(/^123[.,]456$/)
    expect(digits('JPY')).toMatch(/^123[.,]456$/)
  })
  it('reads as words', () => {
    expect(fieldWords(field('yes_no'), false)).toBe('no')
    expect(fieldWords(field('choices'), ['red', 'blue'])).toBe('red, blue')
    expect(
      fieldWords(field('lines'), [
        { text: 'Kettle', quantity: 2, amount: { amount: 4500, currency: 'EUR' } },
        { text: 'Gift wrap' },
      ]),
    ).toMatch(/^2 × Kettle .*45.*; Gift wrap$/)
    expect(fieldWords(field('text'), '')).toBe('')
  })
  it('is shown as it was sent when its field has become another', () => {
    expect(fieldWords(field('money'), 'about 20')).toBe('about 20')
    expect(fieldWords(field('text'), { a: 1 })).toBe('{"a":1}')
  })
})
