import type { Description } from '@/api/description'
import type { Permission } from '@/api/types'
import { nounsFrom } from '../describe'
import type { Noun } from '../noun'
import { actionKindWords } from './actionKind'
import { actionLimitWords } from './actionLimit'
import { agentNoun } from './agent'
import { calendarWords } from './calendar'
import { gatewayNoun } from './gateway'
import { licenceWords } from './licence'
import { objectKindWords } from './objectKind'
import { organizationWords } from './organization'
import { queueWords } from './queue'
import { roleWords } from './role'
import { ruleWords } from './rule'
import { skillWords } from './skill'
import { targetWords } from './target'
import { tokenNoun } from './token'
import { userNoun } from './user'

/** What is said of a noun otherwise than by its schema. One without words has a page all the same, after these. */
const words = {
  queues: queueWords,
  calendars: calendarWords,
  'sla-targets': targetWords,
  roles: roleWords,
  rules: ruleWords,
  skills: skillWords,
  licences: licenceWords,
  'object-kinds': objectKindWords,
  'action-kinds': actionKindWords,
  'action-limits': actionLimitWords,
  organizations: organizationWords,
}
const order = [
  'gateways',
  'queues',
  'calendars',
  'sla-targets',
  'rules',
  'skills',
  'licences',
  'object-kinds',
  'action-kinds',
  'action-limits',
  'organizations',
  'users',
  'roles',
  'agents',
  'tokens',
]

/** What somebody must be permitted who changes these. */
export function needed(from: Description, { name }: Noun): Permission | undefined {
  const path = `/api/v1/${name}`
  return (from.paths[path]?.post ?? from.paths[`${path}/{id}`]?.put)?.['x-permission']
}

/** The same page for who only looks. */
export function toLookAt(noun: Noun): Noun {
  const {
    create: _create,
    update: _update,
    remove: _remove,
    below: _below,
    try: _try,
    tries: _tries,
    ...rest
  } = noun
  return rest
}

/** What one may change or look at: whoever sees all of the set-up looks at what he may not change. */
export function nounsFor(from: Description, may: (permission: Permission) => boolean): Noun[] {
  return nounsOf(from).flatMap((noun) => {
    const change = needed(from, noun)
    if (!change || may(change)) return [noun]
    const look = from.paths[`/api/v1/${noun.name}`]?.get?.['x-permission']
    return may('config.read') && (!look || may(look)) ? [toLookAt(noun)] : []
  })
}

export function nounsOf(description: Description): Noun[] {
  // What the server does not describe as a noun.
  const byHand = [gatewayNoun, userNoun(description), agentNoun(description), tokenNoun(description)]
  const own = new Set(byHand.map(({ name }) => name))
  const all = [...byHand, ...nounsFrom(description, words).filter(({ name }) => !own.has(name))]
  const place = ({ name }: Noun) => (order.includes(name) ? order.indexOf(name) : order.length)
  return all.sort((a, b) => place(a) - place(b) || a.title.localeCompare(b.title))
}
