// A PostgreSQL of its own that both nodes use: it can be crashed, and asked afterwards.
import { execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const programs = '/usr/lib/postgresql/15/bin'
const is_root = process.getuid() === 0
// PostgreSQL refuses to run as root.
const as_owner = (program, args) => (is_root ? ['runuser', ['-u', 'postgres', '--', program, ...args]] : [program, args])

export class postgres {
  constructor(folder) {
    this.folder = folder
    this.data = join(folder, 'data')
    this.url = `postgresql://switchboard@/switchboard?host=${encodeURIComponent(folder)}`
    this.crashes = 0
  }

  async create() {
    mkdirSync(this.folder, { recursive: true })
    if (is_root) execFileSync('chown', ['postgres', this.folder])
    this.run('initdb', ['-D', this.data, '-A', 'trust', '-U', 'switchboard', '-E', 'UTF8', '--no-instructions'])
    await this.start()
    this.run('createdb', ['-h', this.folder, '-U', 'switchboard', 'switchboard'])
  }

  run(program, args) {
    const [file, all] = as_owner(join(programs, program), args)
    execFileSync(file, all, { stdio: ['ignore', 'ignore', 'inherit'], cwd: '/' })
  }

  async start() {
    const [file, all] = as_owner(join(programs, 'postgres'), ['-D', this.data, '-k', this.folder, '-c', 'listen_addresses=', '-c', 'shared_buffers=128MB', '-c', 'max_connections=80'])
    for (let i = 0; i < 600; i++) {
      // After a kill the last of its children may still hold its memory: then it refuses to start, and is asked again.
      if (!this.child || this.child.exitCode !== null || this.child.signalCode !== null) this.child = spawn(file, all, { stdio: 'ignore', cwd: '/' })
      if (this.try_sql('SELECT 1') === '1') return
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error('PostgreSQL did not start')
  }

  /** kill -9, as a failing machine would, and up again. */
  async crash() {
    this.crashes++
    const gone = new Promise((done) => this.child.once('exit', done))
    const postmaster = Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(postmaster, 'SIGKILL')
    await gone
    // Its children end by themselves; a new one refuses to start beside them.
    for (let i = 0; i < 100 && spawnSync('pgrep', ['-f', this.data]).status === 0; i++) await new Promise((done) => setTimeout(done, 100))
    await this.start()
  }

  try_sql(text) {
    const asked = spawnSync(join(programs, 'psql'), ['-h', this.folder, '-U', 'switchboard', '-d', text === 'SELECT 1' ? 'postgres' : 'switchboard', '-XAtq', '-v', 'ON_ERROR_STOP=1', '-f', '-'], { encoding: 'utf8', input: text, maxBuffer: 1 << 30 })
    return asked.status === 0 ? asked.stdout.trim() : undefined
  }

  /** The rows of one SELECT, as objects. */
  rows(select) {
    const said = this.try_sql(`SELECT coalesce(json_agg(r), '[]') FROM (${select}) r`)
    if (said === undefined) throw new Error(`the database does not answer: ${select}`)
    return JSON.parse(said)
  }

  async stop() {
    if (this.child.exitCode !== null) return
    const gone = new Promise((done) => this.child.once('exit', done))
    const postmaster = Number(readFileSync(join(this.data, 'postmaster.pid'), 'utf8').split('\n')[0])
    process.kill(postmaster, 'SIGINT')
    await gone
  }
}
