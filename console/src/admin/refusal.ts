import type { Problem } from '@/api/problem'
import type { Field } from './fields'

/** What the server refuses, in the words of the form: the labels of its fields, not the names of the API. */

/** One message at its field; `example` shows what one looks like. */
export function plain(message: string, example = ''): string {
  if (message.includes('"always"')) return 'choose at least one, or “Always”'
  if (example && /^must have at (least|most) \d+ character/.test(message)) return `must look like ${example}`
  return message
}

function labelOf(path: string, fields: readonly Field[]): { label: string; example?: string | undefined } {
  const field =
    fields.find(({ name }) => path === name || path.startsWith(`${name}.`) || path.startsWith(`${name}[`)) ??
    fields.find(({ name }) => name.startsWith(`${path}.`))
  if (!field) return { label: path.replaceAll('_', ' ') }
  if (field.name.startsWith(`${path}.`)) return { label: field.under ?? field.label }
  const [, line, part] = /^\[(\d+)\](?:\.([a-z_]+))?/.exec(path.slice(field.name.length)) ?? []
  const column = field.columns?.find(({ name }) => name === part)
  const label = [field.label, line && `line ${Number(line) + 1}`, column?.label].filter(Boolean).join(', ')
  return { label, example: column?.example ?? field.example }
}

export function refusalWords(problem: Problem, fields: readonly Field[]): string {
  const errors = problem.body.errors ?? []
  if (errors.length === 0) return problem.message
  return errors
    .map(({ field, message }) => {
      const { label, example } = labelOf(field, fields)
      return `${label}: ${plain(message, example)}`
    })
    .join('; ')
}
