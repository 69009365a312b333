import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from './center'

const root = join(import.meta.dirname, '../..')
const readme = readFileSync(join(root, 'README.md'), 'utf8')
const blocks = [...readme.matchAll(/^```sh\n(.*?)^```$/gms)].map(([, text]) => text!)
const commands = blocks.filter((text) => text.startsWith('curl '))
const gateway_of = (command: string) => command.match(/intake\/([a-z-]+)/)?.[1] ?? command

test('README shows how to push a mail, a call, a chat and a fax', () => {
  expect(commands.map(gateway_of)).toEqual(['support-mail', 'pbx', 'chat-partner', 'fax-line'])
})

for (const command of commands)
  test(`the command for ${gateway_of(command)} works as it is written`, ({ baseURL }) => {
    const here = command.replace('http://localhost:8080', baseURL!)
    expect(here).not.toContain(':8080')
    const run = () => JSON.parse(execFileSync('bash', ['-c', here], { cwd: root, encoding: 'utf8' }))
    const first = run()
    expect(first).toMatchObject({ outcome: 'ticketed', ticket_number: expect.stringMatching(/^\d+$/) })
    expect(run()).toEqual({ ...first, duplicate: true })
  })

test('the callback of the README is promised as it is written', ({ baseURL }) => {
  const promise = blocks.filter((text) => text.includes('/callback'))
  expect(promise).toHaveLength(1)
  const here = promise[0]!.replaceAll('http://localhost:8080', baseURL!)
  const made = JSON.parse(execFileSync('bash', ['-c', here], { cwd: root, encoding: 'utf8' }))
  expect(made).toMatchObject({ phone: '+12125550147', state: 'scheduled', attempts_allowed: 2, retry_s: 600 })
})

test('the scenario of the README runs as it is written', () => {
  const simulate = blocks.filter((text) => text.includes('switchboard simulate - '))
  expect(simulate).toHaveLength(1)
  const report = JSON.parse(execFileSync('bash', ['-c', simulate[0]!], { cwd: root, encoding: 'utf8' }))
  expect(Object.keys(report.classes)).toEqual(['english', 'french', 'mail'])
  expect(report.classes.french.p_wait.mean).toBeGreaterThan(0)
  expect(report.agents.bilingual.occupancy.mean).toBeLessThanOrEqual(1)
})

test('the question to the installation itself works as it is written', () => {
  const asked = blocks.filter((text) => text.includes('switchboard simulate --live'))
  expect(asked).toHaveLength(1)
  const here = mkdtempSync(join(tmpdir(), 'what-if-'))
  symlinkSync(join(root, 'build'), join(here, 'build'))
  const env = { ...process.env, SWITCHBOARD_DATABASE_FOLDER: join(root, 'build/e2e/postgres') }
  const report = execFileSync('bash', ['-c', asked[0]!], { cwd: here, env, encoding: 'utf8' })
  expect(report).toMatch(/billing/i)
  expect(readFileSync(join(here, 'what-if.svg'), 'utf8')).toContain('<svg')
  rmSync(here, { recursive: true })
})

test('README names only files that exist', () => {
  const named = [...readme.matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, path]) => path)
  expect(named.length).toBeGreaterThan(4)
  expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([])
})

test('demo traffic reaches every channel without an error', ({ baseURL }) => {
  const out = execFileSync('node', ['tests/load/demo_traffic.mjs', '--rate', '10', '--minutes', '0.06', '--url', baseURL!], {
    cwd: root,
    encoding: 'utf8',
  })
  const last = out.trim().split('\n').at(-1)!
  expect(last).toContain('failed 0')
  expect(last).toMatch(/email [1-9]/)
  expect(last).toMatch(/phone [1-9]/)
})
