import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import type { Customer } from '@/api/types'
import { publish } from '@/live/events'
import type { LiveEvent } from '@/live/eventTypes'
import { useCustomers } from '@/stores/customers'
import { useWork } from '@/stores/work'
import { said } from './events'
import { at, fakeServer, summary } from './support'

const ana = (change: Partial<Customer> = {}): Customer => ({
  id: 1,
  name: 'Ana Ruiz',
  organization: null,
  language: 'es',
  timezone: '',
  jurisdiction: 'ES',
  notes: '',
  identities: [],
  version: 1,
  created_at: at(0),
  ...change,
})
const changed = (customer_id: number, version: number, fields: string[]): LiveEvent =>
  said('customer.changed', { customer_id, version, fields }, { at: at(1) })

beforeEach(() => setActivePinia(createPinia()))

describe('a customer that somebody changed', () => {
  it('is read again where it is shown, since the news has no word of it', async () => {
    const asked = fakeServer({
      'GET /api/v1/customers/1': () => ({ body: ana({ version: 2, notes: 'VIP' }) }),
    })
    useCustomers().put(ana())
    publish(changed(1, 2, ['notes']))
    await vi.waitFor(() => expect(useCustomers().customers.get(1)?.notes).toBe('VIP'))
    publish(changed(1, 2, ['notes'])) // one's own change comes back
    expect(asked).toHaveLength(1)
  })
  it('and is part of another is shown as that one, until the merge is undone', async () => {
    let body = ana({ id: 2, name: 'Ana Gil', version: 5 })
    fakeServer({ 'GET /api/v1/customers/1': () => ({ body }) })
    const customers = useCustomers()
    customers.put(ana())
    publish(changed(1, 2, ['identities']))
    await vi.waitFor(() => expect(customers.find(1)?.name).toBe('Ana Gil'))
    body = ana({ version: 3 })
    publish(changed(1, 3, ['identities']))
    await vi.waitFor(() => expect(customers.find(1)?.name).toBe('Ana Ruiz'))
  })
  it('has the new name on my tickets', async () => {
    fakeServer({ 'GET /api/v1/customers/1': () => ({ body: ana({ version: 2, name: 'Ana Gil' }) }) })
    const work = useWork()
    work.hold({
      ...summary(),
      offer_state: 'active',
      wrapup_until: null,
      unread: 0,
      live: false,
    })
    work.apply(changed(1, 2, ['name']))
    await vi.waitFor(() => expect(work.tickets.get(10482)?.customer).toEqual({ id: 1, name: 'Ana Gil' }))
  })
  it('is not asked for by those who show nothing of it, nor lost where it may not be seen', async () => {
    const asked = fakeServer({})
    const work = useWork()
    work.hold({
      ...summary(),
      offer_state: 'active',
      wrapup_until: null,
      unread: 0,
      live: false,
    })
    work.apply(changed(2, 2, ['name'])) // nobody's
    work.apply(changed(1, 2, ['notes'])) // no ticket shows these
    work.apply(changed(1, 3, ['name']))
    await vi.waitFor(() => expect(asked.map(({ path }) => path)).toEqual(['/api/v1/customers/1']))
    expect(work.tickets.get(10482)?.customer?.name).toBe('Ana Ruiz')
  })
})
