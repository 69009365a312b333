import { describe, expect, it } from 'vitest'
import { choicesOf } from '@/actions/dispositions'
import { curlOf, snippetOf } from '@/admin/push'
import { warningsOf } from '@/admin/warnings'
import { buildOf } from '@/frame/newVersion'
import { clash, keyActions, keysOf } from '@/keys/registry'

describe('what is seldom meant', () => {
  const now = Date.parse('2026-11-30T12:00:00Z')
  it('is said of a queue', () => {
    expect(warningsOf('queues', { members: [] }, now)[0]).toContain('Nobody works in this queue')
    expect(warningsOf('queues', { members: [{ agent_id: 1 }] }, now)).toEqual([])
    expect(warningsOf('queues', {}, now)).toEqual([]) // its members are not read yet
    expect(
      warningsOf('queues', { steps: [{ after_s: 0, skip_if: 'never', changes: [] }] }, now)[0],
    ).toContain('A step after 0 s')
  })
  it('is said of a rule that does nothing, or hides those after it', () => {
    expect(warningsOf('rules', { conditions: { words: ['x'] }, actions: {} }, now)).toEqual([
      'This rule does nothing.',
    ])
    expect(warningsOf('rules', { actions: { priority: 0 } }, now)).toEqual([])
    expect(warningsOf('rules', { conditions: { always: true }, actions: { stop: true } }, now)).toHaveLength(
      1,
    )
  })
  it('is said of days that are past', () => {
    const day = (date: string) => ({ date, name: '', hours: [] })
    expect(warningsOf('calendars', { special_days: [day('2026-11-29')] }, now)).toEqual([
      '2026-11-29 is past.',
    ])
    expect(warningsOf('calendars', { special_days: [day('2026-11-30'), day('2026-12-25')] }, now)).toEqual([])
    expect(warningsOf('calendars', { special_days: [day('2025-01-01'), day('2025-01-06')] }, now)).toEqual([
      '2 special days are past.',
    ])
  })
})

describe('how contacts are pushed', () => {
  const kind = {
    name: 'phone',
    channel: 'phone',
    title: '',
    about: '',
    door: '/api/v1/intake/{gateway}',
    content_type: 'application/json',
    sample: `{"notes": "it's"}`,
    hook: '',
    settings: [],
  }
  it('is a command that a shell takes', () => {
    expect(curlOf(kind, 'pbx', 'https://desk.example')).toBe(
      `curl -sS --fail-with-body https://desk.example/api/v1/intake/pbx \\
  -H "Authorization: Bearer $SWITCHBOARD_TOKEN" \\
  -H 'Content-Type: application/json' \\
  --data-binary '{"notes": "it'\\''s"}'`,
    )
  })
  it('is a form with a file of the sender’s own', () => {
    const part = (head: string, value: string) =>
      `--b\r\nContent-Disposition: form-data; ${head}\r\n\r\n${value}\r\n`
    const form = { ...kind, content_type: 'multipart/form-data; boundary=b' }
    form.sample = `${part('name="from"', '+12')}${part('name="file"; filename="fax.pdf"', '%PDF')}--b--\r\n`
    const curl = curlOf(form, 'fax', '')
    expect(curl).toContain(`-F 'from=+12'`)
    expect(curl).toContain(`-F 'file=@fax.pdf'`)
    expect(curl).not.toContain('%PDF')
  })
  it('is one line in a website', () =>
    expect(snippetOf('site', 'https://desk.example')).toBe(
      '<script src="https://desk.example/chat/widget.js" data-gateway="site" async></script>',
    ))
})

describe('dispositions', () => {
  it('have the keys 1 to 9 in their order, those that are retired aside', () => {
    const all = Array.from({ length: 11 }, (_, i) => ({ id: `d${i}`, name: `D${i}`, retired: i === 0 }))
    expect(choicesOf(all).map(({ key, id }) => key + id)).toEqual([
      '1d1',
      '2d2',
      '3d3',
      '4d4',
      '5d5',
      '6d6',
      '7d7',
      '8d8',
      '9d9',
      'd10',
    ])
  })
})

describe('keys of one’s own', () => {
  it('are refused by the name of who has them', () => {
    expect(clash('ticket.reply', { 'ticket.reply': ['n'] })).toBe('n is “Note” already.')
    expect(clash('ticket.reply', { 'ticket.reply': ['g'] })).toContain('g cannot stand beside g ')
    expect(clash('ticket.reply', { 'ticket.reply': ['x y'] })).toBe('')
    expect(clash('ticket.reply', { 'ticket.reply': ['s s'] })).toContain('of “Solve”')
    expect(clash('ticket.reply', { 'ticket.reply': ['y', 'y'] })).not.toBe('')
  })
  it('can be taken from an action that is switched off', () =>
    expect(clash('ticket.reply', { 'ticket.reply': ['n'], 'ticket.note': [] })).toBe(''))
  it('may all be given their own place', () => {
    for (const { id } of keyActions) expect(clash(id, {})).toBe('')
    for (const { id } of keyActions) expect(keysOf(id, { [id]: [] })).toEqual([])
  })
})

describe('a new version', () => {
  const page = (script: string) =>
    new DOMParser().parseFromString(`<html><body>${script}</body></html>`, 'text/html')
  it('is known by the name of the main script', () => {
    expect(buildOf(page('<script type="module" crossorigin src="/assets/index-Ab1.js"></script>'))).toBe(
      '/assets/index-Ab1.js',
    )
    expect(buildOf(page(''))).toBe('')
  })
})
