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
    current.value === null ? undefined : customers.value.get(current.value)?.timezone || undefined,
  )

  function put(customer: Customer): void {
    entities.learn('customer', customer.id, customer)
    for (const id of [...customers.value.keys()]) {
      if (customers.value.size <= kept) break
      if (id !== customer.id && id !== current.value) entities.forget('customer', id)
    }
  }

  async function load(id: number): Promise<Customer> {
    const customer = await answer(api.GET('/api/v1/customers/{id}', { params: { path: { id } } }))
    put(customer)
    return customer
  }

  // The news only says who changed: what is shown is read again, under one's own right.
  onEvent('customer.changed', ({ data }) => {
    const known = customers.value.get(data.customer_id)
    if (known && known.version < data.version) void load(known.id).catch(() => undefined)
  })
  onResync(() => {
    for (const id of [...customers.value.keys()]) if (id !== current.value) entities.forget('customer', id)
    if (current.value !== null) void load(current.value).catch(() => undefined)
  })

  return { customers, current, zone, put, load }
})
