import type { components } from './schema'

type Body = Partial<components['schemas']['problem']>

/** What the server refused, or that it could not be reached (status 0). */
export class Problem extends Error {
  constructor(
    readonly status: number,
    readonly body: Body = {},
  ) {
    super(body.detail || body.title || (status === 0 ? 'The server cannot be reached' : `Error ${status}`))
    this.name = 'Problem'
  }

  get requestId(): string | undefined {
    return this.body.request_id || undefined
  }

  /** Nothing reached the server, or it was too busy: the same request may be sent again. */
  get mayRetry(): boolean {
    return this.status === 0 || this.status === 429 || this.status >= 500
  }

  field(name: string): string | undefined {
    return this.body.errors?.find((error) => error.field === name)?.message
  }

  /** What is wrong with this part or with something inside it. */
  within(part: string): string | undefined {
    return this.body.errors?.find(
      ({ field }) => field === part || field.startsWith(`${part}.`) || field.startsWith(`${part}[`),
    )?.message
  }
}

export function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error
  return new Problem(0, error instanceof TypeError ? {} : { detail: String(error) })
}
