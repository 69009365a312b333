import type { NounWords, Schemas } from '../noun'

const tests: Record<Schemas['action_condition']['test'], string> = {
  is: 'is',
  is_not: 'is not',
  at_most: 'is at most',
  at_least: 'is at least',
  newer_than_days: 'is at most so many days ago',
  older_than_days: 'is at least so many days ago',
}

export const actionKindWords: NounWords<Schemas['action_kind']> = {
  title: 'Action kinds',
  one: 'action kind',
  about:
    'What agents can do to what customers have: refunds, returns, changed addresses. Limits say who may authorise how much.',
  columns: [
    { name: 'title' },
    { name: 'name' },
    { name: 'object_kind_id', label: 'Done to' },
    { name: 'currency' },
    { name: 'active' },
  ],
  fields: {
    object_kind_id: {
      label: 'Done to',
      hint: 'which of the things that the customer has; none: to none of them',
    },
    amount_field: {
      label: 'Field of its cost',
      hint: 'the name of a required field of type money; empty: it costs nothing',
    },
    currency: { hint: 'of that cost: EUR, USD' },
    conditions: {
      hint: 'of the form (form.why) or of what it is done to (object.delivered)',
      columns: { test: { choices: tests } },
    },
    how: { label: 'How it is carried out', hint: 'agents read it when they ask for it' },
  },
}
