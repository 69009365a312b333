import { channelName } from '@/format/words'
import type { FieldWords, Schemas } from '../noun'

/** What several nouns have. */
export const skillNeeds: FieldWords = { columns: { min: { label: 'At least' } } }

type Channel = Schemas['ticket']['channel']
const all: Record<Channel, true> = {
  phone: true,
  chat: true,
  email: true,
  fax: true,
  post: true,
  walkin: true,
  social: true,
}
export const channelWords = Object.fromEntries(
  Object.keys(all).map((channel) => [channel, channelName(channel)]),
)
