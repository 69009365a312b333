import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import type { Noun } from './nouns'
import type { Resource } from './fields'

/** Calendars and targets: when queues are open, and what they promise then. */

interface Opening {
  from: string
  to: string
}
interface SpecialDay {
  date: string
  name: string
  hours: Opening[]
}

const at = (id: number) => ({ params: { path: { id } } })
const atVersion = (id: number, headers: { 'If-Match': string }) => ({ params: { path: { id } }, headers })

/** A form line has the hours of a special day as words: "09:00-12:00, 13:00-15:00". */
export function toWords(hours: Opening[]): string[] {
  return hours.map(({ from, to }) => `${from}-${to}`)
}

export function fromWords(words: string[]): Opening[] {
  return words.map((word) => {
    const [from = '', to = ''] = word.split(/[-–]/).map((time) => time.trim())
    return { from, to }
  })
}

export function shown(calendar: unknown): Resource {
  const row = calendar as Resource & { special_days: SpecialDay[] }
  return {
    ...row,
    special_days: row.special_days.map((day) => ({ ...day, hours: toWords(day.hours) })),
  }
}

export function sent(form: Record<string, unknown>): never {
  const days = form['special_days'] as { date: string; name: string; hours: string[] }[] | undefined
  const body = days
    ? { ...form, special_days: days.map((day) => ({ ...day, hours: fromWords(day.hours) })) }
    : form
  return body as never
}

const minutes = (value: unknown) => (value === null ? '–' : `${Math.round(Number(value) / 60)} min`)

export const hoursNouns: readonly Noun[] = [
  {
    name: 'calendars',
    title: 'Calendars',
    one: 'calendar',
    about: 'When queues are open. A queue without one always is. Promises count these hours only.',
    columns: [
      { name: 'name', label: 'Name' },
      { name: 'timezone', label: 'Time zone' },
      {
        name: 'special_days',
        label: 'Special days',
        show: (value) => String((value as unknown[]).length || '–'),
      },
    ],
    fields: [
      { name: 'name', label: 'Name', kind: 'text', required: true },
      { name: 'timezone', label: 'Time zone', kind: 'text', required: true, example: 'Europe/Berlin' },
      {
        name: 'hours',
        label: 'Open',
        kind: 'rows',
        columns: [
          {
            name: 'day',
            label: 'Day',
            kind: 'choice',
            options: [
              ['mon', 'Monday'],
              ['tue', 'Tuesday'],
              ['wed', 'Wednesday'],
              ['thu', 'Thursday'],
              ['fri', 'Friday'],
              ['sat', 'Saturday'],
              ['sun', 'Sunday'],
            ],
          },
          { name: 'from', label: 'From', kind: 'text', initial: '09:00', example: '09:00', narrow: true },
          {
            name: 'to',
            label: 'To (or 24:00)',
            kind: 'text',
            initial: '17:00',
            example: '17:00',
            narrow: true,
          },
        ],
      },
      {
        name: 'special_days',
        label: 'Special days, in place of the week',
        kind: 'rows',
        columns: [
          { name: 'date', label: 'Date (2026-12-25)', kind: 'text', initial: '', example: '2026-12-25' },
          { name: 'name', label: 'Name', kind: 'text', initial: '' },
          { name: 'hours', label: 'Open (09:00-12:00; empty = closed)', kind: 'words', initial: [] },
        ],
      },
    ],
    list: async () => (await whole((part) => answer(api.GET('/api/v1/calendars', part)))).map(shown),
    create: async (body) => shown(await answer(api.POST('/api/v1/calendars', { body: sent(body) }))),
    update: async (id, header, body) =>
      shown(
        await answer(api.PATCH('/api/v1/calendars/{id}', { ...atVersion(id, header), body: sent(body) })),
      ),
    remove: (id) => answer(api.DELETE('/api/v1/calendars/{id}', at(id))),
  },
  {
    name: 'sla-targets',
    title: 'Targets',
    one: 'target',
    about:
      'What a queue promises to tickets of one priority, or to all that no other target names, in its opening hours. Promises that run follow a change.',
    columns: [
      { name: 'id', label: 'Target' },
      { name: 'queue_id', label: 'Queue', options: 'queues' },
      { name: 'priority', label: 'Priority', show: (value) => (value === null ? 'all' : String(value)) },
      { name: 'first_answer_s', label: 'First answer', show: minutes },
      { name: 'solution_s', label: 'Solution', show: minutes },
    ],
    fields: [
      { name: 'queue_id', label: 'Queue', kind: 'choice', options: 'queues', required: true },
      { name: 'priority', label: 'Priority (0–9; empty = all others)', kind: 'number', optional: true },
      { name: 'first_answer_s', label: 'First answer within (s)', kind: 'number', required: true },
      { name: 'solution_s', label: 'Solved within (s; empty = no promise)', kind: 'number', optional: true },
    ],
    list: async () =>
      (await whole((part) => answer(api.GET('/api/v1/sla-targets', part)))) as unknown as Resource[],
    create: async (body) => (await answer(api.POST('/api/v1/sla-targets', { body }))) as unknown as Resource,
    update: async (id, header, body) =>
      (await answer(
        api.PATCH('/api/v1/sla-targets/{id}', { ...atVersion(id, header), body }),
      )) as unknown as Resource,
    remove: (id) => answer(api.DELETE('/api/v1/sla-targets/{id}', at(id))),
  },
]
