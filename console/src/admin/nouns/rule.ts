import { isRecord } from '../collection'
import type { NounWords, Schemas } from '../noun'
import { channelWords, skillNeeds } from './needs'

function when(values: Record<string, unknown>): boolean {
  const conditions = values['conditions']
  return !(isRecord(conditions) && conditions['always'])
}

export const ruleWords: NounWords<Schemas['rule']> = {
  about:
    'Read in order for each new ticket: all conditions must hold; the first to name a queue or priority wins.',
  columns: [{ name: 'position' }, { name: 'name' }, { name: 'enabled' }],
  groups: [
    ['', ['name', 'enabled', 'position']],
    [
      'When',
      [
        'conditions.always',
        'conditions.gateway_ids',
        'conditions.channels',
        'conditions.addresses',
        'conditions.words',
        'conditions.languages',
      ],
    ],
    [
      'Then',
      [
        'actions.queue_id',
        'actions.priority',
        'actions.tier',
        'actions.difficulty',
        'actions.language',
        'actions.skills',
        'actions.licences',
        'actions.stop',
      ],
    ],
  ],
  fields: {
    'conditions.always': { label: 'Always, for every new ticket' },
    'conditions.gateway_ids': { label: 'If it came by', when },
    'conditions.channels': { label: 'If its channel is', choices: channelWords, when },
    'conditions.addresses': { label: 'If an address is', example: '*@example.org', when },
    'conditions.words': { label: 'If it says', example: 'invoice, refund', when },
    'conditions.languages': { label: 'If its language is', example: 'de, fr', when },
    'actions.queue_id': { label: 'Then queue' },
    'actions.priority': { label: 'Then priority (0–9)' },
    'actions.tier': { label: 'Then tier (0–3)' },
    'actions.difficulty': { label: 'Then difficulty (0–9)' },
    'actions.language': { label: 'Then language' },
    'actions.skills': { label: 'Then skills', ...skillNeeds },
    'actions.licences': { label: 'Then licences' },
    'actions.stop': { label: 'Then stop' },
  },
  tidy: (values) => (when(values) ? values : { ...values, conditions: { always: true } }),
}
