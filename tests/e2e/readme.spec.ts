import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect } from '@playwright/test'
import { test } from './center'

// What README.md and docs/ show besides is run by tests/docs_examples.mjs.
const root = join(import.meta.dirname, '../..')

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
