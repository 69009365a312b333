import { createPinia, setActivePinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import {
  accountWords,
  exceededWords,
  formWords,
  minorUnits,
  readForm,
  stepsOf,
  valueOf,
  whatWords,
} from '@/account/account'
import type { ActionKind, ObjectField } from '@/api/types'
import { useAccountActions } from '@/stores/accountActions'
import { accountAction, summary } from './support'

const field = (name: string, type: ObjectField['type'], required = false): ObjectField => ({
  name,
  label: name.charAt(0).toUpperCase() + name.slice(1),
  type,
  choices: [],
  required,
  sensitive: false,
  column: false,
})
const refund = {
  id: 3,
  currency: 'EUR',
  fields: [field('amount', 'money', true), field('count', 'number'), field('items', 'lines')],
} as unknown as ActionKind

describe('an amount that is typed', () => {
  it('is read in minor units, by point or comma', () => {
    expect(minorUnits('180', 'EUR')).toBe(18_000)
    expect(minorUnits('180.5', 'EUR')).toBe(18_050)
    expect(minorUnits(' 0,05 ', 'EUR')).toBe(5)
    expect(minorUnits('180', 'JPY')).toBe(180)
    expect(minorUnits('1.234', 'KWD')).toBe(1234)
  })
  it('is none where it could be another', () => {
    for (const text of ['', 'many', '-5', '1.234', '1,234.50', '5 EUR', '1e3'])
      expect(minorUnits(text, 'EUR'), text).toBeNull()
    expect(minorUnits('1.5', 'JPY')).toBeNull()
  })
})

describe('a form', () => {
  it('says what it holds, and leaves out what is empty', () => {
    expect(readForm(refund, { amount: '12,50', count: ' ', items: '2 x Kettle\n\nA lid' })).toEqual({
      form: {
        amount: { amount: 1250, currency: 'EUR' },
        items: [{ text: 'Kettle', quantity: 2 }, { text: 'A lid' }],
      },
      wrong: '',
    })
  })
  it('names the first field that is missing or wrong', () => {
    expect(readForm(refund, {}).wrong).toBe('Amount is missing.')
    expect(readForm(refund, { amount: 'much' }).wrong).toBe('Amount: that is no amount.')
    expect(readForm(refund, { amount: '1', count: 'two' }).wrong).toBe('Count: that is no number.')
  })
  it('tells yes from no from nothing', () => {
    expect(valueOf(field('gift', 'yes_no'), 'yes', 'EUR')).toBe(true)
    expect(valueOf(field('gift', 'yes_no'), 'no', 'EUR')).toBe(false)
    expect(valueOf(field('gift', 'yes_no'), '', 'EUR')).toBeUndefined()
    expect(valueOf(field('colours', 'choices'), [], 'EUR')).toBeUndefined()
  })
})

describe('an action', () => {
  it('says what it is, and why it waits', () => {
    const one = accountAction({ object: { id: 5, source: 'shop', kind: 'Order', key: 'A-1' } })
    expect(whatWords(one)).toBe('Refund of €180.00 · Order A-1')
    expect(exceededWords(one)).toBe('Ben may authorise €100.00 at a time.')
    expect(exceededWords(accountAction({ exceeded: 'no_authority' }))).toContain('not authorise')
    expect(exceededWords(accountAction({ exceeded: 'per_day', bound: 30_000, used: 25_001 }))).toBe(
      'Ben may authorise €300.00 in 24 hours, of which €250.01 was used.',
    )
  })
  it('says what was said for it, without what it costs', () => {
    const form = {
      amount: { amount: 18_000, currency: 'EUR' },
      count: 2,
      items: [{ text: 'Lid', quantity: 3 }],
    }
    expect(formWords({ ...refund, amount_field: 'amount' }, { form })).toBe('Count: 2 · Items: 3 × Lid')
    expect(formWords(undefined, { form })).toBe('')
  })
  it('reads in the timeline as who did what', () => {
    expect(accountWords(accountAction(), 'Ben')).toBe('Ben asked for approval: Refund of €180.00')
    expect(accountWords(accountAction({ state: 'authorised' }), 'Eve')).toBe(
      'Eve approved: Refund of €180.00',
    )
    expect(accountWords(accountAction({ state: 'authorised', exceeded: null }), 'Ben')).toContain(
      'authorised',
    )
    expect(accountWords(accountAction({ state: 'refused', note: 'it is worn' }), 'Eve')).toContain(
      ': it is worn',
    )
    expect(accountWords(accountAction({ state: 'confirmed', reference: 'R-7' }), 'Ben')).toContain('(R-7)')
  })
  it('offers each only what he can do', () => {
    expect(stepsOf(accountAction(), 7, true)).toEqual(['withdraw'])
    expect(stepsOf(accountAction(), 8, true)).toEqual(['approve', 'refuse'])
    expect(stepsOf(accountAction(), 8, false)).toEqual([])
    expect(stepsOf(accountAction({ state: 'authorised' }), 8, true)).toEqual(['confirm', 'fail', 'withdraw'])
    expect(stepsOf(accountAction({ state: 'confirmed' }), 7, true)).toEqual([])
  })
})

describe('what is known of them', () => {
  it('is as late as the latest news, whatever comes first', () => {
    setActivePinia(createPinia())
    const actions = useAccountActions()
    actions.ticketId = 10_482
    actions.items = [accountAction({ version: 2, state: 'authorised' })]
    actions.waiting = [{ ...accountAction(), ticket: summary() }]
    actions.learn(accountAction({ version: 1 }))
    expect(actions.items[0]?.state).toBe('authorised')
    actions.learn(accountAction({ version: 3, state: 'confirmed' }))
    expect(actions.items[0]?.state).toBe('confirmed')
    expect(actions.waiting).toEqual([])
    actions.learn(accountAction({ id: 2, version: 1 }))
    expect(actions.items.map(({ id }) => id)).toEqual([2, 1])
    actions.learn(accountAction({ id: 3, ticket_id: 1 }))
    expect(actions.items).toHaveLength(2)
  })
})
