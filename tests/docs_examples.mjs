// Runs the examples of the documentation against a demo server of its own:
//   node tests/docs_examples.mjs [PROGRAM] [PAGE…]
// Each block of `sh` of a page is run, in order and by one shell, so that what one has set the next one has. A block of
// `http` or `json` after it is what it prints: the status, the headers and the fields that are shown must be there, in a
// list every element. `…` stands for anything, alone at the end of a list for any more. A block without an answer must
// end with 0. http://localhost:8080 is the server, build/release/switchboard the program that is tried.
import { spawn } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { createInterface } from 'node:readline'

const root = resolve(import.meta.dirname, '..')
const [program = join(root, 'build/release/switchboard'), ...chosen] = process.argv.slice(2)
const pages = chosen.length ? chosen : ['README.md', 'docs/api.md', 'docs/desk.md', 'docs/gateways.md', 'docs/planning.md', 'docs/running.md']
const page_s = 120
const place = mkdtempSync(join(tmpdir(), 'docs-examples-'))
chmodSync(place, 0o755) // a private PostgreSQL is never root's, and must reach its folder
const environment = {
  ...process.env,
  // `node` is the one that ./run has installed, else the one that runs this.
  PATH: [join(root, 'build/deps/node/node_modules/.bin'), dirname(process.execPath), process.env.PATH].join(':'),
  SWITCHBOARD_DATABASE_FOLDER: join(place, 'postgres'),
  SWITCHBOARD_SERVER_ADDRESS: '127.0.0.1',
  SWITCHBOARD_SERVER_PORT: '0',
  SWITCHBOARD_SERVER_OPS_ADDRESS: '127.0.0.1:0',
}

// --- The examples of a page -----------------------------------------------------------------------------------------

function examples_of(page) {
  const text = readFileSync(join(root, page), 'utf8')
  const examples = []
  for (const found of text.matchAll(/^```(\w*)\n(.*?)^```$/gms)) {
    const [, language, body] = found
    const line = text.slice(0, found.index).split('\n').length
    if (language === 'sh') examples.push({ page, line, command: body, answer: null })
    if (language !== 'http' && language !== 'json') continue
    const last = examples.at(-1)
    if (!last || last.answer) throw new Error(`${page}:${line}: an answer without a command before it`)
    last.answer = { line, language, body }
  }
  return examples
}

async function run_page(page, address) {
  const examples = examples_of(page)
  if (!examples.length) throw new Error(`${page} shows nothing that can be run`)
  const here = mkdtempSync(join(place, 'page-'))
  symlinkSync(join(root, 'config'), join(here, 'config'))
  mkdirSync(join(here, 'build/release'), { recursive: true })
  symlinkSync(resolve(program), join(here, 'build/release/switchboard'))
  const at = (name, n) => join(here, `${name}.${n}`)
  const script = examples.map(({ command }, n) => {
    const here_it_is = command.replaceAll('localhost:8080', address)
    return `{\n${here_it_is}} > '${at('out', n)}' 2> '${at('err', n)}'\necho $? > '${at('rc', n)}'\n`
  })
  writeFileSync(join(here, 'script'), script.join(''))
  const shell = spawn('bash', ['script'], { cwd: here, env: environment, stdio: 'ignore', detached: true })
  const too_long = setTimeout(() => process.kill(-shell.pid, 'SIGKILL'), page_s * 1000)
  await new Promise((done) => shell.once('exit', done))
  clearTimeout(too_long)

  const read = (name, n) => {
    try {
      return readFileSync(at(name, n), 'utf8')
    } catch {
      return ''
    }
  }
  for (const [n, example] of examples.entries()) {
    const faults = faults_of(example, { status: read('rc', n).trim(), said: read('out', n) })
    if (!faults.length) continue
    console.log(`FAILED ${page}:${example.line}\n  ${faults.join('\n  ')}`)
    console.log(`  it printed: ${read('out', n).slice(0, 2000)}${read('err', n).slice(-2000)}`)
    return { run: n + 1, failed: 1, left: examples.length - n - 1 } // what comes after it may need what it makes
  }
  return { run: examples.length, failed: 0, left: 0 }
}

