import type { NounWords, Schemas } from '../noun'

const amount = (value: unknown) => (value === null ? 'any' : String(value))

export const actionLimitWords: NounWords<Schemas['action_limit']> = {
  title: 'Action limits',
  one: 'limit',
  about:
    'Who may authorise how much of a kind of action, in minor units (10000 is 100.00). Beyond it, or without one, it waits for approval by somebody else.',
  columns: [
    { name: 'id', label: 'Limit' },
    { name: 'kind_id' },
    { name: 'role_id' },
    { name: 'user_id', label: 'Person' },
    { name: 'per_action', label: 'At a time', show: amount },
    { name: 'per_day', label: 'In 24 hours', show: amount },
    { name: 'per_customer', label: 'For a customer in 30 days', show: amount },
  ],
  fields: {
    role_id: { hint: 'none: whatever roles somebody has' },
    user_id: { label: 'Person', hint: 'none: everybody' },
    per_action: { label: 'At a time' },
    per_day: { label: 'In 24 hours, by one person' },
    per_customer: { label: 'In 30 days, for one customer' },
  },
}
