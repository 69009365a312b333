import { mount, shallowMount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { createMemoryHistory, createRouter } from 'vue-router'
import GrantsField from '@/admin/GrantsField.vue'
import ComposerArea from '@/composer/ComposerArea.vue'
import { needed, nounsOf } from '@/admin/nouns'
import PresenceMenu from '@/frame/PresenceMenu.vue'
import TopBar from '@/frame/TopBar.vue'
import { usePlaces } from '@/frame/places'
import { publish } from '@/live/events'
import OfferTray from '@/offers/OfferTray.vue'
import { useSession } from '@/stores/session'
import { useWork } from '@/stores/work'
import { describing } from './described'
import { said } from './events'
import { at, fakeServer, summary, ticket } from './support'

beforeEach(() => setActivePinia(createPinia()))

describe('what one may', () => {
  it('is what one’s roles grant, at least so far', () => {
    const session = useSession()
    session.grants = [{ permission: 'ticket.reply', reach: 'queues' }]
    expect(session.may('ticket.reply')).toBe(true)
    expect(session.may('ticket.reply', 'queues')).toBe(true)
    expect(session.may('ticket.reply', 'all')).toBe(false)
    expect(session.may('ticket.solve')).toBe(false)
  })

  it('reaches one’s own tickets, those of one’s queues, or all', () => {
    const session = useSession()
    const work = useWork()
    session.user = { ...({ id: 7 } as NonNullable<typeof session.user>) }
    const mine = summary({ owner: { id: 7, name: 'Ben' } })
    const other = summary({ owner: { id: 8, name: 'Mara' } })
    expect(work.reaches('ticket.reply', mine)).toBe(false)
    session.grants = [{ permission: 'ticket.reply', reach: 'own' }]
    expect(work.reaches('ticket.reply', mine)).toBe(true)
    expect(work.reaches('ticket.reply', other)).toBe(false)
    session.grants = [{ permission: 'ticket.reply', reach: 'all' }]
    expect(work.reaches('ticket.reply', other)).toBe(true)
  })

  it('shows the places that one may go to', () => {
    const session = useSession()
    const places = usePlaces()
    const names = () => places.value.map(({ name }) => name)
    expect(names()).toEqual(['work', 'tickets'])
    session.grants = [
      { permission: 'customer.read', reach: 'queues' },
      { permission: 'team.watch', reach: 'all' },
      { permission: 'config.rules', reach: 'all' },
    ]
    expect(names()).toEqual(['work', 'tickets', 'customers', 'queues', 'agents', 'wallboard', 'admin'])
  })

  it('says what one may write in a ticket', () => {
    const shown = (mayReply: boolean, mayNote: boolean) => {
      const area = mount(ComposerArea, { props: { ticket: ticket({ channel: 'email' }), mayReply, mayNote } })
      return ['reply-composer', 'note-composer', 'tab-reply', 'only-reads'].filter((id) =>
        area.find(`[data-testid="${id}"]`).exists(),
      )
    }
    fakeServer({ 'GET /api/v1/tickets/10482/drafts': () => ({ body: { items: [], others: [] } }) })
    expect(shown(false, false)).toEqual(['only-reads'])
    expect(shown(false, true)).toEqual(['note-composer'])
    expect(shown(true, true)).toEqual(['reply-composer', 'tab-reply'])
    // A colleague's: an answer can be begun, and sent once the ticket is one's own.
    useSession().grants = [{ permission: 'ticket.reply', reach: 'own' }]
    expect(shown(false, true)).toEqual(['reply-composer', 'tab-reply'])
  })

  it('is asked again when a role is changed', async () => {
    const session = useSession()
    const user = { id: 7, name: 'Ben', roles: [2], preferences: {} }
    const grants = [{ permission: 'team.watch', reach: 'all' }]
    fakeServer({
      'GET /api/v1/session/current': () => ({
        body: { session: { user, grants, takes_work: true, csrf_token: 'c', server_time: at(0) } },
      }),
    })
    publish(said('config.changed', { kind: 'skill', id: 1 }))
    publish(said('config.changed', { kind: 'role', id: 2 }))
    await expect.poll(() => session.may('team.watch')).toBe(true)
    expect(session.takesWork).toBe(true)
  })
})

describe('who may be given no tickets', () => {
  const router = createRouter({ history: createMemoryHistory(), routes: [{ path: '/', component: TopBar }] })
  const bar = () => shallowMount(TopBar, { global: { plugins: [router] } })
  const tray = () => mount(OfferTray, { global: { plugins: [router] } }).find('[data-testid="takes-no-work"]')

  it('has no presence to set, and is told why no offers come', () => {
    expect(bar().findComponent(PresenceMenu).exists()).toBe(false)
    expect(tray().text()).toBe('No offers come: your roles do not permit that you are given tickets.')
  })

  it('is not who may', () => {
    useSession().takesWork = true
    expect(bar().findComponent(PresenceMenu).exists()).toBe(true)
    expect(tray().exists()).toBe(false)
  })
})

describe('the page of roles', () => {
  const text = { type: 'string', maxLength: 100 }
  const grant = {
    type: 'object',
    properties: {
      permission: { type: 'string', enum: ['ticket.read', 'team.watch', 'ticket.fly'] },
      reach: { type: 'string', enum: ['own', 'queues', 'all'], default: 'all' },
    },
    required: ['permission'],
  }
  const server = describing({
    roles: { title: 'role', set: { properties: { name: text, grants: { type: 'array', items: grant } } } },
  })
  const page = () => nounsOf(server).find(({ name }) => name === 'roles')
  const grantsField = () => page()?.fields.find(({ name }) => name === 'grants')

  it('names what changing them asks for, as the server says', () => {
    const post = server.paths['/api/v1/roles']?.post
    if (post) post['x-permission'] = 'config.roles'
    const noun = page()
    expect(noun && needed(server, noun)).toBe('config.roles')
  })

  it('has a line for each permission that the server knows, and grants it as far as is chosen', async () => {
    const view = mount(GrantsField, {
      props: {
        columns: grantsField()?.columns ?? [],
        value: [{ permission: 'team.watch', reach: 'all' }],
      },
    })
    expect(view.findAll('li').map((line) => line.get('label').text())).toEqual([
      'Tickets: read',
      'Team: watch queues and agents',
      'Ticket.fly',
    ])
    const choices = (permission: string) =>
      view.findAll(`[data-testid="grant-${permission}"] option`).map((one) => one.text())
    expect(choices('ticket.read')).toEqual(['–', 'Own', 'Own queues', 'All'])
    expect(choices('team.watch')).toEqual(['–', 'Yes'])
    await view.get('[data-testid="grant-ticket.read"]').setValue('queues')
    expect(view.emitted('change')?.[0]).toEqual([
      [
        { permission: 'ticket.read', reach: 'queues' },
        { permission: 'team.watch', reach: 'all' },
      ],
    ])
    await view.get('[data-testid="grant-team.watch"]').setValue('')
    expect(view.emitted('change')?.[1]).toEqual([[]])
  })
})
