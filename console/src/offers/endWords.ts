/** Why an offer that was on the screen is gone. */

const rescinded: Record<string, string> = {
  agent_gone: 'You no longer accept this channel',
  ticket_gone: 'No longer waiting',
  interrupted: 'Other work came first',
  replaced: 'Changed while it rang',
  'the agent took more urgent work': 'You took more urgent work',
  'the agent is no longer available': 'You were no longer available',
}

export function rescindWords(taker: string, reason = ''): string {
  if (taker) return `Taken by ${taker}`
  return rescinded[reason] ?? (reason.charAt(0).toUpperCase() + reason.slice(1) || 'Taken back')
}

const conflicts: Record<string, string> = {
  taken: 'Taken by somebody else',
  expired: 'Too late: the time ran out',
  timed_out: 'Too late: the time ran out',
  active: 'Accepted already',
  rescinded: 'Taken back',
  licence: 'Your licence does not cover it',
}

/** What the server's refusal to accept means. */
export function conflictWords(detail: string): string {
  return Object.entries(conflicts).find(([key]) => detail.includes(key))?.[1] ?? detail
}
