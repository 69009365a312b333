import type { AgentOverview, AgentStanding } from '@/api/types'

export interface AssignChoice {
  id: number
  label: string
  presence: AgentOverview['state']
  tickets: number
  /** What speaks against it, in the server's words; empty when nothing does. */
  hint: string
  fits: boolean
  /** By role or licence: nobody can give it to this agent. */
  barred: boolean
}

const order = { ready: 0, busy: 1, not_ready: 2, offline: 3 }
const away = 'not ready for this channel'
/** What passes by itself, when something in hand is done or somebody comes. */
const passing = new Set([
  'busy',
  'ringing',
  'not_signed_in',
  'shift_ends',
  'refused',
  'reserve',
  'delay',
  'free',
])

/** 0 could take it now, 1 later, 2 is of another queue, 3 and 4 lack something, 5 may not. */
function rank(standing: AgentStanding): number {
  if (!standing.allowed) return 5
  const lasting = standing.reasons.filter((reason) => !passing.has(reason))
  if (lasting.length === 0) return standing.reasons.length ? 1 : 0
  const isMember = !lasting.includes('no_member')
  if (!isMember && lasting.length === 1) return 2
  return isMember ? 3 : 4
}

/** Who could be given a ticket: those who fit, then who has no room, others' people, who lacks something, who may not. */
export function agentsFor(
  standings: AgentStanding[],
  agents: AgentOverview[],
  owner: number | undefined,
): AssignChoice[] {
  const seen = new Map(agents.map((row) => [row.agent.id, row]))
  return standings
    .flatMap((standing) => {
      const row = seen.get(standing.agent.id)
      if (!row || standing.agent.id === owner) return []
      const presence = row.state
      // Who is away has his presence beside it already.
      const said = standing.words.filter((words) => presence === 'ready' || words !== away)
      const choice: AssignChoice = {
        id: standing.agent.id,
        label: standing.agent.name,
        presence,
        tickets: row.tickets.length,
        hint: rank(standing) === 0 ? 'could take it' : said.join(' · '),
        fits: rank(standing) === 0,
        barred: !standing.allowed,
      }
      return [{ choice, rank: rank(standing) }]
    })
    .sort(
      (a, b) =>
        a.rank - b.rank ||
        order[a.choice.presence] - order[b.choice.presence] ||
        a.choice.label.localeCompare(b.choice.label),
    )
    .map(({ choice }) => choice)
}
