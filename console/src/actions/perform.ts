import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'
import { answer, api, retryKey } from '@/api/client'
import { asProblem, type Problem } from '@/api/problem'
import type { CallbackWish, FollowUp, FollowUpWish, Ticket } from '@/api/types'
import type { CallResult } from '@/callback/callback'
import { randomId } from '@/format/ids'
import { useNotices } from '@/stores/notices'
import { useTickets } from '@/stores/tickets'

interface TicketActions {
  busy: Ref<boolean>
  problem: ShallowRef<Problem | null>
  transfer(queueId: number, note: string): Promise<boolean>
  escalate(reason: string): Promise<boolean>
  hold(until: number, note: string): Promise<boolean>
  solve(disposition: string, note: string): Promise<boolean>
  callBack(wish: CallbackWish): Promise<boolean>
  cancelCallback(): Promise<boolean>
  recordCall(result: CallResult): Promise<boolean>
  promise(wish: FollowUpWish): Promise<boolean>
  keepPromise(followUp: FollowUp, note: string, contactId?: number): Promise<boolean>
  movePromise(followUp: FollowUp, dueAt: number, reason: string): Promise<boolean>
  dropPromise(followUp: FollowUp, reason: string): Promise<boolean>
  keepClaim(kind: 'email' | 'tel', value: string): Promise<boolean>
  assign(agentId: number, name: string, reason: string): Promise<boolean>
  prioritise(version: number, priority: number, tier: number): Promise<boolean>
  claim(): Promise<boolean>
  resume(): Promise<boolean>
  reopen(): Promise<boolean>
  /** With a disposition: the one that the solved ticket has then. */
  wrapupDone(disposition?: string): Promise<boolean>
}

