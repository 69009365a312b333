// Adds up what the test runners wrote and says it in one line: N passed, N failed, N skipped.
//   node tests/summary.mjs FOLDER PART…     PART = test_server | test_console | test_browser
// Exits 1 when a test failed, and when a part that should have run has no results.
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'

const [folder, ...parts] = process.argv.slice(2)
const read = (name) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '')
const json = (name) => JSON.parse(read(name) || '{}')
const attribute = (xml, name) => Number(xml.match(new RegExp(`\\b${name}="(\\d+)"`))?.[1] ?? 0)

// Who reads a CI log from its end finds here why a program failed: without the server's own lines, which are many.
function last_words(xml) {
  const said = xml.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"')
  const telling = said.replace(/&amp;/g, '&').split('\n').filter((l) => l.trim() && !/^\d{4}-\S+Z (info|warning) /.test(l))
  return telling.filter((l) => !/\[ +(RUN|OK) /.test(l)).slice(-40).map((l) => `    ${l.slice(0, 300)}`).join('\n')
}

// GoogleTest writes its file at the end, so a program that crashed has none: ctest still counts it as one failure.
function test_server() {
  const sum = { passed: 0, failed: 0, skipped: 0 }
  const programs = existsSync(join(folder, 'cpp')) ? readdirSync(join(folder, 'cpp')) : []
  for (const program of programs) {
    const head = read(join('cpp', program)).match(/<testsuites [^>]*>/)?.[0] ?? ''
    const cases = read(join('cpp', program)).match(/<skipped /g)?.length ?? 0
    const failed = attribute(head, 'failures') + attribute(head, 'errors')
    sum.failed += failed
    sum.skipped += cases
    sum.passed += attribute(head, 'tests') - failed - cases - attribute(head, 'disabled')
  }
  const runs = /<testcase name="([^"]*)"[^>]*status="([^"]*)"[^>]*>([^]*?)<\/testcase>/g
  for (const [, name, status, said] of read('ctest.xml').matchAll(runs)) {
    const counted = programs.includes(`${name}.xml`)
    if (status !== 'run') console.log(`  ${name}: ${status}\n${last_words(said)}`)
    if (!counted && status === 'run') sum.passed += 1
    else if (status === 'fail' && !(counted && /<failure/.test(read(join('cpp', `${name}.xml`))))) sum.failed += 1
    else if (status === 'disabled' || status === 'notrun') sum.failed += 1
  }
  return sum
}

function test_console() {
  const { numPassedTests: passed = 0, numFailedTests = 0, numFailedTestSuites = 0, numPendingTests: skipped = 0 } =
    json('vitest.json')
  // A file that does not load has a failed suite and no failed test.
  return { passed, failed: numFailedTests || numFailedTestSuites, skipped }
}

function test_browser() {
  const { stats = {}, errors = [] } = json('playwright.json')
  return {
    passed: (stats.expected ?? 0) + (stats.flaky ?? 0),
    failed: (stats.unexpected ?? 0) + errors.length,
    skipped: stats.skipped ?? 0,
  }
}

const readers = { test_server, test_console, test_browser }
const total = { passed: 0, failed: 0, skipped: 0 }
for (const part of parts) {
  const sum = readers[part]()
  if (sum.passed + sum.failed === 0) {
    console.log(`${part}: no test ran`)
    sum.failed = 1
  }
  console.log(`${part}: ${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
  for (const key of Object.keys(total)) total[key] += sum[key]
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
process.exit(total.failed ? 1 : 0)
