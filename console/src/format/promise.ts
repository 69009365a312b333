import type { Ticket } from '@/api/types'
import { span } from './time'

export interface StoppedPromise {
  words: string
  title: string
}

const names = { first_answer: 'First answer', solution: 'Solution', follow_up: 'Follow-up' }

/** What stands still, and what is left then; null when something runs, or when nothing was promised. */
export function promise(sla: Ticket['sla']): StoppedPromise | null {
  const clocks = sla?.clocks ?? []
  if (clocks.some((clock) => clock.state === 'running' || clock.state === 'breached')) return null
  const next = clocks.find((clock) => clock.state === 'paused' || clock.state === 'closed')
  if (!next) return null
  const left = `${span(next.remaining_s)} left`
  return next.state === 'paused'
    ? { words: `paused, ${left}`, title: `${names[next.clock]}: waits for the customer` }
    : { words: `closed, ${left}`, title: `${names[next.clock]}: goes on when the queue opens` }
}