/** What an agent does to a ticket. A failed try keeps its key, so that trying again does it once. */
export function useTicketAction(ticketId: () => number): TicketActions {
  const tickets = useTickets()
  const notices = useNotices()
  const busy = ref(false)
  const problem = shallowRef<Problem | null>(null)
  let last = { content: '', key: '' }
  let refusal = 0 // the notice of it, out of date with the next try

  interface Options {
    params: { path: { id: number } }
    headers: { 'Idempotency-Key': string }
  }
  /** Of one of the ticket's follow-ups, as it was seen. */
  const ofFollowUp = ({ id, version }: FollowUp, { headers }: Options) => ({
    params: { path: { id } },
    headers: { ...headers, 'If-Match': `"${version}"` },
  })

  const act = (
    content: string,
    said: string,
    call: (options: Options) => Promise<{ data?: Ticket; error?: unknown; response: Response }>,
  ): Promise<boolean> => attempt(content, said, call, (ticket) => void tickets.put(ticket))

  /** What is answered with something of the ticket: the ticket is read again. */
  const actOnPart = <T>(
    content: string,
    said: string,
    call: (options: Options) => Promise<{ data?: T; error?: unknown; response: Response }>,
  ): Promise<boolean> =>
    attempt(content, said, call, () => void tickets.load(ticketId()).catch(() => undefined))

  async function attempt<T>(
    content: string,
    said: string,
    call: (options: Options) => Promise<{ data?: T; error?: unknown; response: Response }>,
    keep: (done: T) => void,
  ): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    problem.value = null
    notices.dismiss(refusal)
    const id = ticketId()
    if (last.content !== `${id} ${content}`) last = { content: `${id} ${content}`, key: randomId() }
    try {
      keep(await answer(call({ params: { path: { id } }, headers: retryKey(last.key) })))
      last = { content: '', key: '' }
      notices.forget(id)
      if (said) notices.say(said, 'ok', undefined, id)
      return true
    } catch (error) {
      problem.value = asProblem(error)
      refusal = notices.say(`#${id} was not changed: ${problem.value.message}`, 'danger')
      return false
    } finally {
      busy.value = false
    }
  }

  return {
    busy,
    problem,
    transfer: (queue_id, note) =>
      act(`transfer ${queue_id} ${note}`, `#${ticketId()} transferred`, (options) =>
        api.POST('/api/v1/tickets/{id}/transfer', {
          ...options,
          body: note ? { queue_id, note } : { queue_id },
        }),
      ),
    escalate: (reason) =>
      act(`escalate ${reason}`, `#${ticketId()} escalated`, (options) =>
        api.POST('/api/v1/tickets/{id}/escalate', { ...options, body: { reason } }),
      ),
    hold: (until, note) =>
      act(`hold ${until} ${note}`, `#${ticketId()} on hold`, (options) =>
        api.POST('/api/v1/tickets/{id}/hold', {
          ...options,
          body: { until: new Date(until).toISOString(), ...(note ? { note } : {}) },
        }),
      ),
    solve: (disposition, note) =>
      act(`solve ${disposition} ${note}`, `#${ticketId()} solved`, (options) =>
        api.POST('/api/v1/tickets/{id}/solve', {
          ...options,
          body: note ? { disposition, note } : { disposition },
        }),
      ),
    callBack: (wish) =>
      actOnPart(`callback ${JSON.stringify(wish)}`, `#${ticketId()} is called back`, (options) =>
        api.POST('/api/v1/tickets/{id}/callback', { ...options, body: wish }),
      ),
    cancelCallback: () =>
      actOnPart('cancel callback', '', (options) =>
        api.DELETE('/api/v1/tickets/{id}/callback', { ...options }),
      ),
    recordCall: (result) =>
      actOnPart(`call ${result}`, '', (options) =>
        api.POST('/api/v1/tickets/{id}/callback/attempts', { ...options, body: { result } }),
      ),
    promise: (wish) =>
      actOnPart(`promise ${JSON.stringify(wish)}`, `You come back to #${ticketId()}`, (options) =>
        api.POST('/api/v1/tickets/{id}/follow-ups', { ...options, body: wish }),
      ),
    keepPromise: (followUp, note, contactId) =>
      actOnPart(`keep ${followUp.id} ${note}`, 'Promise kept', (options) =>
        api.POST('/api/v1/follow-ups/{id}/keep', {
          ...ofFollowUp(followUp, options),
          body: { ...(note ? { note } : {}), ...(contactId ? { contact_id: contactId } : {}) },
        }),
      ),
    movePromise: (followUp, dueAt, reason) =>
      actOnPart(`move ${followUp.id} ${dueAt} ${reason}`, 'Promised for another time', (options) =>
        api.POST('/api/v1/follow-ups/{id}/move', {
          ...ofFollowUp(followUp, options),
          body: { due_at: new Date(dueAt).toISOString(), reason },
        }),
      ),
    dropPromise: (followUp, reason) =>
      actOnPart(`drop ${followUp.id} ${reason}`, 'Follow-up dropped', (options) =>
        api.POST('/api/v1/follow-ups/{id}/drop', { ...ofFollowUp(followUp, options), body: { reason } }),
      ),
    keepClaim: (kind, value) =>
      act(`keep ${kind} ${value}`, `${value} is kept with the customer`, (options) =>
        api.POST('/api/v1/tickets/{id}/visitor', { ...options, body: { kind, value } }),
      ),
    assign: (agent_id, name, reason) =>
      act(`assign ${agent_id} ${reason}`, `#${ticketId()} assigned to ${name}`, (options) =>
        api.POST('/api/v1/tickets/{id}/assign', { ...options, body: { agent_id, reason } }),
      ),
    prioritise: (version, priority, tier) =>
      act(`prioritise ${version} ${priority} ${tier}`, `#${ticketId()} has its new priority`, ({ params }) =>
        api.PATCH('/api/v1/tickets/{id}', {
          params,
          headers: { 'If-Match': `"${version}"` },
          body: { priority, tier },
        }),
      ),
    claim: () =>
      act('claim', '', (options) => api.POST('/api/v1/tickets/{id}/claim', { ...options, body: {} })),
    resume: () =>
      act('resume', '', (options) => api.POST('/api/v1/tickets/{id}/resume', { ...options, body: {} })),
    reopen: () =>
      act('reopen', '', (options) => api.POST('/api/v1/tickets/{id}/reopen', { ...options, body: {} })),
    wrapupDone: (disposition) =>
      act(`wrapup-done ${disposition ?? ''}`, '', (options) =>
        api.POST('/api/v1/tickets/{id}/wrapup-done', {
          ...options,
          body: disposition ? { disposition } : {},
        }),
      ),
  }
}
