import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import type { QueueOverview } from '@/api/types'
import QueuesScreen from '@/queues/QueuesScreen.vue'
import WallboardScreen from '@/queues/WallboardScreen.vue'
import { standingOf } from '@/queues/standing'
import { fakeServer } from './support'

const counted = (id: number, name: string, change: Partial<QueueOverview> = {}): QueueOverview => ({
  queue: { id, name },
  waiting: 0,
  oldest_wait_s: null,
  offered: 0,
  active: 0,
  solved_today: 0,
  late_waiting: 0,
  late_in_hand: 0,
  agents_ready: 0,
  agents_busy: 0,
  agents_not_ready: 0,
  ...change,
})

describe('how a queue stands', () => {
  it('has waited longer than when it was counted', () => {
    const standing = standingOf(counted(1, 'Sales', { oldest_wait_s: 58 }), 5, 60)
    expect(standing).toMatchObject({ wait: 63, threshold: { word: 'over target' } })
    expect(standingOf(counted(1, 'Sales'), 5, 60)).toMatchObject({ wait: null, threshold: { word: '' } })
  })
  it('is late with what waits and with what is in hand', () =>
    expect(standingOf(counted(1, 'Sales', { late_waiting: 2, late_in_hand: 1 }), 0, 60).late).toBe(3))
  it('has nobody only where something waits and nobody is here, busy or not', () => {
    const nobody = (change: Partial<QueueOverview>) => standingOf(counted(1, 'x', change), 0, 60).nobody
    expect(nobody({ waiting: 1, agents_not_ready: 4 })).toBe(true)
    expect(nobody({ waiting: 1, agents_busy: 1 })).toBe(false)
    expect(nobody({})).toBe(false)
  })
})

describe('the table and the wallboard', () => {
  beforeEach(() => {
    setActivePinia(createPinia())
    vi.useRealTimers()
    const items = [
      counted(2, 'Support', { waiting: 3, oldest_wait_s: 90, late_in_hand: 1 }),
      counted(1, 'Billing'),
    ]
    fakeServer({
      'GET /api/v1/queues/overview': () => ({ body: { items } }),
      'GET /api/v1/queues': () => ({
        body: { items: [{ id: 2, sla_target_s: 60, active: true }], next: null },
      }),
    })
  })
  const shown = async (screen: typeof QueuesScreen | typeof WallboardScreen) => {
    const router = createRouter({
      history: createMemoryHistory(),
      routes: [{ path: '/:rest(.*)*', component: screen }],
    })
    const view = mount(screen, { global: { plugins: [router] } })
    await flushPromises()
    return view
  }

  it('say the same of a queue, by its own target', async () => {
    const table = (await shown(QueuesScreen)).findAll('[data-testid="queue-row"]').map((row) => row.text())
    const board = (await shown(WallboardScreen)).findAll('[data-testid="wallboard-queue"]')
    expect(table.map((words) => /^\w+/.exec(words)?.[0])).toEqual(['Billing', 'Support'])
    expect(board.map((one) => one.get('h2').text())).toEqual(['Billing', 'Support'])
    for (const words of [table[1], board[1]?.text()])
      expect(words).toMatch(/nobody here.*over target|over target.*nobody here/s)
  })
})
