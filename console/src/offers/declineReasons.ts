/** Chosen by digit after Shift+F2. */
export const declineReasons = [
  { key: '1', reason: 'busy', label: 'Busy with something else' },
  { key: '2', reason: 'not_my_skill', label: 'Not my skill' },
  { key: '3', reason: 'conflict_of_interest', label: 'Conflict of interest' },
  { key: '4', reason: 'technical_problem', label: 'Technical problem' },
] as const
