import { mount } from '@vue/test-utils'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import SecretField from '@/admin/SecretField.vue'
import { getPath, withPath } from '@/admin/fields'
import { gatewayKinds } from '@/admin/gatewayKinds'
import { nounsOf } from '@/admin/nouns'
import { refusalWords } from '@/admin/refusal'
import { warningsOf } from '@/admin/warnings'
import { whole } from '@/api/pages'
import { Problem } from '@/api/problem'
import { useDirectory } from '@/stores/directory'
import { someNouns } from './described'

const nouns = nounsOf(someNouns)

describe('what the server refuses', () => {
  const problem = new Problem(422, {
    errors: [
      { field: 'licences[1].valid_until', message: 'must be after valid_from' },
      { field: 'special_days[0].hours[0].to', message: 'must be a time of day' },
      { field: 'queues', message: 'names a queue twice' },
    ],
  })

  it('is said where it was typed', () => {
    expect(problem.within('licences[1].valid_until')).toBe('must be after valid_from')
    expect(problem.within('special_days[0].hours')).toBe('must be a time of day')
    expect(problem.within('licences[0].valid_until')).toBeUndefined()
    expect(problem.within('licences[1].valid')).toBeUndefined()
    expect(problem.field('licences')).toBeUndefined()
    expect(problem.field('queues')).toBe('names a queue twice')
  })
})

describe('what the server refuses, in the words of the form', () => {
  const fieldsOf = (name: string) => nouns.find((noun) => noun.name === name)?.fields ?? []
  const words = (noun: string, field: string, message: string) =>
    refusalWords(
      new Problem(422, { detail: `${field} ${message}`, errors: [{ field, message }] }),
      fieldsOf(noun),
    )

  it('names the field, the line and the column', () => {
    expect(words('queues', 'dispositions[2].name', 'must not be empty')).toBe(
      'Dispositions, line 3, Name: must not be empty',
    )
    expect(words('calendars', 'timezone', 'is no IANA time zone')).toBe('Time zone: is no IANA time zone')
    expect(words('agents', 'licences[0].jurisdictions', 'must not be empty')).toBe(
      'Licences, line 1, Jurisdictions: must not be empty',
    )
  })
  it('says how a time looks, and what a rule lacks', () => {
    expect(words('calendars', 'hours[0].from', 'must have at least 5 characters')).toMatch(
      /, line 1, From: must look like 09:00$/,
    )
    expect(words('rules', 'conditions', 'must name one, or be {"always": true}')).toBe(
      'When: choose at least one, or “Always”',
    )
  })
  it('is the whole answer where no field is named', () =>
    expect(refusalWords(new Problem(409, { detail: 'It is used by two queues' }), [])).toBe(
      'It is used by two queues',
    ))
})

describe('what a gateway lacks before it can do its work', () => {
  const setting = (name: string, label: string) =>
    ({ name, label, type: 'text', help: '', example: '', choices: [] }) as never
  const kind = (name: string, channel: string, hook: string, settings: never[]) =>
    ({
      name,
      channel,
      title: name,
      about: '',
      door: '',
      content_type: '',
      sample: '',
      hook,
      settings,
    }) as never
  beforeEach(() => {
    gatewayKinds.value = [
      kind('sendgrid', 'email', '/h', [setting('secret', 'Secret')]),
      kind('ses', 'email', '/h', [setting('topics', 'Topics'), setting('secret', 'Secret')]),
      kind('phone', 'phone', '', [setting('secret', 'Secret')]),
    ]
  })
  const warnings = (values: Record<string, unknown>) => warningsOf('gateways', values, 0)
  it('is said for a webhook that nobody could prove to come from', () => {
    const from_address = 'desk@example.com'
    expect(warnings({ kind: 'sendgrid', from_address })[0]).toContain('Without “Secret”')
    expect(warnings({ kind: 'ses', from_address, settings: { secret: 'x' } })[0]).toContain(
      'Without “Topics”',
    )
    expect(warnings({ kind: 'ses', from_address, settings: { topics: ['arn'] } })).toEqual([])
    expect(warnings({ kind: 'sendgrid', from_address, settings: { secret: { set: true } } })).toEqual([])
    expect(warnings({ kind: 'sendgrid', from_address, settings: { secret: { set: false } } })).toHaveLength(1)
    expect(warnings({ kind: 'phone' })).toEqual([])
  })
  it('is said for mail that could not be answered', () =>
    expect(warnings({ kind: 'sendgrid', settings: { secret: 'x' } })[0]).toContain(
      'Without a sender address',
    ))
})

describe('a list', () => {
  it('is read to its end', async () => {
    const page = vi.fn(({ params }: { params: { query: { after?: string } } }) =>
      Promise.resolve(params.query.after ? { items: [3], next: null } : { items: [1, 2], next: '2' }),
    )
    expect(await whole(page)).toEqual([1, 2, 3])
    expect(page.mock.lastCall?.[0].params.query.after).toBe('2')
  })
})

