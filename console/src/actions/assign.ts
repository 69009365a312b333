import type { AgentOverview, PresenceState, RoutingStory } from '@/api/types'
import { missingWords } from '@/routing/words'

export interface AssignChoice {
  id: number
  name: string
  presence: PresenceState | 'busy'
  tickets: number
  /** What routing thinks of it; empty when it has said nothing. */
  hint: string
  fits: boolean
}

const order = { ready: 0, busy: 1, not_ready: 2, offline: 3 }

/** Who could be given a ticket: first those whom routing would ask, then the queue's own, and of them who is here. */
export function agentsFor(
  agents: AgentOverview[],
  story: RoutingStory | null,
  members: ReadonlySet<number>,
  owner: number | undefined,
  words: string,
): AssignChoice[] {
  const could = new Set(story?.waiting?.could_take.map(({ id }) => id))
  const almost = new Map(story?.waiting?.almost.map(({ agent, missing }) => [agent.id, missing]))
  const wanted = words.trim().toLowerCase()
  const rank = ({ id, fits }: AssignChoice) => (fits ? 0 : members.has(id) ? 1 : 2)
  return agents
    .filter(({ agent }) => agent.id !== owner && agent.name.toLowerCase().includes(wanted))
    .map(({ agent, presence, tickets }): AssignChoice => {
      const busy = presence.state === 'ready' && tickets.some(({ state }) => state === 'active')
      const missing = almost.get(agent.id) ?? (members.has(agent.id) ? [] : ['no_member'])
      return {
        id: agent.id,
        name: agent.name,
        presence: busy ? 'busy' : presence.state,
        tickets: tickets.length,
        hint: could.has(agent.id) ? 'could take it' : missing.map(missingWords).join(', '),
        fits: could.has(agent.id),
      }
    })
    .sort(
      (a, b) => rank(a) - rank(b) || order[a.presence] - order[b.presence] || a.name.localeCompare(b.name),
    )
}
