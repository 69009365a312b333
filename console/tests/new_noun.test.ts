import { flushPromises, mount, type VueWrapper } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import AdminScreen from '@/admin/AdminScreen.vue'
import { titled } from '@/admin/describe'
import { nounsOf } from '@/admin/nouns'
import type { Schema } from '@/api/description'
import { describing } from './described'

/** A noun that no line of the console knows: what the server says of it must be enough. */
const slot: Schema = {
  type: 'object',
  properties: {
    place: { type: 'string', minLength: 1, maxLength: 20, description: 'Where.' },
    seats: { type: 'integer', minimum: 1, maximum: 9, default: 2 },
    taken: { type: 'array', items: { $ref: '#/components/schemas/taking' }, default: [] },
  },
  required: ['place'],
}
const taking: Schema = { type: 'object', properties: { by: { type: 'string', maxLength: 50, default: '' } } }
const ferry: Schema = {
  properties: {
    name: { type: 'string', minLength: 1, maxLength: 100, description: 'What people call it.' },
    queue_id: { type: 'integer', minimum: 1, 'x-refers-to': 'queue' },
    calendar_id: {
      anyOf: [{ type: 'integer', minimum: 1, 'x-refers-to': 'calendar' }, { type: 'null' }],
      default: null,
      description: 'When it goes; empty: always.',
    },
    deck_kind: { type: 'string', enum: ['open', 'half_closed'], default: 'open' },
    speed: { type: 'integer', minimum: 1, maximum: 40, default: 12, description: 'In knots.' },
    wait_s: { anyOf: [{ type: 'integer', minimum: 0, maximum: 600 }, { type: 'null' }], default: null },
    note: { type: 'string', maxLength: 10000, default: '' },
    ports: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 40 }, default: [] },
    berths: { type: 'array', items: { type: 'integer' }, default: [] },
    for_queues: { type: 'array', items: { type: 'integer', 'x-refers-to': 'queue' }, default: [] },
    slots: { type: 'array', items: { $ref: '#/components/schemas/slot' }, maxItems: 3, default: [] },
    crew: { $ref: '#/components/schemas/crew' },
    radio_key: { type: 'string', maxLength: 100, writeOnly: true },
    place: { type: 'integer', minimum: 0, maximum: 99, 'x-assigned': true },
    made: { type: 'integer', readOnly: true },
    active: { type: 'boolean', default: true },
  },
  required: ['name', 'queue_id'],
}
const crew: Schema = {
  type: 'object',
  properties: { captain: { type: 'string', maxLength: 80, default: '' } },
  default: { captain: '' },
}
const named: Schema = { properties: { name: { type: 'string', minLength: 1 } }, required: ['name'] }
const server = describing({
  ferries: { title: 'ferry', set: ferry, schemas: { slot, taking, crew } },
  queues: { title: 'queue', set: named },
  calendars: { title: 'calendar', set: named },
})

describe('a noun without words', () => {
  const noun = nounsOf(server).find(({ name }) => name === 'ferries')
  const field = (name: string) => noun?.fields.find((known) => known.name === name)

  it('has a page with the short of what it has', () => {
    expect(noun).toMatchObject({ title: 'Ferries', one: 'ferry' })
    expect(noun?.columns.map(({ label }) => label)).toEqual([
      'Name',
      'Queue',
      'Calendar',
      'Deck kind',
      'Speed',
    ])
  })

  it('has a field for all that can be set, and for nothing else', () => {
    const kinds = noun?.fields.map(({ name, kind }) => `${name}: ${kind}`)
    expect(kinds).toEqual([
      'name: text',
      'queue_id: choice',
      'calendar_id: choice',
      'deck_kind: choice',
      'speed: number',
      'wait_s: number',
      'note: lines',
      'ports: words',
      'berths: words',
      'for_queues: ticks',
      'slots: rows',
      'crew.captain: text',
      'radio_key: secret',
      'place: number',
      'active: bool',
    ])
    expect(field('calendar_id')).toMatchObject({ options: 'calendars', optional: true, required: false })
    expect(field('queue_id')).toMatchObject({ options: 'queues', required: true })
    expect(field('deck_kind')?.options).toEqual([
      ['open', 'Open'],
      ['half_closed', 'Half closed'],
    ])
    expect(field('wait_s')?.label).toBe('Wait (s)')
    expect(field('speed')).toMatchObject({ hint: 'In knots.', initial: 12, limits: { min: 1, max: 40 } })
    expect(field('place')?.required).toBe(false)
    expect(field('berths')?.codec?.read(['1', '2'])).toEqual([1, 2])
    expect(field('slots')?.columns?.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
      'place: text',
      'seats: number',
      'taken: rows',
    ])
    expect(field('crew.captain')?.under).toBe('Crew')
  })

  it('is titled as people write', () => {
    expect(['sla-targets', 'calendar_id', 'ring_s', 'fqr_percent', 'gateway_ids'].map(titled)).toEqual([
      'Sla targets',
      'Calendar',
      'Ring (s)',
      'Fqr (%)',
      'Gateway',
    ])
  })
})

