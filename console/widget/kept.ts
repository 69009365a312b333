// What of a chat outlives its page: who we are, where we were, and what the server has not acknowledged.
import { parse, type environment, type place, type unsent_message } from './environment'
import type { credentials } from './protocol'

export class kept {
  constructor(
    private readonly env: Pick<environment, 'remembered' | 'unsent'>,
    private readonly gateway: string,
  ) {}

  credentials(): credentials | null {
    return parse(this.env.remembered.read(this.key))
  }

  keep_credentials(as: credentials | null) {
    if (as) this.env.remembered.write(this.key, JSON.stringify(as))
    else this.env.remembered.remove(this.key)
  }

  place(): place {
    const last = parse<Partial<place>>(this.env.remembered.read(`${this.key}.place`))
    return { open: last?.open === true, read: Number.isInteger(last?.read) ? (last?.read ?? 0) : 0 }
  }

  keep_place(at: place) {
    if (at.open || at.read > 0) this.env.remembered.write(`${this.key}.place`, JSON.stringify(at))
    else this.env.remembered.remove(`${this.key}.place`)
  }

  unsent(): unsent_message[] {
    return parse(this.env.unsent.read(`${this.key}.unsent`)) ?? []
  }

  keep_unsent(left: unsent_message[]) {
    if (left.length > 0) this.env.unsent.write(`${this.key}.unsent`, JSON.stringify(left))
    else this.env.unsent.remove(`${this.key}.unsent`)
  }

  private get key() {
    return `switchboard.chat.${this.gateway}`
  }
}
