import { resolved, sentTo, type Description } from '@/api/description'
import { collection } from '../collection'
import { fieldsOf, grouped } from '../describe'
import type { FieldWords, Names, Noun, Schemas } from '../noun'
import { channelWords } from './needs'

const { list, update } = collection('/api/v1/agents', 'PUT')
const count = (value: unknown) => (Array.isArray(value) ? value.length : 0)

/** Where an agent works; a queue says the same of its members. */
export const placeWords = {
  rank: { initial: 0 },
  delay_s: { label: 'After (s)', initial: 0 },
} satisfies Partial<Record<Names<Schemas['agent_queue_in']>, FieldWords>>

type LicenceState = NonNullable<Schemas['agent_licence_in']['state']>
const licenceStates: Record<LicenceState, string> = {
  active: 'Active',
  suspended: 'Suspended',
  revoked: 'Revoked',
}
const words: Partial<Record<Names<Schemas['agent_put']>, FieldWords>> = {
  grade: { label: 'Grade (0–9)' },
  units: { label: 'Units in all' },
  calendar_id: {
    label: 'Shift',
    hint: 'the hours of a calendar; without one, no end is known',
    options: 'calendars',
  },
  queues: { columns: { queue_id: { options: 'queues', unique: true }, ...placeWords } },
  skills: {
    columns: { skill_id: { options: 'skills', unique: true }, level: { label: 'Level (1–10)', initial: 5 } },
  },
  channels: {
    columns: {
      channel: { choices: channelWords, unique: true },
      capacity: { label: 'At once', initial: 1 },
      weight: { label: 'Units each', initial: 0 },
    },
  },
  licences: {
    columns: {
      licence_id: { options: 'licences' },
      jurisdictions: { initial: [], required: false },
      valid_from: { label: 'From', initial: '' },
      valid_until: { label: 'Until', initial: '' },
      state: { choices: licenceStates, initial: 'active' },
    },
  },
}
const order: Names<Schemas['agent_put']>[] = [
  'grade',
  'units',
  'calendar_id',
  'queues',
  'skills',
  'channels',
  'licences',
]

/** A user's profile: it is not made, and its parts are replaced whole. */
export const agentNoun = (from: Description): Noun => ({
  name: 'agents',
  title: 'Agents',
  one: 'agent',
  about: 'Skills, licences, queues, shifts, and how much an agent handles at once.',
  columns: [
    { name: 'name', label: 'Name' },
    { name: 'queues', label: 'Queues', show: (value) => String(count(value)) },
    { name: 'skills', label: 'Skills', show: (value) => String(count(value)) },
    { name: 'licences', label: 'Licences', show: (value) => String(count(value) || '–') },
    { name: 'calendar_id', label: 'Shift', options: 'calendars' },
  ],
  fields: grouped(fieldsOf(from, resolved(from, sentTo(from.paths['/api/v1/agents/{id}']?.put)), words), {
    groups: [['', order]],
  }),
  list,
  update,
})
