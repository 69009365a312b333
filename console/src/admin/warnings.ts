import { getPath, isShownSecret } from './fields'
import { kindOf } from './gatewayKinds'
import type { Step } from './steps'

/** What can be saved, and is seldom meant: one list, a line for each. */
type Values = Record<string, unknown>
const list = (value: unknown) => (value as unknown[] | undefined) ?? []

function queueWarnings(values: Values): string[] {
  const found: string[] = []
  if ('members' in values && list(values['members']).length === 0)
    found.push('Nobody works in this queue: what comes here waits until somebody does.')
  if ((list(values['steps']) as Step[]).some((step) => step.after_s === 0))
    found.push('A step after 0 s holds at once: nobody is ever asked for more.')
  if (values['closed_action'] === 'overflow' && !values['overflow_queue_id'])
    found.push('Calls overflow while closed, but to no queue.')
  return found
}

function ruleWarnings(values: Values): string[] {
  const actions = (values['actions'] ?? {}) as Values
  const does = Object.values(actions).some((value) =>
    Array.isArray(value) ? value.length > 0 : value !== null && value !== '' && value !== false,
  )
  const found = does ? [] : ['This rule does nothing.']
  if ((values['conditions'] as Values | undefined)?.['always'] && actions['stop'])
    found.push('It holds for every ticket and stops: no rule after it is read.')
  return found
}

function calendarWarnings(values: Values, now: number): string[] {
  const found: string[] = []
  const today = new Date(now).toISOString().slice(0, 10)
  const past = (list(values['special_days']) as { date: string }[]).filter(
    ({ date }) => date !== '' && date < today,
  )
  if (past.length > 0)
    found.push(
      past.length === 1 ? `${past[0]?.date ?? ''} is past.` : `${past.length} special days are past.`,
    )
  if ('hours' in values && list(values['hours']).length === 0)
    found.push('It has no hours: queues that go by it are always closed.')
  return found
}

/** Whether a text, a list or a secret has something in it. */
function isSet(value: unknown): boolean {
  if (isShownSecret(value)) return value.set
  return Array.isArray(value) ? value.length > 0 : !!value
}

function gatewayWarnings(values: Values): string[] {
  const kind = kindOf(values)
  const found: string[] = []
  const proof = kind?.name === 'ses' ? ['topics', 'verify_token'] : ['secret']
  const label = kind?.settings.find(({ name }) => name === proof[0])?.label
  if (kind?.hook && label && !proof.some((name) => isSet(getPath(values, `settings.${name}`))))
    found.push(`Without “${label}” the provider’s webhook is refused: nobody could prove who sends.`)
  if (kind?.channel === 'email' && !isSet(values['from_address']))
    found.push('Without a sender address nothing is sent from here: answers are only kept with the ticket.')
  return found
}

export function warningsOf(noun: string, values: Values, now: number): string[] {
  if (noun === 'queues') return queueWarnings(values)
  if (noun === 'gateways') return gatewayWarnings(values)
  if (noun === 'rules') return ruleWarnings(values)
  if (noun === 'calendars') return calendarWarnings(values, now)
  return []
}
