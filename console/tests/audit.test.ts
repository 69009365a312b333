import { describe, expect, it } from 'vitest'
import { changeLines, detailWords, doer, subject } from '@/admin/audit/auditWords'
import { auditedNouns } from '@/admin/audit/references'
import { needed, nounsFor, nounsOf } from '@/admin/nouns'
import type { AuditEntry } from '@/api/types'
import type { Permission } from '@/api/types'
import { describing } from './described'
import { at } from './support'

type Change = Partial<Omit<AuditEntry, 'details'>> & { details?: object }
const entry = (change: Change = {}): AuditEntry => ({
  id: 1,
  what: 'changed',
  at: at(0),
  noun: 'queue',
  noun_id: 7,
  name: 'Billing',
  changes: {},
  user_id: null,
  actor_id: 3,
  session_id: 4,
  token_id: null,
  login: '',
  address: '127.0.0.1',
  details: {},
  times: 1,
  actor: 'Sonia',
  about: '',
  ...(change as Partial<AuditEntry>),
})

describe('an entry of the audit', () => {
  it('says who did it', () => {
    expect(doer(entry())).toBe('Sonia')
    expect(doer(entry({ actor: 'provisioning', actor_id: null, token_id: 2 }))).toBe('Token provisioning')
    expect(doer(entry({ actor: '', actor_id: null, login: 'root' }))).toBe('“root”')
    expect(doer(entry({ actor: '', actor_id: null, address: '' }))).toBe('The system')
    expect(doer(entry({ actor: '', actor_id: null }))).toBe('Somebody')
  })

  it('says to what, as it was called then, or about whom', () => {
    expect(subject(entry())).toBe('Queue “Billing”')
    expect(subject(entry({ noun: 'sla_target', name: '' }))).toBe('Sla target #7')
    expect(subject(entry({ noun: 'session', about: 'Ben' }))).toBe('Ben')
    expect(subject(entry({ noun: 'audit', noun_id: null }))).toBe('The audit')
    expect(subject(entry({ noun: '', noun_id: null }))).toBe('')
  })

  it('says each field before and after, with the names behind numbers', () => {
    const names: Record<number, string> = { 2: 'Agent', 4: 'Supervisor' }
    const lines = changeLines(
      {
        ring_s: { before: 20, after: null },
        'settings.secret': 'changed',
        roles: { before: [2], after: [2, 4] },
        active: { after: true },
      },
      (field, id) => (field === 'roles' ? names[id] : undefined),
    )
    expect(lines).toEqual([
      { field: 'Ring (s)', before: '20', after: '–' },
      { field: 'Settings · Secret', secret: true },
      { field: 'Roles', before: 'none', after: 'Supervisor' },
      { field: 'Active', after: 'yes' },
    ])
  })

  it('says of a list what left and what came, and all of it where only the order changed', () => {
    const grants = { before: [{ permission: 'a' }, { permission: 'b' }], after: [{ permission: 'b' }] }
    expect(changeLines({ grants })[0]).toMatchObject({ before: 'Permission a', after: 'none' })
    expect(changeLines({ steps: { before: [1, 2], after: [2, 1] } })[0]).toMatchObject({
      before: '1, 2',
      after: '2, 1',
    })
  })

  it('says what else is known', () => {
    expect(detailWords(entry({ details: { why: 'by an admin' } }))).toBe('by an admin')
    expect(detailWords(entry({ details: { filter: { noun: 'queue' } } }))).toBe('Noun: queue')
    expect(detailWords(entry({ details: { filter: {} } }))).toBe('all of it')
    expect(detailWords(entry({ details: { bound: 'chat_sessions' }, times: 9 }))).toBe(
      'Chat sessions · 9 times',
    )
  })
})

describe('the administration', () => {
  const text = { type: 'string', maxLength: 100 }
  const server = describing({
    skills: { title: 'skill', set: { properties: { name: text } } },
    'sla-targets': {
      title: 'sla_target',
      set: { properties: { skill_id: { type: 'integer', 'x-refers-to': 'skill' } } },
    },
  })
  const change: Record<string, Permission> = { skills: 'config.skills', 'sla-targets': 'config.sla' }
  for (const [name, permission] of Object.entries(change)) {
    const post = server.paths[`/api/v1/${name}`]?.post
    if (post) post['x-permission'] = permission
  }
  const pagesOf = (...mine: Permission[]) =>
    nounsFor(server, (one) => mine.includes(one)).filter(({ name }) => name in change)

  it('shows to who may change something only that', () => {
    const mine = pagesOf('config.skills')
    expect(mine.map(({ name }) => name)).toEqual(['skills'])
    expect(mine[0]?.create).toBeDefined()
  })

  it('shows all to who may see the set-up, and nothing to use where he may not change it', () => {
    const mine = pagesOf('config.read', 'config.skills')
    expect(mine.map(({ name }) => name)).toEqual(['sla-targets', 'skills'])
    const [targets, skills] = mine
    expect([targets?.create, targets?.update, targets?.remove, targets?.below]).toEqual(
      Array(4).fill(undefined),
    )
    expect(skills?.update).toBeDefined()
    expect(targets && needed(server, targets)).toBe('config.sla')
  })

  it('knows what the audit calls what stands in its pages, and what that refers to', () => {
    const pages = nounsOf(server).filter(({ name }) => name in change)
    const known = auditedNouns(server, pages)
    expect(known.map(({ name, page }) => `${name} ${page}`)).toEqual([
      'sla_target sla-targets',
      'skill skills',
    ])
    expect(known[0]?.refers.get('skill_id')).toBe('skills')
  })
})
