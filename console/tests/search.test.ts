import { flushPromises, mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import SearchBox from '@/frame/SearchBox.vue'
import { useListQuery } from '@/tickets/query'
import { fakeServer, ticket } from './support'

const page = { template: '<p />' }
async function search(words: string): Promise<string> {
  fakeServer({ 'GET /api/v1/tickets/10482': () => ({ body: ticket() }) })
  const router = createRouter({
    history: createMemoryHistory(),
    routes: ['/', '/work/:ticket', '/tickets'].map((path) => ({ path, component: page })),
  })
  const box = mount(SearchBox, { global: { plugins: [router] } })
  await box.get('input').setValue(words)
  await box.get('form').trigger('submit')
  await flushPromises()
  return router.currentRoute.value.fullPath
}

beforeEach(() => setActivePinia(createPinia()))

describe('what is searched for', () => {
  it.each(['10482', '#10482', ' 10482 '])('%s is a ticket that there is', async (words) =>
    expect(await search(words)).toBe('/work/10482'),
  )
  it.each([
    ['70325', '70325'],
    ['#70325', '70325'],
    ['Osei 70325', 'Osei 70325'],
    ['020 7946 0999', '020 7946 0999'],
  ])('%s may stand in a subject, or be a telephone number', async (words, asked) => {
    expect(await search(words)).toBe('/tickets')
    expect(useListQuery().words).toBe(asked)
  })
})
