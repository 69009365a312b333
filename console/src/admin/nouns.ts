import type { Component } from 'vue'
import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import { tokenNoun, userNoun } from './access'
import type { Field, Options, Resource } from './fields'
import { gatewayNoun } from './gateways'
import { hoursNouns } from './hours'
import { allRows, at, atVersion, channelOptions, licenceRows, named, one, skillRows, yes } from './parts'
import { queueNoun } from './queueNoun'

export interface Noun {
  name: string
  title: string
  one: string
  about: string
  columns: {
    name: string
    label: string
    show?: (value: unknown, row: Resource) => string
    options?: Options // the value is one of these
  }[]
  fields: Field[]
  /** Where they depend on what is chosen. */
  fieldsFor?: (values: Record<string, unknown>) => Field[]
  /** What is not meant to be sent is taken out. */
  tidy?: (values: Record<string, unknown>) => Record<string, unknown>
  /** More about one that is there, below its fields. */
  below?: Component
  list: () => Promise<Resource[]>
  create?: (body: never) => Promise<Resource>
  update?: (id: number, etag: { 'If-Match': string }, body: never) => Promise<Resource>
  remove?: (id: number) => Promise<unknown>
  removeWord?: string
  removable?: (row: Resource) => boolean
  /** Fields with a route of their own: read when the form opens, written after the rest. */
  sets?: readonly {
    name: string
    read: (id: number) => Promise<unknown>
    write: (id: number, etag: { 'If-Match': string }, value: never) => Promise<unknown>
  }[]
  /** Settings that can be tried before they are saved, and how. */
  tries?: readonly string[]
  try?: (id: number, values: Record<string, unknown>) => Promise<Trial>
}

export interface Trial {
  words: string
  bad: boolean
}

const hasConditions = (values: Record<string, unknown>) =>
  !(values['conditions'] as Record<string, unknown> | undefined)?.['always']

export const nouns: readonly Noun[] = [
  gatewayNoun,
  queueNoun,
  ...hoursNouns,
  {
    name: 'rules',
    title: 'Rules',
    one: 'rule',
    about:
      'Read in order for each new ticket: all conditions must hold; the first to name a queue or priority wins.',
    columns: [
      { name: 'position', label: 'Position' },
      { name: 'name', label: 'Name' },
      { name: 'enabled', label: 'Enabled', show: yes },
    ],
    fields: [
      { name: 'position', label: 'Position', kind: 'number' },
      ...named,
      {
        name: 'conditions.always',
        under: 'When',
        label: 'Always, for every new ticket',
        kind: 'bool',
      },
      {
        name: 'conditions.gateway_ids',
        label: 'If it came by',
        kind: 'ticks',
        options: 'gateways',
        when: hasConditions,
      },
      {
        name: 'conditions.channels',
        label: 'If its channel is',
        kind: 'ticks',
        options: channelOptions,
        when: hasConditions,
      },
      {
        name: 'conditions.addresses',
        label: 'If an address is',
        kind: 'words',
        example: '*@example.org',
        when: hasConditions,
      },
      {
        name: 'conditions.words',
        label: 'If it says',
        kind: 'words',
        example: 'invoice, refund',
        when: hasConditions,
      },
      {
        name: 'conditions.languages',
        label: 'If its language is',
        kind: 'words',
        example: 'de, fr',
        when: hasConditions,
      },
      {
        name: 'actions.queue_id',
        under: 'Then',
        label: 'Then queue',
        kind: 'choice',
        options: 'queues',
        optional: true,
      },
      { name: 'actions.priority', label: 'Then priority (0–9)', kind: 'number', optional: true },
      { name: 'actions.tier', label: 'Then tier (0–3)', kind: 'number', optional: true },
      { name: 'actions.language', label: 'Then language', kind: 'text' },
      { name: 'actions.skills', label: 'Then skills', kind: 'rows', columns: skillRows },
      { name: 'actions.licences', label: 'Then licences', kind: 'rows', columns: licenceRows },
      { name: 'actions.stop', label: 'Then stop', kind: 'bool' },
      { name: 'enabled', label: 'Enabled', kind: 'bool', on: 'edit' },
    ],
    tidy: (values) => (hasConditions(values) ? values : { ...values, conditions: { always: true } }),
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/rules', part)))),
    create: (body) => one(answer(api.POST('/api/v1/rules', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/rules/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/rules/{id}', at(id))),
  },
  {
    name: 'skills',
    title: 'Skills',
    one: 'skill',
    about: 'What an agent can do, from 1 to 10.',
    columns: [{ name: 'name', label: 'Name' }],
    fields: named,
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/skills', part)))),
    create: (body) => one(answer(api.POST('/api/v1/skills', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/skills/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/skills/{id}', at(id))),
  },
  {
    name: 'licences',
    title: 'Licences',
    one: 'licence',
    about: 'What an agent may do, where and until when. Nothing and nobody relaxes a licence.',
    columns: [{ name: 'name', label: 'Name' }],
    fields: named,
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/licences', part)))),
    create: (body) => one(answer(api.POST('/api/v1/licences', { body }))),
    update: (id, header, body) =>
      one(answer(api.PATCH('/api/v1/licences/{id}', { ...atVersion(id, header), body }))),
    remove: (id) => answer(api.DELETE('/api/v1/licences/{id}', at(id))),
  },
  userNoun,
  {
    name: 'agents',
    title: 'Agents',
    one: 'agent',
    about: 'Skills, licences, queues, shifts, and how much an agent handles at once.',
    columns: [
      { name: 'name', label: 'Name' },
      { name: 'queues', label: 'Queues', show: (value) => String((value as unknown[]).length) },
      { name: 'skills', label: 'Skills', show: (value) => String((value as unknown[]).length) },
      { name: 'licences', label: 'Licences', show: (value) => String((value as unknown[]).length || '–') },
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
    list: () => allRows(whole((part) => answer(api.GET('/api/v1/agents', part)))),
    update: (id, header, body) =>
      one(answer(api.PUT('/api/v1/agents/{id}', { ...atVersion(id, header), body }))),
  },
  tokenNoun,
]
