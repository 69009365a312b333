import type { NounWords, Schemas } from '../noun'

export const objectKindWords: NounWords<Schemas['object_kind']> = {
  title: 'What customers have',
  one: 'kind',
  about:
    'What other systems tell of customers: orders, accounts, policies. They push it; agents see it beside the ticket.',
}
