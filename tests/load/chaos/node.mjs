// One node of the installation under test: killed, frozen, thawed, its clock turned, always on the same port.
import { spawn } from 'node:child_process'
import { closeSync, openSync, writeFileSync, writeSync } from 'node:fs'
import net from 'node:net'
import { join } from 'node:path'

const free_port = () =>
  new Promise((done) => {
    const probe = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => done(port))
    })
  })

export class node {
  constructor(name, binary, url, folder, shim) {
    Object.assign(this, { name, binary, url, shim, frozen: new AbortController() })
    this.offset_file = join(folder, `clock-${name}`)
    this.log = join(folder, `${name}.log`)
  }

  async start() {
    this.port ??= await free_port()
    if (this.shim) writeFileSync(this.offset_file, Buffer.alloc(8))
    const env = {
      ...process.env,
      SWITCHBOARD_DATABASE_URL: this.url,
      SWITCHBOARD_SERVER_PORT: String(this.port),
      SWITCHBOARD_SERVER_OPS_ADDRESS: '127.0.0.1:0',
      SWITCHBOARD_SECRET_KEY: process.env.SWITCHBOARD_SECRET_KEY ?? 'a'.repeat(64),
      ...(this.shim && { LD_PRELOAD: this.shim, SWITCHBOARD_CLOCK_OFFSET_FILE: this.offset_file }),
    }
    this.child = spawn('bash', ['-c', `exec "${this.binary}" serve --demo >>"${this.log}" 2>&1`], { env, stdio: 'ignore' })
    await this.serves()
  }

  async serves() {
    for (let i = 0; i < 600; i++) {
      try {
        if ((await fetch(`http://127.0.0.1:${this.port}/healthz`, { signal: AbortSignal.timeout(2000) })).status === 200) return
      } catch {
        // not yet
      }
      await new Promise((done) => setTimeout(done, 100))
    }
    throw new Error(`${this.name} does not serve; see ${this.log}`)
  }

  kill() {
    const gone = new Promise((done) => this.child.once('exit', done))
    this.child.kill('SIGKILL')
    return gone
  }

  async restart() {
    if (this.child.exitCode === null && this.child.signalCode === null) await this.kill()
    await this.start()
  }

  freeze() {
    this.child.kill('SIGSTOP')
    this.frozen.abort()
  }
  thaw() {
    this.child.kill('SIGCONT')
    if (this.frozen.signal.aborted) this.frozen = new AbortController()
  }

  /** Its clock is so many seconds away from everybody else's. */
  turn_clock(seconds) {
    const offset = Buffer.alloc(8)
    offset.writeBigInt64LE(BigInt(Math.round(seconds * 1e9)))
    const file = openSync(this.offset_file, 'r+') // in place: the node has it in its memory
    writeSync(file, offset)
    closeSync(file)
  }
}
