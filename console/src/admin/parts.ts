import { channels } from '@/frame/presenceChoices'
import { channelName } from '@/format/words'
import type { Column, Field, Resource } from './fields'

/** What several nouns have: how they are asked for, and fields that are alike. */
export const at = (id: number) => ({ params: { path: { id } } })
export const atVersion = (id: number, headers: { 'If-Match': string }) => ({
  params: { path: { id } },
  headers,
})
export const allRows = async <T>(call: Promise<T[]>) => (await call) as unknown as Resource[]
export const one = async <T>(call: Promise<T>) => (await call) as unknown as Resource
export const yes = (value: unknown) => (value ? 'yes' : 'no')

export const channelOptions = channels.map((channel) => [channel, channelName(channel)] as const)
export const skillRows: Column[] = [
  { name: 'skill_id', label: 'Skill', kind: 'choice', options: 'skills' },
  { name: 'min', label: 'At least', kind: 'number', initial: 1 },
]
export const licenceRows: Column[] = [
  { name: 'licence_id', label: 'Licence', kind: 'choice', options: 'licences' },
  { name: 'jurisdiction', label: 'Jurisdiction', kind: 'text', initial: '' },
]
export const named: Field[] = [{ name: 'name', label: 'Name', kind: 'text', required: true }]
