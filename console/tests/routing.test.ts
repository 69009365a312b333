import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Offer, RoutingStory } from '@/api/types'
import { setTimeZone } from '@/format/time'
import { whyMe, workAsked } from '@/offers/why'
import WhyButton from '@/routing/WhyButton.vue'
import { question, sentences } from '@/routing/words'
import { at, offer, ticket } from './support'

const decided = 'Waited 41 s; Ana and Ben could take it; Ana was idle longer.'
type Almost = NonNullable<RoutingStory['waiting']>['almost'][number]
const almost = (id: number, name: string, reason: string, more: Partial<Almost> = {}): Almost => ({
  agent: { id, name },
  missing: [reason],
  lacks: [],
  declined_at: null,
  asked_again_at: null,
  ...more,
})
const story: RoutingStory = {
  decisions: [
    {
      id: 1,
      at: at(41),
      kind: 'offered',
      agent: { id: 7, name: 'Ana' },
      offer_id: 3,
      step: 0,
      facts: {},
      words: decided,
    },
  ],
  waiting: {
    source: 'live',
    waited_s: 70,
    step: 1,
    members: 6,
    could_take: [
      { id: 7, name: 'Ana', in_hand: [{ channel: 'email', items: 3, capacity: 3 }] },
      { id: 8, name: 'Ben', in_hand: [] },
    ],
    almost: [
      almost(9, 'Cara', 'skill', { lacks: ['lacks Spanish 3: has 1'] }),
      almost(8, 'Dan', 'refused', { declined_at: at(0), asked_again_at: at(60) }),
      almost(7, 'Eve', 'refused', { asked_again_at: at(60) }),
    ],
    excluded: [
      {
        reason: 'skill',
        agents: 2,
        which: [
          { name: 'Spanish 3', agents: 1 },
          { name: 'French 2', agents: 1 },
        ],
      },
      { reason: 'licence', agents: 1, which: [{ name: 'Insurance (DE)', agents: 1 }] },
      { reason: 'refused', agents: 1, which: [] },
      { reason: 'busy', agents: 2, which: [] },
    ],
    held_for: null,
    next_step: at(90),
    next_step_does: "drops 'Spanish'",
    ahead: 0,
    estimated_wait_s: 90,
  },
  words: [decided, "Has waited 70 s in 'Billing'.", 'About 90 s more at the pace of the last minutes.'],
}

describe('the question', () => {
  it('is asked of the moment that the ticket is in', () => {
    expect(question('waiting', null, false)).toBe('Why is this waiting?')
    expect(question('active', 'Ana', false)).toBe('Why Ana?')
    expect(question('offered', null, false)).toBe('Why here?')
  })
})

describe('the answer', () => {
  it('tells apart what was decided and what stands', () => {
    expect(sentences(story)).toEqual({
      past: [{ at: at(41), words: decided }],
      present: story.words.slice(1),
    })
  })
  it('says on an offer what the policy was', () => {
    const because = (why: Record<string, unknown>) => ({ ...offer(1), why: why as Offer['why'] })
    expect(whyMe(because({ policy: 'best_skill' }))).toBe('best at it')
    expect(whyMe(because({ policy: 'longest_idle', step: 2 }))).toBe('asks for less since step 2')
    expect(whyMe(because({ policy: 'longest_idle', licences: [] }))).toBe('idle longest')
    expect(whyMe(because({ licences: ['Life insurance'] }))).toBe('your licence covers it: Life insurance')
    expect(['callback', 'message', 'contact'].map((work) => workAsked(because({ work })))).toEqual([
      'Call back',
      'Missed call or message',
      '',
    ])
  })
})

describe('the panel', () => {
  let asked: string[] = []
  let reply: () => Response
  beforeEach(() => {
    setTimeZone('UTC')
    setActivePinia(createPinia())
    asked = []
    reply = () => new Response(JSON.stringify(story), { headers: { 'Content-Type': 'application/json' } })
    vi.stubGlobal('fetch', (request: Request) => {
      asked.push(new URL(request.url).pathname)
      return Promise.resolve(reply())
    })
  })
  afterEach(() => {
    vi.unstubAllGlobals()
    document.body.innerHTML = ''
  })
  const open = async () => {
    const button = mount(WhyButton, {
      props: { ticket: ticket({ id: 5, state: 'waiting' }) },
      attachTo: document.body,
    })
    await button.get('[data-testid=why]').trigger('click')
    await flushPromises()
    return (name: string) =>
      [...document.querySelectorAll(`[data-testid=${name}]`)].map((e) => e.textContent?.trim())
  }

  it('opens with one click and says why it waits and what was decided', async () => {
    const all = await open()
    expect(asked).toEqual(['/api/v1/tickets/5/routing'])
    expect(all('why-now')).toEqual(story.words.slice(1))
    expect(all('why-could')[0]).toContain('Ana: E-mail 3 of 3')
    expect(all('why-almost')).toEqual([
      'Cara: lacks Spanish 3: has 1',
      'Dan: declined it at 12:00, is asked again at 12:01',
      'Eve: did not take it, is asked again at 12:01',
    ])
    expect(all('why-step')[0]).toMatch(/12:01.*: drops 'Spanish'/)
    const dialog = document.querySelector('[role=dialog]')?.textContent ?? ''
    expect(dialog).toContain('6 agents whom its queue asks')
    expect(dialog).toContain('lack Spanish 3 (1), French 2 (1)')
    expect(dialog).toContain('lacks Insurance (DE)')
    expect(all('why-count').reduce((sum, count) => sum + Number(count), 0)).toBe(6)
    expect(all('why-past')[0]).toContain(decided)
    expect(document.querySelector('[role=dialog]')?.textContent).toContain('Why is this waiting?')
  })
  it('says when the reasons cannot be read', async () => {
    reply = () => new Response('{}', { status: 503, headers: { 'Content-Type': 'application/problem+json' } })
    await open()
    expect(document.querySelector('[role=dialog]')?.textContent).toContain('The reasons could not be read.')
  })
})
