import { isRecord } from '../collection'
import type { Codec } from '../fields'
import type { NounWords, Schemas } from '../noun'

const days: Record<Schemas['weekly_opening']['day'], string> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
}

/** The hours of a special day, as words: "09:00-12:00, 13:00-15:00". */
export const openings: Codec = {
  show: (hours) =>
    Array.isArray(hours) ? hours.filter(isRecord).map(({ from, to }) => `${String(from)}-${String(to)}`) : [],
  read: (words) =>
    words.map((word) => {
      const [from = '', to = ''] = word.split(/[-–]/).map((time) => time.trim())
      return { from, to }
    }),
}

export const calendarWords: NounWords<Schemas['calendar']> = {
  about: 'When queues are open. A queue without one always is. Promises count these hours only.',
  columns: [
    { name: 'name' },
    { name: 'timezone' },
    {
      name: 'special_days',
      label: 'Special days',
      show: (value) => String((Array.isArray(value) && value.length) || '–'),
    },
  ],
  fields: {
    timezone: { label: 'Time zone', example: 'Europe/Berlin' },
    hours: {
      label: 'Open',
      columns: {
        day: { choices: days },
        from: { initial: '09:00', example: '09:00', narrow: true },
        to: { label: 'To (or 24:00)', initial: '17:00', example: '17:00', narrow: true },
      },
    },
    special_days: {
      label: 'Special days, in place of the week',
      columns: {
        date: { label: 'Date (2026-12-25)', example: '2026-12-25' },
        hours: { label: 'Open (09:00-12:00; empty = closed)', codec: openings },
      },
    },
  },
}
