import { describe, expect, it } from 'vitest'
import { agentsFor } from '@/actions/assign'
import { areWhole, checkWords, newStep, tidy, type Step } from '@/admin/steps'
import type { AgentOverview, RoutingStory } from '@/api/types'
import { at } from './support'

const agent = (
  id: number,
  name: string,
  state: 'ready' | 'not_ready' | 'offline',
  active = 0,
): AgentOverview => ({
  agent: { id, name },
  presence: { agent_id: id, state, channels: [], reason: '', after_current: false, since: at(0) },
  load: [],
  tickets: Array.from({ length: active }, (_, n) => ({
    id: n,
    number: String(n),
    channel: 'email',
    state: 'active',
  })),
})
const story = {
  decisions: [],
  words: [],
  waiting: {
    could_take: [{ id: 4, name: 'Zoe' }],
    almost: [{ agent: { id: 3, name: 'Yan' }, missing: ['skill'] }],
  },
} as unknown as RoutingStory

describe('whom a ticket can be given', () => {
  const agents = [
    agent(1, 'Ana', 'offline'),
    agent(2, 'Ben', 'ready', 1),
    agent(3, 'Yan', 'ready'),
    agent(4, 'Zoe', 'not_ready'),
  ]
  const members = new Set([1, 2, 3])
  const names = (told: RoutingStory | null) =>
    agentsFor(agents, told, members, undefined, '').map(({ name }) => name)
  it('begins with who fits, then the queue, and of it who is here', () => {
    expect(names(story)).toEqual(['Zoe', 'Yan', 'Ben', 'Ana'])
    expect(names(null)).toEqual(['Yan', 'Ben', 'Ana', 'Zoe'])
  })
  it('says why, and leaves out who has it', () => {
    const [zoe, yan, ana] = agentsFor(agents, story, members, 2, '')
    expect(zoe).toMatchObject({ fits: true, hint: 'could take it' })
    expect(yan).toMatchObject({ fits: false, hint: 'a skill is missing' })
    expect(ana).toMatchObject({ name: 'Ana', hint: '' })
    expect(agentsFor(agents, null, members, 2, 'zo')[0]).toMatchObject({ hint: 'not in the queue' })
    expect(agentsFor(agents, story, members, undefined, 'BE')[0]).toMatchObject({
      presence: 'busy',
      tickets: 1,
    })
  })
})

describe('steps', () => {
  const steps: Step[] = [
    {
      after_s: 30,
      skip_if: 'never',
      changes: [{ what: 'drop_skill', skill_id: 2, queue_id: null, value: null }],
    },
  ]
  it('are sent with what their kind has and nothing else', () =>
    expect(tidy(steps)).toEqual([
      { after_s: 30, skip_if: 'never', changes: [{ what: 'drop_skill', skill_id: 2 }] },
    ]))
  it('are whole when every change names what it changes, and later ones come later', () => {
    expect(areWhole([...steps, newStep(steps)])).toBe(true)
    expect(newStep(steps).after_s).toBe(60)
    expect(areWhole([{ after_s: 1, skip_if: 'never', changes: [{ what: 'overflow' }] }])).toBe(false)
    expect(areWhole([...steps, { after_s: 10, skip_if: 'never', changes: [] }])).toBe(false)
  })
})

describe('the dry run', () => {
  const words = (waiting: number, nobody: number, nobody_after_steps: number, count = 2) =>
    checkWords({ waiting, nobody, nobody_after_steps }, count)
  it('is one sentence', () => {
    expect(words(0, 0, 0)).toBe('Nothing waits in this queue now.')
    expect(words(312, 0, 0)).toBe('These 312 waiting tickets would have somebody eligible.')
    expect(words(312, 312, 312, 0)).toBe('These 312 waiting tickets would have nobody eligible.')
    expect(words(312, 312, 312)).toBe(
      'These 312 waiting tickets would have nobody eligible, not even after the last step.',
    )
    expect(words(312, 12, 3)).toBe(
      '12 of the 312 waiting tickets would have nobody eligible; after the last step, 3.',
    )
    expect(words(1, 1, 0)).toBe(
      'The one waiting ticket would have nobody eligible; after the last step, none of them.',
    )
  })
})
