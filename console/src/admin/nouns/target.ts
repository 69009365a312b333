import type { NounWords, Schemas } from '../noun'

const minutes = (value: unknown) => (value === null ? '–' : `${Math.round(Number(value) / 60)} min`)

export const targetWords: NounWords<Schemas['sla_target']> = {
  title: 'Targets',
  one: 'target',
  about:
    'What a queue promises to tickets of one priority, or to all that no other target names, in its opening hours. Promises that run follow a change.',
  columns: [
    { name: 'id', label: 'Target' },
    { name: 'queue_id' },
    { name: 'priority', label: 'Priority', show: (value) => (value === null ? 'all' : String(value)) },
    { name: 'first_answer_s', label: 'First answer', show: minutes },
    { name: 'solution_s', label: 'Solution', show: minutes },
  ],
  fields: {
    priority: { label: 'Priority (0–9)' },
    first_answer_s: { label: 'First answer within (s)' },
    solution_s: { label: 'Solved within (s)' },
  },
}
