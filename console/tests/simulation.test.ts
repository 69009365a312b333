import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { Simulation } from '@/api/types'
import { changeWords, figureWords, occupancies, roundUp, verdict, type Figure } from '@/simulation/figures'
import SimulationScreen from '@/simulation/SimulationScreen.vue'

const figure = (mean: number, half = 0): Figure => ({ mean, low: mean - half, high: mean + half })
const nothing: Figure = { mean: null, low: null, high: null }

function world(wait: number, level: number): Simulation['as_is'] {
  return {
    lines: [
      {
        queue: { id: 1, name: 'Billing' },
        channel: 'chat',
        within_s: 20,
        offered: figure(840, 12),
        answered: figure(820, 12),
        abandoned: figure(20, 3),
        turned_away: figure(0),
        mean_wait_s: figure(wait, 1.5),
        service_level: figure(level, 0.01),
      },
    ],
    agents: [{ agent: { id: 7, name: 'Ana' }, occupancy: figure(0.8, 0.01) }],
    hours: [8, 9, 13].map((hour) => ({
      hour,
      offered: figure(50),
      mean_wait_s: figure(wait, 2),
      service_level: figure(level, 0.02),
    })),
  }
}
const simulation: Simulation = {
  recorded_from: '2026-02-03T12:00:00Z',
  recorded_until: '2026-03-03T12:00:00Z',
  time_zone: 'UTC',
  simulated_hours: 168,
  replications: 20,
  as_is: world(40, 0.6),
  changed: world(25, 0.75),
  differences: [
    {
      queue: { id: 1, name: 'Billing' },
      channel: 'chat',
      mean_wait_s: figure(-15, 1),
      service_level: figure(0.15, 0.01),
      abandoned: figure(1, 2),
    },
  ],
  notes: ['Every offer is accepted at once.'],
}

describe('a figure', () => {
  it('is told with half of its interval', () => {
    expect(figureWords(figure(0.756, 0.012), 100)).toBe('75.6 ± 1.2')
    expect(figureWords({ mean: 3, low: null, high: null })).toBe('3.0')
    expect(figureWords(nothing)).toBe('–')
    expect(changeWords(figure(1.5, 0.2))).toBe('+1.5 ± 0.2')
    expect(changeWords(figure(-1.5, 0.2))).toBe('−1.5 ± 0.2')
  })
  it('is judged only when its interval leaves no doubt', () => {
    expect(verdict(figure(-15, 1), false)).toBe('better')
    expect(verdict(figure(0.15, 0.01), true)).toBe('better')
    expect(verdict(figure(5, 1), false)).toBe('worse')
    expect(verdict(figure(1, 2), false)).toBe('unclear')
    expect(verdict(nothing, true)).toBe('unclear')
  })
  it('has an axis that holds it', () => {
    expect([0.3, 1, 42, 101, 950].map(roundUp)).toEqual([0.5, 1, 50, 200, 1000])
  })
})

describe('the agents', () => {
  it('stand side by side, also who is in one world alone', () => {
    const added = structuredClone(simulation)
    added.changed.agents.push({ agent: { id: -1, name: 'like Ana (1)' }, occupancy: figure(0.5) })
    expect(occupancies(added).map((row) => [row.name, !!row.before, !!row.after])).toEqual([
      ['Ana', true, true],
      ['like Ana (1)', false, true],
    ])
  })
})

describe('the screen', () => {
  let asked: unknown[] = []
  let refused = false

  beforeEach(() => {
    setActivePinia(createPinia())
    asked = []
    refused = false
    vi.stubGlobal('fetch', async (request: Request) => {
      const json = (body: unknown, status = 200) =>
        new Response(JSON.stringify(body), { status, headers: { 'Content-Type': 'application/json' } })
      const { pathname } = new URL(request.url)
      if (pathname.endsWith('/users')) return json({ items: [{ id: 7, name: 'Ana' }], next: null })
      if (pathname.endsWith('/skills')) return json({ items: [{ id: 3, name: 'French' }], next: null })
      asked.push(await request.json())
      return refused ? json({ detail: 'another simulation is under way' }, 409) : json(simulation)
    })
  })
  afterEach(() => vi.unstubAllGlobals())

  async function opened() {
    const screen = mount(SimulationScreen)
    await flushPromises()
    return screen
  }

  it('asks for what was filled in and shows both worlds', async () => {
    const screen = await opened()
    await screen.get('[data-testid=lesson-agent]').setValue(7)
    await screen.get('[data-testid=lesson-skill]').setValue(3)
    await screen.get('[data-testid=arrivals]').setValue(120)
    await screen.get('form').trigger('submit')
    await vi.waitFor(() => expect(screen.find('[data-testid=simulation-lines]').exists()).toBe(true))
    expect(asked).toMatchObject([
      {
        replications: 20,
        what_if: {
          arrivals_percent: 120,
          agents: [{ agent_id: 7, skills: [{ skill_id: 3, level: 5 }] }],
          colleagues: [],
        },
      },
    ])
    const table = screen.get('[data-testid=simulation-lines]').text()
    for (const words of ['Billing', 'As it is', '40.0 ± 1.5', 'What if', '25.0 ± 1.5'])
      expect(table).toContain(words)
    const change = screen.get('[data-testid=simulation-change]').text()
    expect(change).toContain('−15.0 ± 1.0')
    expect(change).toContain('better')
    expect(change).toContain('not told apart')
    const path = screen.get('[data-testid=curve-what-if] path').attributes('d') ?? ''
    expect(path.match(/M/g)).toHaveLength(2) // no line across the hours that were not simulated
    expect(screen.findAll('[data-testid=curve-as-is] rect')).toHaveLength(6)
    expect(screen.get('[data-testid=simulation-notes]').text()).toContain('accepted at once')
  })

  it('says why nothing was simulated', async () => {
    refused = true
    const screen = await opened()
    await screen.get('form').trigger('submit')
    await vi.waitFor(() => expect(screen.text()).toContain('another simulation is under way'))
    expect(screen.find('[data-testid=simulation-lines]').exists()).toBe(false)
  })
})
