import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

/** Where the server under test sends its mail (playwright.config.ts). */
export const sink_port = 18481

export interface taken {
  from: string
  to: string[]
  message: string
}

/** A real mail server, Debian's python3-aiosmtpd. `taken` grows with each mail. */
export class mail_sink {
  readonly taken: taken[] = []
  private constructor(private readonly process: ChildProcess) {}

  static async start(): Promise<mail_sink> {
    const script = fileURLToPath(new URL('../support/smtp_sink.py', import.meta.url)) // a path may have spaces
    const python = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3' // Debian's: it has aiosmtpd
    const process = spawn(python, ['-B', script, String(sink_port)], { stdio: ['pipe', 'pipe', 'inherit'] })
    const sink = new mail_sink(process)
    const lines = createInterface(process.stdout!)
    await new Promise<void>((ready, failed) => {
      process.on('exit', (code) => failed(new Error(`is python3-aiosmtpd installed? It ended with ${code}`)))
      lines.on('line', (line) => (line.startsWith('listening ') ? ready() : sink.taken.push(JSON.parse(line))))
    })
    return sink
  }

  stop(): void {
    this.process.stdin?.end()
  }
}