// --- What is shown, and what came ------------------------------------------------------------------------------------

function faults_of({ answer }, { status, said }) {
  if (status === '') return ['did not end']
  if (!answer) return status === '0' ? [] : [`ended with ${status}`]
  const faults = []
  let body = said
  let shown = answer.body
  if (answer.language === 'http') {
    const [shown_head, ...rest] = shown.split('\n\n')
    const [head, ...more] = said.replaceAll('\r', '').split('\n\n')
    shown = rest.join('\n\n')
    body = more.join('\n\n')
    const [first, ...headers] = shown_head.trim().split('\n')
    const came = head.split('\n')
    if (came[0] !== first) faults.push(`answered ${came[0]}, not ${first}`)
    for (const header of headers)
      if (!came.some((line) => same_text(header.toLowerCase(), line.toLowerCase()))) faults.push(`no header ${header}`)
  }
  if (shown.trim()) {
    let parsed
    try {
      parsed = JSON.parse(body)
    } catch {
      return [...faults, 'printed no JSON']
    }
    compare(JSON.parse(shown), parsed, '', faults)
  }
  return faults
}

function same_text(shown, text) {
  const parts = shown.split('…').map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
  return new RegExp(`^${parts.join('.*')}$`, 's').test(text)
}

function compare(shown, value, where, faults) {
  if (shown === '…') return void (value === undefined && faults.push(`${where} is missing`))
  if (Array.isArray(shown)) {
    if (!Array.isArray(value)) return void faults.push(`${where} is no list`)
    const open = shown.at(-1) === '…'
    const wanted = open ? shown.slice(0, -1) : shown
    if (open ? value.length < wanted.length : value.length !== wanted.length)
      faults.push(`${where} has ${value.length} elements, not ${wanted.length}`)
    wanted.forEach((one, n) => compare(one, value[n], `${where}[${n}]`, faults))
  } else if (shown !== null && typeof shown === 'object') {
    if (value === null || typeof value !== 'object') return void faults.push(`${where || 'it'} is no object`)
    for (const [name, one] of Object.entries(shown)) compare(one, value[name], where ? `${where}.${name}` : name, faults)
  } else if (typeof shown === 'string' && typeof value === 'string') {
    if (!same_text(shown, value)) faults.push(`${where} is ${JSON.stringify(value)}, not ${JSON.stringify(shown)}`)
  } else if (shown !== value) {
    faults.push(`${where} is ${JSON.stringify(value)}, not ${JSON.stringify(shown)}`)
  }
}

// --- The server -------------------------------------------------------------------------------------------------------

async function start() {
  const server = spawn(program, ['serve', '--demo'], { cwd: root, env: environment, stdio: ['ignore', 'pipe', 'pipe'] })
  const ended = new Promise((done) => server.once('exit', done))
  const log = []
  server.stderr.on('data', (bytes) => log.push(bytes))
  const address = await new Promise((resolve, reject) => {
    createInterface(server.stdout).on('line', (line) => {
      const port = line.match(/^Switchboard serves http:\/\/\S+:(\d+)$/)?.[1]
      if (port) resolve(`localhost:${port}`)
    })
    server.once('error', reject)
    ended.then((code) => reject(new Error(`the server ended with ${code}\n${Buffer.concat(log)}`)))
  })
  return { address, stop: () => (server.kill('SIGTERM'), ended) }
}

let server
let failed = 0
try {
  server = await start()
  for (const page of pages) {
    const sum = await run_page(page, server.address)
    failed += sum.failed
    console.log(`${page}: ${sum.run - sum.failed} examples hold${sum.failed ? `, 1 does not, ${sum.left} were not looked at` : ''}`)
  }
} catch (error) {
  failed = 1
  console.log(error.message)
} finally {
  await server?.stop()
  rmSync(realpathOf(environment.SWITCHBOARD_DATABASE_FOLDER), { recursive: true, force: true })
  rmSync(place, { recursive: true, force: true })
}
process.exit(failed ? 1 : 0)

function realpathOf(path) {
  try {
    return realpathSync(path)
  } catch {
    return path
  }
}
