import { mount } from '@vue/test-utils'
import { createPinia } from 'pinia'
import { describe, expect, it } from 'vitest'
import { agentsFor } from '@/actions/assign'
import { areWhole, checkWords, newStep, tidy, type Step } from '@/admin/steps'
import type { AgentOverview, AgentStanding } from '@/api/types'
import ChoiceBox from '@/ui/ChoiceBox.vue'
import { at } from './support'

const agent = (id: number, name: string, state: AgentOverview['state'], active = 0): AgentOverview => ({
  agent: { id, name },
  presence: {
    agent_id: id,
    state: state === 'busy' ? 'ready' : state,
    channels: [],
    reason: '',
    after_current: false,
    since: at(0),
  },
  state,
  load: [],
  tickets: Array.from({ length: active }, (_, n) => ({
    id: n,
    number: String(n),
    channel: 'email',
    state: 'active',
  })),
})
const standing = (id: number, name: string, reasons: string[] = [], words = reasons): AgentStanding => ({
  agent: { id, name },
  allowed: !reasons.includes('licence') && !reasons.includes('role'),
  reasons,
  words,
  in_hand: [],
})

describe('whom a ticket can be given', () => {
  const agents = [
    agent(1, 'Ana', 'offline'),
    agent(2, 'Ben', 'busy', 1),
    agent(3, 'Yan', 'ready'),
    agent(4, 'Zoe', 'not_ready'),
    agent(5, 'Eve', 'ready'),
    agent(6, 'Cem', 'ready'),
    agent(7, 'Fay', 'offline'),
  ]
  const standings = [
    standing(1, 'Ana', ['not_signed_in'], ['not ready for this channel']),
    standing(2, 'Ben', ['busy'], ['no room beside 3 of 3 e-mails']),
    standing(3, 'Yan', ['skill'], ['lacks Spanish 3: has 1']),
    standing(4, 'Zoe', ['no_member', 'skill'], ['not in the queue', 'lacks Spanish 3']),
    standing(5, 'Eve', ['licence'], ['lacks the licence Insurance (DE)']),
    standing(6, 'Cem'),
    standing(7, 'Fay', ['role'], ['may not take tickets (role)']),
  ]
  it('begins with who fits, then who has no room or is away, then who lacks something, last who may not', () => {
    expect(agentsFor(standings, agents, undefined).map(({ label }) => label)).toEqual([
      'Cem',
      'Ben',
      'Ana',
      'Yan',
      'Zoe',
      'Eve',
      'Fay',
    ])
  })
  it('says of each what speaks against it, and of nobody what his presence says', () => {
    const [cem, ben, ana, yan, zoe, eve, fay] = agentsFor(standings, agents, undefined)
    expect(cem).toMatchObject({ fits: true, barred: false, hint: 'could take it' })
    expect(ben).toMatchObject({ hint: 'no room beside 3 of 3 e-mails', presence: 'busy', tickets: 1 })
    expect(ana).toMatchObject({ hint: '', presence: 'offline', fits: false })
    expect(yan).toMatchObject({ hint: 'lacks Spanish 3: has 1', barred: false })
    expect(zoe).toMatchObject({ hint: 'not in the queue · lacks Spanish 3' })
    expect(eve).toMatchObject({ hint: 'lacks the licence Insurance (DE)', barred: true })
    expect(fay).toMatchObject({ hint: 'may not take tickets (role)', barred: true })
  })
  it('leaves out who has it', () =>
    expect(agentsFor(standings, agents, 2).some(({ id }) => id === 2)).toBe(false))
})

const box = (options: { id: number; label: string; barred?: boolean }[]) =>
  mount(ChoiceBox, {
    props: { name: 'Agent', testid: 'x', label: 'Agents', options, nothing: 'Nobody.', modelValue: null },
    global: { plugins: [createPinia()] },
  })

describe('a choice', () => {
  const options = [
    { id: 1, label: 'Ana' },
    { id: 2, label: 'Ben', barred: true },
  ]
  it('is made by Enter where the words lead, and never of what is barred', async () => {
    const view = box(options)
    const input = view.find('input')
    await input.setValue('BE')
    await input.trigger('keydown', { key: 'Enter' })
    expect(view.emitted('chosen')).toBeUndefined()
    expect(view.emitted('meant')?.at(-1)).toEqual([undefined])
    await input.setValue('an')
    expect(view.emitted('meant')?.at(-1)).toEqual([1])
    await input.trigger('keydown', { key: 'Enter' })
    expect(view.emitted('update:modelValue')?.at(-1)).toEqual([1])
    expect(view.emitted('chosen')).toHaveLength(1)
  })
  it('means nothing before words or arrows, and says where nothing matches', async () => {
    const view = box(options)
    expect(view.emitted('meant')).toBeUndefined()
    await view.find('input').trigger('keydown', { key: 'ArrowDown' })
    expect(view.emitted('meant')?.at(-1)).toEqual([undefined])
    await view.find('input').setValue('zzz')
    expect(view.text()).toContain('Nobody.')
  })
})

describe('steps', () => {
  const steps: Step[] = [
    {
      after_s: 30,
      skip_if: 'never',
      changes: [{ what: 'drop_skill', skill_id: 2, queue_id: 9, value: 3 }],
    },
  ]
  const none = { skill_id: null, queue_id: null, value: null }
  it('are sent with what their kind has and nothing else', () =>
    expect(tidy(steps)).toEqual([
      { after_s: 30, skip_if: 'never', changes: [{ what: 'drop_skill', ...none, skill_id: 2 }] },
    ]))
  it('are whole when every change names what it changes, and later ones come later', () => {
    expect(areWhole([...steps, newStep(steps)])).toBe(true)
    expect(newStep(steps).after_s).toBe(60)
    expect(areWhole([{ after_s: 1, skip_if: 'never', changes: [{ what: 'overflow', ...none }] }])).toBe(false)
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
