import { isRecord } from './collection'
import type { Schemas } from './noun'

/** What routing asks less of a ticket that has waited: a queue's relaxation steps, as they are edited. */
export type StepChange = Schemas['step_change_create']
export type Step = Schemas['queue_step_create']
type What = StepChange['what']

export interface ChangeKind {
  what: What
  label: string
  needs: readonly ('skill_id' | 'queue_id' | 'value')[]
}

export const changeKinds: readonly ChangeKind[] = [
  { what: 'drop_skill', label: 'Ask no more for', needs: ['skill_id'] },
  { what: 'set_min', label: 'Ask for a level of', needs: ['skill_id', 'value'] },
  { what: 'widen_grade', label: 'Let lower grades take it, by', needs: ['value'] },
  { what: 'add_queue', label: 'Ask the agents of', needs: ['queue_id'] },
  { what: 'raise_priority', label: 'Raise the priority by', needs: ['value'] },
  { what: 'raise_tier', label: 'Raise the tier by', needs: ['value'] },
  { what: 'ask_supervisors', label: 'Ask the supervisors', needs: [] },
  { what: 'overflow', label: 'Move it to', needs: ['queue_id'] },
  { what: 'callback', label: 'Promise a call back', needs: [] },
  { what: 'voicemail', label: 'Ask for a message', needs: [] },
]

export const skipWords: readonly (readonly [Step['skip_if'], string])[] = [
  ['never', 'wait for it'],
  ['nobody_on_shift', 'at once when nobody is on shift'],
  ['nobody_signed_in', 'at once when nobody is signed in'],
  ['nobody_idle', 'at once when nobody is idle'],
  ['late', 'when it would be late'],
]

export const needsOf = (what: string) => changeKinds.find((kind) => kind.what === what)?.needs ?? []

/** Only what a change of its kind has: the server refuses the rest. */
export function tidy(steps: Step[]): Step[] {
  return steps.map(({ after_s, skip_if, changes }) => ({
    after_s,
    skip_if,
    changes: changes.map((change) => {
      const kept = (need: ChangeKind['needs'][number]) =>
        (needsOf(change.what).includes(need) && change[need]) || null
      return {
        what: change.what,
        skill_id: kept('skill_id'),
        queue_id: kept('queue_id'),
        value: kept('value'),
      }
    }),
  }))
}

/** What the server sends as such, and what the form makes of it. */
export function isSteps(value: unknown): value is Step[] {
  return Array.isArray(value) && value.every((step) => isRecord(step) && Array.isArray(step['changes']))
}

/** Whether the server would take them: every change has what it needs, and time goes on. */
export function areWhole(steps: Step[]): boolean {
  return steps.every(
    ({ after_s, changes }, i) =>
      Number.isInteger(after_s) &&
      after_s >= (steps[i - 1]?.after_s ?? 0) &&
      changes.every((change) => needsOf(change.what).every((need) => !!change[need])),
  )
}

export function newStep(steps: Step[]): Step {
  return { after_s: (steps.at(-1)?.after_s ?? 0) + 30, skip_if: 'never', changes: [newChange()] }
}
export const newChange = (): StepChange => ({
  what: 'raise_priority',
  skill_id: null,
  queue_id: null,
  value: 1,
})

export interface Check {
  waiting: number
  nobody: number
  nobody_after_steps: number
}

/** What the dry run found, in one sentence. `steps`: how many there are. */
export function checkWords({ waiting, nobody, nobody_after_steps }: Check, steps: number): string {
  if (waiting === 0) return 'Nothing waits in this queue now.'
  const all = waiting === 1 ? 'The one waiting ticket' : `These ${waiting} waiting tickets`
  if (nobody === 0) return `${all} would have somebody eligible.`
  const some = nobody === waiting ? all : `${nobody} of the ${waiting} waiting tickets`
  if (steps === 0) return `${some} would have nobody eligible.`
  if (nobody_after_steps === nobody)
    return `${some} would have nobody eligible, not even after the last step.`
  const then = nobody_after_steps === 0 ? 'none of them' : String(nobody_after_steps)
  return `${some} would have nobody eligible; after the last step, ${then}.`
}
