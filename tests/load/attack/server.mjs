// A server of its own for the attack: the demo, default settings, and as few descriptors as a careless system gives.
import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export class attacked_server {
  constructor(binary) {
    this.binary = binary
    this.folder = mkdtempSync(join(tmpdir(), 'switchboard-attack-'))
    this.ends = 0 // how often it has ended by itself
  }

  async start() {
    const env = { ...process.env, SWITCHBOARD_SERVER_PORT: '0', SWITCHBOARD_SERVER_OPS_ADDRESS: '127.0.0.1:0', SWITCHBOARD_DATABASE_FOLDER: join(this.folder, 'postgres'), ...this.more }
    this.child = spawn('bash', ['-c', `ulimit -n 1024; exec "${this.binary}" serve --demo`], { env, stdio: ['ignore', 'pipe', 'ignore'] })
    this.running = true
    this.child.once('exit', () => {
      this.running = false
      if (!this.stopping) this.ends++
    })
    this.port = await new Promise((done, fail) => {
      let said = ''
      this.child.once('exit', () => fail(new Error(`the server did not start: ${said}`)))
      this.child.stdout.on('data', (part) => {
        said += part
        const found = /serves https?:\/\/[^:]+:(\d+)/.exec(said)
        if (found) done(Number(found[1]))
      })
    })
  }

  /** CPU seconds so far: a thread that is still busy after an attack shows here. */
  cpu_s() {
    const path = `/proc/${this.child.pid}/stat`
    if (!existsSync(path)) return 0
    const fields = readFileSync(path, 'utf8').replace(/^.*\) /s, '').split(' ')
    return (Number(fields[11]) + Number(fields[12])) / 100
  }

  async stop() {
    this.stopping = true
    if (this.running) {
      const gone = new Promise((done) => this.child.once('exit', done))
      this.child.kill('SIGTERM')
      await gone
    }
    rmSync(this.folder, { recursive: true, force: true })
  }
}