describe('the page of a noun without words', () => {
  const boat = {
    id: 5,
    name: 'Anna',
    queue_id: 2,
    calendar_id: 7,
    deck_kind: 'half_closed',
    speed: 12,
    wait_s: null,
    note: '',
    ports: ['Kiel'],
    berths: [1],
    for_queues: [],
    slots: [],
    crew: { captain: '' },
    radio_key: { set: true, changed_at: null },
    place: 1,
    made: 3,
    active: true,
    version: 4,
  }
  const lists: Record<string, object[]> = {
    ferries: [boat],
    queues: [
      { id: 1, name: 'Sales' },
      { id: 2, name: 'Support' },
    ],
    calendars: [{ id: 7, name: 'Summer' }],
  }
  let sent: { method: string; path: string; body: unknown; version: string | null }[] = []
  let view: VueWrapper

  beforeEach(() => {
    sent = []
    setActivePinia(createPinia())
    vi.stubGlobal('fetch', async (request: Request) => {
      const path = new URL(request.url).pathname.replace('/api/v1/', '')
      if (path === 'openapi.json') return Response.json(server)
      if (request.method === 'GET') return Response.json({ items: lists[path], next: null })
      const body: unknown = request.method === 'DELETE' ? undefined : await request.json()
      sent.push({ method: request.method, path, body, version: request.headers.get('If-Match') })
      return request.method === 'DELETE' ? new Response(null, { status: 204 }) : Response.json(boat)
    })
  })
  afterEach(() => view.unmount())
  async function open(path: string): Promise<void> {
    const routes = [{ path: '/admin/:noun?/:id?', component: AdminScreen }]
    const router = createRouter({ history: createMemoryHistory(), routes })
    await router.push(path)
    view = mount(AdminScreen, { global: { plugins: [router] }, attachTo: document.body })
    await flushPromises()
  }
  const at = (name: string) => view.get(`[data-testid="field-${name}"]`)
  const save = async () => {
    await view.get('[data-testid="admin-form"]').trigger('submit')
    await flushPromises()
  }
  const canSave = () => view.get('[data-testid="admin-save"]').attributes('disabled') === undefined

  it('lists it, with the names of what it refers to', async () => {
    await open('/admin/ferries')
    expect(view.get('nav').text()).toContain('Ferries')
    expect(view.get('[data-testid="admin-row"]').text()).toMatch(/Anna\s*Support\s*Summer\s*Half closed\s*12/)
  })

  it('makes one: what is needed is waited for, defaults are shown and not sent', async () => {
    await open('/admin/ferries/new')
    expect((at('speed').element as HTMLInputElement).value).toBe('12')
    expect(at('speed').attributes()).toMatchObject({ min: '1', max: '40' })
    expect(at('calendar_id').text()).toContain('none')
    await at('name').setValue('Berta')
    expect(canSave()).toBe(false)
    expect(view.get('[data-testid="admin-lacking"]').text()).toBe('Not yet right: Queue')
    ;(at('queue_id').element as HTMLSelectElement).selectedIndex = 2
    await at('queue_id').trigger('change')
    expect(canSave()).toBe(true)
    await at('speed').setValue('41')
    expect(view.text()).toContain('must be at most 40')
    expect(canSave()).toBe(false)
    await at('speed').setValue('40')
    await at('berths').setValue('3, 4')
    await at('radio_key').setValue('secret')
    await at('crew.captain').setValue('Ahab')
    await view.get('[data-testid="slots-add"]').trigger('click')
    expect(canSave()).toBe(false)
    const slot = view.get('[data-testid="slots-0"]')
    await slot.get('input').setValue('Bow')
    await view.get('[data-testid="slots[0].taken-add"]').trigger('click')
    await view.get('[data-testid="slots[0].taken-0"] input').setValue('Ida')
    await save()
    expect(sent).toEqual([
      {
        method: 'POST',
        path: 'ferries',
        version: null,
        body: {
          name: 'Berta',
          queue_id: 2,
          speed: 40,
          berths: [3, 4],
          radio_key: 'secret',
          crew: { captain: 'Ahab' },
          slots: [{ place: 'Bow', seats: 2, taken: [{ by: 'Ida' }] }],
        },
      },
    ])
  })

  it('says what was refused until that is mended, and has the keyboard where work goes on', async () => {
    await open('/admin/ferries/new')
    expect(document.activeElement).toBe(at('name').element)
    const refused = vi.fn(async () =>
      Response.json(
        {
          title: 'Invalid',
          status: 422,
          detail: 'no',
          errors: [{ field: 'name', message: 'is another ferry' }],
        },
        { status: 422, headers: { 'Content-Type': 'application/problem+json' } },
      ),
    )
    await at('name').setValue('Anna')
    ;(at('queue_id').element as HTMLSelectElement).selectedIndex = 2
    await at('queue_id').trigger('change')
    vi.stubGlobal('fetch', refused)
    await save()
    expect(view.text()).toContain('Name: is another ferry')
    await at('speed').setValue('13')
    expect(view.text()).toContain('Name: is another ferry')
    await at('name').setValue('Berta')
    expect(view.text()).not.toContain('is another ferry')
    await view.get('[aria-label="Close"]').trigger('click')
    await flushPromises()
    expect(document.activeElement?.textContent).toContain('New')
  })

  it('changes only what was changed, in the version that was read; the secret stays', async () => {
    await open('/admin/ferries/5')
    expect(canSave()).toBe(false)
    expect(view.find('[data-testid="field-radio_key-set"]').exists()).toBe(true)
    ;(at('calendar_id').element as HTMLSelectElement).selectedIndex = 0
    await at('calendar_id').trigger('change')
    await at('wait_s').setValue('30')
    await at('ports').setValue('')
    await save()
    expect(sent).toEqual([
      {
        method: 'PATCH',
        path: 'ferries/5',
        version: '"4"',
        body: { calendar_id: null, wait_s: 30, ports: [] },
      },
    ])
  })

  it('removes one when it is asked twice', async () => {
    await open('/admin/ferries/5')
    await view.get('[data-testid="admin-remove"]').trigger('click')
    expect(sent).toEqual([])
    await view.get('[data-testid="admin-remove"]').trigger('click')
    await flushPromises()
    expect(sent).toMatchObject([{ method: 'DELETE', path: 'ferries/5' }])
  })
})
