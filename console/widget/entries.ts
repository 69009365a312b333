// What was said in a chat, in its order: committed messages by seq, then what is still on its way.
import type { entry } from './environment'

export class entries {
  all: entry[] = []
  private readonly earlier = new Set<string>() // keys of a chat that is over; its seqs mean nothing now

  find(key: string | undefined) {
    return this.all.find((e) => e.key === key)
  }

  add(e: entry) {
    this.all.push(e)
    this.sort()
  }

  pending() {
    return this.all.filter((e) => e.from === 'customer' && e.state === 'sending')
  }

  /** Files are too large to be kept for the next page, and have no ack to be waited for. */
  words_pending() {
    return this.pending().filter((e) => e.files.length === 0)
  }

  from_agents() {
    return this.all.filter((e) => e.from === 'agent' && !this.earlier.has(e.key))
  }

  sort() {
    const committed = this.all.filter((e) => e.seq !== null && e.state === 'sent')
    const others = this.all.filter((e) => !committed.includes(e))
    const before = committed.filter((e) => this.earlier.has(e.key))
    const current = committed.filter((e) => !this.earlier.has(e.key))
    current.sort((a, b) => (a.seq ?? 0) - (b.seq ?? 0))
    this.all = [...before, ...current, ...others]
  }

  /** Another chat begins. */
  begin_anew() {
    for (const e of this.all) if (e.state === 'sent') this.earlier.add(e.key)
  }
}
