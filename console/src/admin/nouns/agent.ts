import { collection } from '../collection'
import type { Noun } from '../noun'
import { channelWords } from './needs'

const { list, update } = collection('/api/v1/agents', 'PUT')
const channelOptions = (['phone', 'chat', 'email', 'fax'] as const).map(
  (channel) => [channel, channelWords[channel] ?? channel] as const,
)
const count = (value: unknown) => (Array.isArray(value) ? value.length : 0)

export const agentNoun: Noun = {
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
  fields: [
    { name: 'grade', label: 'Grade (0–9)', kind: 'number' },
    { name: 'units', label: 'Units in all', kind: 'number' },
    {
      name: 'calendar_id',
      label: 'Shift',
      hint: 'the hours of a calendar; without one, no end is known',
      kind: 'choice',
      options: 'calendars',
      optional: true,
    },
    {
      name: 'queues',
      label: 'Queues',
      kind: 'rows',
      columns: [
        { name: 'queue_id', label: 'Queue', kind: 'choice', options: 'queues', unique: true },
        { name: 'rank', label: 'Rank', kind: 'number', initial: 0 },
        { name: 'delay_s', label: 'After (s)', kind: 'number', initial: 0 },
      ],
    },
    {
      name: 'skills',
      label: 'Skills',
      kind: 'rows',
      columns: [
        { name: 'skill_id', label: 'Skill', kind: 'choice', options: 'skills', unique: true },
        { name: 'level', label: 'Level (1–10)', kind: 'number', initial: 5 },
      ],
    },
    {
      name: 'channels',
      label: 'Channels',
      kind: 'rows',
      columns: [
        { name: 'channel', label: 'Channel', kind: 'choice', options: channelOptions, unique: true },
        { name: 'capacity', label: 'At once', kind: 'number', initial: 1 },
        { name: 'weight', label: 'Units each', kind: 'number', initial: 0 },
      ],
    },
    {
      name: 'licences',
      label: 'Licences',
      kind: 'rows',
      columns: [
        { name: 'licence_id', label: 'Licence', kind: 'choice', options: 'licences' },
        { name: 'jurisdictions', label: 'Jurisdictions', kind: 'words', initial: [] },
        { name: 'valid_from', label: 'From', kind: 'time', initial: '' },
        { name: 'valid_until', label: 'Until', kind: 'time', initial: '' },
        {
          name: 'state',
          label: 'State',
          kind: 'choice',
          options: [
            ['active', 'Active'],
            ['suspended', 'Suspended'],
            ['revoked', 'Revoked'],
          ],
          initial: 'active',
        },
      ],
    },
  ],
  list,
  update,
}
