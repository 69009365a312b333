import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { answer, retryKey } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { Customer, CustomerMove } from '@/api/types'
import { randomId } from '@/format/ids'
import { useNotices } from '@/stores/notices'
import { useCustomers } from '@/stores/customers'

type RetryKey = ReturnType<typeof retryKey>

export interface RecordAction {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  /** The customer as it is then; nothing if it was refused. */
  act(
    content: unknown,
    said: string,
    call: (headers: RetryKey) => Promise<{ data?: Customer; error?: unknown; response: Response }>,
  ): Promise<Customer | undefined>
}

/** What is done to a customer's record. A failed try keeps its key, so that trying again does it once. */
export function useRecordAction(): RecordAction {
  const notices = useNotices()
  const customers = useCustomers()
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let last = { content: '', key: '' }
  return {
    busy,
    problem,
    async act(content, said, call) {
      if (busy.value) return undefined
      busy.value = true
      problem.value = null
      const wanted = JSON.stringify(content)
      if (last.content !== wanted) last = { content: wanted, key: randomId() }
      try {
        const done = await answer(call(retryKey(last.key)))
        last = { content: '', key: '' }
        customers.put(done)
        notices.say(said)
        return done
      } catch (error) {
        problem.value = asProblem(error)
        return undefined
      } finally {
        busy.value = false
      }
    },
  }
}

/** Somebody without a name is known by an address. */
export const calledBy = (customer: Pick<Customer, 'id' | 'name' | 'identities'>): string =>
  customer.name ||
  customer.identities.find(({ kind }) => kind !== 'webchat')?.value ||
  `Customer ${customer.id}`

/** Who became whom. */
export const movedWords = ({ kind, from, to }: CustomerMove): string =>
  kind === 'merge' ? `#${from.id} became part of #${to.id}` : `#${to.id} was split off #${from.id}`

/** How an address was made sure of. */
export const confirmedWords = {
  checked: 'Checked by me',
  code_read_back: 'A code was read back',
  answered: 'Answered from there',
  signed_in: 'Was signed in',
}
