import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Customer } from '@/api/types'
import { onEvent, onResync } from '@/live/events'
import { useEntities } from './entities'

const kept = 50

export const useCustomers = defineStore('customers', () => {
  const entities = useEntities()
  const customers = computed(() => entities.all('customer'))
  /** Whose ticket is open: times are shown in that customer's zone, too. */
  const current = ref<number | null>(null)
  const zone = computed(() =>
    current.value === null ? undefined : find(current.value)?.timezone || undefined,
  )
  /** Who has become part of whom: the old number, on a solved ticket for one, leads on until the merge is undone. */
  const partOf = ref(new Map<number, number>())
  const find = (id: number): Customer | undefined => customers.value.get(partOf.value.get(id) ?? id)

  function put(customer: Customer): void {
    entities.learn('customer', customer.id, customer)
    for (const id of [...customers.value.keys()]) {
      if (customers.value.size <= kept) break
      if (id !== customer.id && id !== current.value) entities.forget('customer', id)
    }
  }

  async function load(id: number): Promise<Customer> {
    const customer = await answer(api.GET('/api/v1/customers/{id}', { params: { path: { id } } }))
    if (customer.id === id) partOf.value.delete(id)
    else partOf.value.set(id, customer.id)
    put(customer)
    return customer
  }

  // The news only says who changed: what is shown is read again, under one's own right.
  onEvent('customer.changed', ({ data }) => {
    const id = data.customer_id
    const known = customers.value.get(id)
    if (partOf.value.has(id) || (known && known.version < data.version)) void load(id).catch(() => undefined)
  })
  onResync(() => {
    for (const id of [...customers.value.keys()]) if (id !== current.value) entities.forget('customer', id)
    if (current.value !== null) void load(current.value).catch(() => undefined)
  })

  return { customers, current, zone, find, put, load }
})
