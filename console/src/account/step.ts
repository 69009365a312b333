import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { answer, api, retryKey } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { AccountAction, ActionWish } from '@/api/types'
import { randomId } from '@/format/ids'
import { useAccountActions } from '@/stores/accountActions'
import { useNotices } from '@/stores/notices'
import { stateWords, whatWords, type Step } from './account'

interface AccountSteps {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  request(ticketId: number, wish: ActionWish): Promise<boolean>
  take(action: AccountAction, step: Step, said: string, amount?: number): Promise<boolean>
}

/** What is asked for and decided. A failed try keeps its key, so that trying again does it once. */
export function useAccountStep(): AccountSteps {
  const actions = useAccountActions()
  const notices = useNotices()
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let last = { content: '', key: '' }

  type Call = (headers: { 'Idempotency-Key': string }) => Promise<{
    data?: AccountAction
    error?: unknown
    response: Response
  }>
  async function attempt(content: string, call: Call): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    if (last.content !== content) last = { content, key: randomId() }
    try {
      const done = await answer(call(retryKey(last.key)))
      last = { content: '', key: '' }
      actions.learn(done)
      notices.say(`${whatWords(done)}: ${stateWords[done.state]}`, 'ok', undefined, done.ticket_id)
      return true
    } catch (error) {
      problem.value = asProblem(error)
      return false
    } finally {
      busy.value = false
    }
  }

  return {
    busy,
    problem,
    request: (id, wish) =>
      attempt(`${id} ${JSON.stringify(wish)}`, (headers) =>
        api.POST('/api/v1/tickets/{id}/actions', { params: { path: { id } }, headers, body: wish }),
      ),
    take: ({ id, version }, step, said, amount) =>
      attempt(`${id} ${step} ${said} ${amount ?? ''}`, (key) => {
        const to = { params: { path: { id } }, headers: { ...key, 'If-Match': `"${version}"` } }
        switch (step) {
          case 'approve':
            return api.POST('/api/v1/actions/{id}/approve', { ...to, body: amount ? { amount } : {} })
          case 'refuse':
            return api.POST('/api/v1/actions/{id}/refuse', { ...to, body: { reason: said } })
          case 'confirm':
            return api.POST('/api/v1/actions/{id}/confirm', { ...to, body: said ? { reference: said } : {} })
          case 'fail':
            return api.POST('/api/v1/actions/{id}/fail', { ...to, body: { reason: said } })
          case 'withdraw':
            return api.POST('/api/v1/actions/{id}/withdraw', to)
        }
      }),
  }
}
