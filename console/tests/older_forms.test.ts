import { describe, expect, it } from 'vitest'
import { lacks } from '@/admin/judge'
import { nounsOf } from '@/admin/nouns'
import { someNouns } from './described'

/** Users, agents and tokens: what the server takes stands in its description, though they are no nouns there. */
const fieldsOf = (noun: string) => nounsOf(someNouns).find(({ name }) => name === noun)?.fields ?? []
const summary = (noun: string) =>
  fieldsOf(noun).map(({ name, kind, on, required }) =>
    [name, kind, on, required && 'needed'].filter(Boolean).join(' '),
  )
const field = (noun: string, name: string) => fieldsOf(noun).find((known) => known.name === name)

describe('the form of a user', () => {
  it('asks for what making one takes, and no password where none is changed', () =>
    expect(summary('users')).toEqual([
      'login text create needed',
      'name text needed',
      'email text',
      'roles ticks needed',
      'password password',
      'active bool edit',
    ]))
  it('judges a password by its length before the server does', () => {
    const password = field('users', 'password')
    expect(password && lacks(password, 'short')).toBe('New password')
    expect(password && lacks(password, '')).toBe('')
  })
})

describe('the form of an agent', () => {
  it('stands in our order; what a newer server has more comes last', () =>
    expect(fieldsOf('agents').map(({ name }) => name)).toEqual([
      'grade',
      'calendar_id',
      'skills',
      'licences',
      'hat',
    ]))
  it('chooses from collections that its older schema does not name, within its limits', () => {
    expect(field('agents', 'calendar_id')).toMatchObject({ options: 'calendars', optional: true })
    const skills = field('agents', 'skills')
    expect(skills?.columns?.map(({ kind, options }) => [kind, options])).toEqual([
      ['choice', 'skills'],
      ['number', undefined],
    ])
    expect(skills && lacks(skills, [{ skill_id: 1, level: 11 }])).toBe('Skills, line 1, Level (1–10)')
  })
})

describe('the form of a token', () => {
  it('is for making one only', () =>
    expect(summary('tokens')).toEqual([
      'name text create needed',
      'scopes ticks create needed',
      'gateway_ids ticks create',
      'expires_at expiry create',
    ]))
  it('offers gateways to what only hands in', () => {
    const only = field('tokens', 'gateway_ids')
    expect(only?.options).toBe('gateways')
    expect([['intake'], ['intake', 'read'], []].map((scopes) => only?.when?.({ scopes }))).toEqual([
      true,
      false,
      false,
    ])
  })
})
