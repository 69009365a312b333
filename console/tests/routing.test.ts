import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Offer, RoutingStory } from '@/api/types'
import { setTimeZone } from '@/format/time'
import { whyMe, workAsked } from '@/offers/why'
import WhyButton from '@/routing/WhyButton.vue'
import { people, question, sentences } from '@/routing/words'
import { at, offer, ticket } from './support'

const decided = 'Waited 41 s; Ana and Ben could take it; Ana was idle longer.'
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
    could_take: [
      { id: 7, name: 'Ana' },
      { id: 8, name: 'Ben' },
    ],
    almost: [
      { agent: { id: 9, name: 'Cara' }, missing: ['skill'], declined_at: null, asked_again_at: null },
      { agent: { id: 8, name: 'Dan' }, missing: ['refused'], declined_at: at(0), asked_again_at: at(60) },
      { agent: { id: 7, name: 'Eve' }, missing: ['refused'], declined_at: null, asked_again_at: at(60) },
    ],
    excluded: [{ reason: 'busy', agents: 2 }],
    held_for: null,
    next_step: null,
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
  it('names three and counts the others', () => {
    const named = (...names: string[]) => names.map((name) => ({ name }))
    expect(people([])).toBe('Nobody')
    expect(people(named('Ana', 'Ben'))).toBe('Ana, Ben')
    expect(people(named('Ana', 'Ben', 'Cara', 'Dan', 'Eve'))).toBe('Ana, Ben, Cara and 2 more')
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
    expect(all('why-could')).toEqual(['Ana, Ben'])
    expect(all('why-almost')).toEqual([
      'Cara: a skill is missing',
      'Dan: declined it at 12:00, is asked again at 12:01',
      'Eve: did not take it, is asked again at 12:01',
    ])
    expect(all('why-past')[0]).toContain(decided)
    expect(document.querySelector('[role=dialog]')?.textContent).toContain('Why is this waiting?')
  })
  it('says when the reasons cannot be read', async () => {
    reply = () => new Response('{}', { status: 503, headers: { 'Content-Type': 'application/problem+json' } })
    await open()
    expect(document.querySelector('[role=dialog]')?.textContent).toContain('The reasons could not be read.')
  })
})