describe('the pages of nouns', () => {
  beforeEach(() =>
    vi.stubGlobal('fetch', (request: Request) => {
      const id = new URL(request.url).searchParams.has('after') ? 2 : 1
      return Promise.resolve(
        Response.json({
          items: [{ id, name: 'x', hours: [], special_days: [] }],
          next: id === 1 ? '1' : null,
        }),
      )
    }),
  )

  it.each(nouns.map(({ name, list }) => ({ name, list })))('show all of the $name', async ({ list }) => {
    expect((await list()).map(({ id }) => id)).toEqual([1, 2])
  })

  it('and colleagues are known by name, however many', async () => {
    setActivePinia(createPinia())
    const directory = useDirectory()
    await directory.loadPeople()
    expect(directory.people.map(({ id }) => id)).toEqual([1, 2])
  })
})

describe("a queue's members", () => {
  const sent: Request[] = []
  beforeEach(() => {
    sent.length = 0
    vi.stubGlobal('fetch', (request: Request) => {
      sent.push(request)
      return Promise.resolve(Response.json({ items: [{ agent_id: 7, name: 'Ben', rank: 1, delay_s: 30 }] }))
    })
  })

  it('are written without their names, in the version that was read', async () => {
    const set = nouns.find(({ name }) => name === 'queues')?.sets?.[0]
    const read = (await set?.read(3)) as object[]
    expect(read).toEqual([{ agent_id: 7, name: 'Ben', rank: 1, delay_s: 30 }])
    await set?.write(3, 4, read)
    const put = sent[1] as Request
    expect(put.method).toBe('PUT')
    expect(new URL(put.url).pathname).toBe('/api/v1/queues/3/members')
    expect(put.headers.get('If-Match')).toBe('"4"')
    expect(await put.json()).toEqual({ members: [{ agent_id: 7, rank: 1, delay_s: 30 }] })
  })
})

describe("a gateway's secret", () => {
  const set = { set: true, changed_at: '2024-03-05T10:00:00Z' }
  const field = (value: unknown) =>
    mount(SecretField, { props: { name: 'settings.secret', label: 'Secret', value, wrong: false } })

  it('says since when it is set, and shows no field until it is to change', async () => {
    const shown = field(set)
    expect(shown.text()).toContain('set on Tuesday')
    expect(shown.find('input').exists()).toBe(false)
    expect(shown.emitted('change')).toBeUndefined()
    await shown.get('[aria-label="Change Secret"]').trigger('click')
    expect(shown.get('input').element.value).toBe('')
    expect(shown.emitted('change')).toBeUndefined()
  })

  it('is what was typed, and what it was when that is taken back', async () => {
    const shown = field(set)
    await shown.get('[aria-label="Change Secret"]').trigger('click')
    await shown.get('input').setValue('another')
    await shown.get('input').setValue('')
    expect(shown.emitted('change')).toEqual([['another'], [set]])
  })

  it('goes by null, and stays when that is taken back', async () => {
    const shown = field(set)
    await shown.get('[aria-label="Remove Secret"]').trigger('click')
    expect(shown.emitted('change')).toEqual([[null]])
    await shown.setProps({ value: null })
    await shown.get('button').trigger('click')
    expect(shown.emitted('change')).toEqual([[null], [set]])
  })

  it('can be given at once where there is none', () => {
    for (const none of [undefined, { set: false, changed_at: null }])
      expect(field(none).find('input').exists()).toBe(true)
  })

  it('is a field of its own kind, whose null is sent', () => {
    const setting = (name: string, type: string) => ({
      name,
      type,
      label: name,
      help: '',
      example: '',
      choices: [],
    })
    const plain = { channel: 'fax', title: '', about: '', door: '', content_type: '', sample: '', hook: '' }
    gatewayKinds.value = [
      { ...plain, name: 'a', settings: [setting('secret', 'secret'), setting('imap.password', 'secret')] },
      { ...plain, name: 'b', settings: [setting('topics', 'texts')] },
    ]
    const noun = nouns.find(({ name }) => name === 'gateways')
    const fields = noun?.fieldsFor?.({ kind: 'a' }) ?? []
    const kinds = fields.filter(({ name }) => name.startsWith('settings.')).map(({ kind }) => kind)
    expect(kinds).toEqual(['secret', 'secret'])
    expect(noun?.tidy?.({ kind: 'b', settings: { topics: ['t'], secret: 'of another kind' } })).toEqual({
      kind: 'b',
      settings: { topics: ['t'] },
    })
    const gone = withPath({ settings: { secret: set, timezone: 'UTC' } }, 'settings.secret', null, true)
    expect(gone).toEqual({ settings: { secret: null, timezone: 'UTC' } })
    expect(getPath(withPath(gone, 'settings.timezone', ''), 'settings')).toEqual({ secret: null })
  })
})
