import type { AccountAction, ActionKind, ObjectField } from '@/api/types'
import { fieldWords, minorDigitsOf, moneyWords } from '@/customer/objects'

/** What is done to what customers have: refunds, returns, changed addresses. */

export const stateWords: Record<AccountAction['state'], string> = {
  awaiting_approval: 'waits for approval',
  authorised: 'authorised, to be carried out',
  refused: 'refused',
  withdrawn: 'withdrawn',
  confirmed: 'done',
  failed: 'could not be done',
}

export const amountWords = (amount: number | null, currency: string): string =>
  amount === null ? '' : (moneyWords({ amount, currency }) ?? '')

/** What it is: "Refund of €180.00 · Order A-1". */
export function whatWords({ kind, amount, currency, object }: AccountAction): string {
  const money = amountWords(amount, currency)
  return [money ? `${kind.name} of ${money}` : kind.name, object && `${object.kind} ${object.key}`]
    .filter(Boolean)
    .join(' · ')
}

/** Why it was not authorised at once. */
export function exceededWords({ exceeded, bound, used, currency, requested_by }: AccountAction): string {
  const who = requested_by.name
  const most = amountWords(bound, currency)
  const counted = amountWords(used, currency)
  switch (exceeded) {
    case 'no_authority':
      return `${who} may ask for it and not authorise it.`
    case 'per_action':
      return `${who} may authorise ${most} at a time.`
    case 'per_day':
      return `${who} may authorise ${most} in 24 hours, of which ${counted} was used.`
    case 'per_customer':
      return `${who} may authorise ${most} for one customer in 30 days, of which ${counted} was used.`
    default:
      return ''
  }
}

/** What was said for it, without what it costs: "Reason: broken · Parts: 2 × Lid". */
export function formWords(kind: ActionKind | undefined, { form }: Pick<AccountAction, 'form'>): string {
  return (kind?.fields ?? [])
    .filter(({ name }) => name !== kind?.amount_field)
    .flatMap((field) => {
      const value = fieldWords(field, form[field.name])
      return value ? [`${field.label}: ${value}`] : []
    })
    .join(' · ')
}

/** One grey line of the timeline: who did what. */
export function accountWords(action: AccountAction, actor: string | undefined): string {
  const what = whatWords(action)
  const who = actor ?? 'The system'
  const why = action.note ? `: ${action.note}` : ''
  switch (action.state) {
    case 'awaiting_approval':
      return `${who} asked for approval: ${what}`
    case 'authorised':
      return action.exceeded ? `${who} approved: ${what}` : `${who} authorised: ${what}`
    case 'refused':
      return `${who} refused: ${what}${why}`
    case 'withdrawn':
      return `${who} withdrew: ${what}`
    case 'confirmed':
      return `${who} did it: ${what}${action.reference ? ` (${action.reference})` : ''}`
    case 'failed':
      return `${who} could not do it: ${what}${why}`
  }
}

/** What is typed into the fields of a form, as text; a choice of several is a list. */
export type Typed = Record<string, string | string[]>

/** "180", "180.5" and "180,50" in minor units; nothing if it is no amount. */
export function minorUnits(text: string, currency: string): number | null {
  const digits = minorDigitsOf(currency)
  const parts = /^(\d{1,12})(?:[.,](\d+))?$/.exec(text.trim())
  const [, whole = '', part = ''] = parts ?? []
  if (!parts || part.length > digits) return null
  return Number(whole + part.padEnd(digits, '0'))
}

function lineOf(text: string): { text: string; quantity?: number } {
  const [, many, what] = /^(\d+)\s*[x×]?\s+(.+)$/i.exec(text) ?? []
  return many && what ? { text: what, quantity: Number(many) } : { text }
}

/** The value of a field as the server takes it: undefined = it is not said, null = it is none. */
export function valueOf(field: ObjectField, typed: string | string[] | undefined, currency: string): unknown {
  if (Array.isArray(typed)) return typed.length ? typed : undefined
  const text = (typed ?? '').trim()
  if (!text) return undefined
  switch (field.type) {
    case 'money': {
      const amount = minorUnits(text, currency)
      return amount === null ? null : { amount, currency }
    }
    case 'number': {
      const number = Number(text.replace(',', '.'))
      return Number.isFinite(number) ? number : null
    }
    case 'yes_no':
      return text === 'yes'
    case 'lines':
      return text.split('\n').flatMap((line) => (line.trim() ? [lineOf(line.trim())] : []))
    default:
      return text
  }
}

/** What the server is told of a form, and what is wrong with it: '' = nothing. */
export function readForm(kind: ActionKind, typed: Typed): { form: Record<string, unknown>; wrong: string } {
  const form: Record<string, unknown> = {}
  let wrong = ''
  for (const field of kind.fields) {
    const value = valueOf(field, typed[field.name], kind.currency || 'EUR')
    if (value === null)
      wrong ||= `${field.label}: that is no ${field.type === 'money' ? 'amount' : 'number'}.`
    else if (value !== undefined) form[field.name] = value
    else if (field.required) wrong ||= `${field.label} is missing.`
  }
  return { form, wrong }
}

export type Step = 'approve' | 'refuse' | 'confirm' | 'fail' | 'withdraw'

/** What can be done with one by somebody, `mayAct` on its ticket. */
export function stepsOf({ state, requested_by }: AccountAction, me: number, mayAct: boolean): Step[] {
  const own = requested_by.id === me
  if (!own && !mayAct) return []
  if (state === 'awaiting_approval') return own ? ['withdraw'] : ['approve', 'refuse']
  return state === 'authorised' ? ['confirm', 'fail', 'withdraw'] : []
}
