import { answer, api } from '@/api/client'
import type { GatewayKind } from '@/api/types'
import { moment } from '@/format/time'
import { serverNow } from '@/live/clock'
import GatewayAbout from '../GatewayAbout.vue'
import { gatewayKinds, kindOf } from '../gatewayKinds'
import { collection, isRecord } from '../collection'
import type { Field, Resource } from '../fields'
import type { Noun } from '../noun'

const widgets: Record<string, Field['kind']> = {
  text: 'text',
  texts: 'words',
  number: 'number',
  yes: 'bool',
  secret: 'secret',
  choice: 'choice',
}

/** The server says what a setting is for in all kinds that have it; of one kind less is true. */
function hintOf(kind: GatewayKind | undefined, { name, help }: GatewayKind['settings'][number]): string {
  if (name === 'secret' && kind?.hook) return 'What the provider proves itself with, or signs with.'
  if (name === 'own_addresses')
    return kind?.channel === 'email' ? 'Mail to one of these is for us.' : 'The pages that may show the chat.'
  return help
}

function settingFields(kind: GatewayKind | undefined): Field[] {
  return (kind?.settings ?? []).map((setting, i) => ({
    name: `settings.${setting.name}`,
    label: setting.label,
    kind: setting.name === 'imap.ca' ? 'lines' : (widgets[setting.type] ?? 'text'),
    hint: hintOf(kind, setting),
    example: setting.example,
    options: setting.choices.map((choice) => [choice, choice] as const),
    optional: true,
    ...(setting.name.startsWith('imap.') && !before(kind, i)
      ? { under: 'Mailbox that is fetched (IMAP)' }
      : i === 0
        ? { under: kind?.title ?? '' }
        : {}),
  }))
}
const before = (kind: GatewayKind | undefined, i: number) =>
  kind?.settings[i - 1]?.name.startsWith('imap.') ?? false

/** Settings of another kind, or of a mailbox that nobody fetches, are not sent: the server would refuse them by name. */
function ownSettings(values: Record<string, unknown>): Record<string, unknown> {
  const kind = kindOf(values)
  const settings = values['settings']
  if (!kind || !isRecord(settings)) return values
  const known = new Set(kind.settings.map(({ name }) => name.split('.')[0]))
  const kept = Object.entries(settings).filter(([name]) => known.has(name))
  return { ...values, settings: Object.fromEntries(kept) }
}

function news(row: Resource): string {
  const at = row['last_contact_at'] as string | null
  return at ? moment(Date.parse(at), serverNow()) : 'nothing yet'
}

const gateways = collection('/api/v1/gateways')

export const gatewayNoun: Noun = {
  name: 'gateways',
  title: 'Gateways',
  one: 'gateway',
  about: 'Where contacts come from and answers leave: a mailbox, a telephone system, a fax line, a website.',
  columns: [
    { name: 'name', label: 'Name' },
    { name: 'kind', label: 'Kind', show: (value, row) => kindOf(row)?.title ?? String(value) },
    { name: 'from_address', label: 'Sends from' },
    { name: 'last_contact_at', label: 'Last contact', show: (_, row) => news(row) },
    { name: 'enabled', label: 'Enabled', show: (value) => (value ? 'yes' : 'no') },
  ],
  fields: [],
  fieldsFor: (values) => [
    {
      name: 'name',
      label: 'Name',
      kind: 'text',
      required: true,
      hint: 'Lower-case letters, digits and hyphens: it stands in addresses.',
      example: 'support-mail',
    },
    {
      name: 'kind',
      label: 'Kind',
      kind: 'choice',
      required: true,
      on: 'create',
      hint: kindOf(values)?.about ?? '',
      options: gatewayKinds.value.map(({ name, title }) => [name, title] as const),
    },
    {
      name: 'queue_id',
      label: 'Queue',
      kind: 'choice',
      options: 'queues',
      required: true,
      hint: 'Where its tickets wait when no rule says otherwise.',
    },
    ...(kindOf(values)?.channel === 'email'
      ? ([
          { name: 'from_name', label: 'Sender name', kind: 'text', hint: 'Answers are sent in this name.' },
          {
            name: 'from_address',
            label: 'Sender address',
            kind: 'text',
            hint: 'Answers are sent from here.',
            example: 'support@example.org',
          },
        ] as const)
      : []),
    ...settingFields(kindOf(values)),
    { name: 'enabled', label: 'Enabled', kind: 'bool', on: 'edit' },
  ],
  tidy: ownSettings,
  below: GatewayAbout,
  list: async () => {
    const [rows, kinds] = await Promise.all([gateways.list(), answer(api.GET('/api/v1/gateway_kinds'))])
    gatewayKinds.value = kinds.items
    return rows
  },
  create: gateways.create,
  update: gateways.update,
}
