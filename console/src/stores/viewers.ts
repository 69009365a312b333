import { defineStore } from 'pinia'
import { ref } from 'vue'
import { onLive, type LiveEvent, type ViewerNews } from '@/live/events'
import { useSession } from './session'

export interface Writer {
  agent: { id: number; name: string }
  kind: string
}

/** Who else has a ticket open, writes there, or has a draft on it. Whoever may not see a ticket is told nothing of it. */
export const useViewers = defineStore('viewers', () => {
  const looking = ref<Map<number, ViewerNews[]>>(new Map())
  const drafts = ref<Map<number, Writer[]>>(new Map())

  function see(news: ViewerNews): void {
    const rest = (looking.value.get(news.ticket_id) ?? []).filter(({ agent }) => agent.id !== news.agent.id)
    if (news.viewing) rest.push(news)
    if (rest.length) looking.value.set(news.ticket_id, rest)
    else looking.value.delete(news.ticket_id)
  }

  function setDrafts(ticketId: number, writers: Writer[]): void {
    if (writers.length) drafts.value.set(ticketId, writers)
    else drafts.value.delete(ticketId)
  }

  function apply(event: LiveEvent): void {
    if (event.type === 'viewers') {
      looking.value = new Map() // of this connection; what an earlier one said may be over
      event.data.items.forEach(see)
    } else if (event.type === 'viewer.changed') see(event.data)
    else if (event.type === 'draft.changed') {
      const { ticket_id, agent, kind, exists } = event.data
      const rest = (drafts.value.get(ticket_id) ?? []).filter(
        (writer) => writer.agent.id !== agent.id || writer.kind !== kind,
      )
      setDrafts(ticket_id, exists ? [...rest, { agent, kind }] : rest)
    }
  }

  /** "Ben is writing a reply", "Carla is viewing", "Dana has a draft": one sentence a colleague, who writes first. */
  function words(ticketId: number): string[] {
    const me = useSession().user?.id
    const present = (looking.value.get(ticketId) ?? []).filter(({ agent }) => agent.id !== me)
    const drafting = new Map(
      (drafts.value.get(ticketId) ?? [])
        .filter(({ agent }) => agent.id !== me)
        .map(({ agent }) => [agent.id, agent.name]),
    )
    const writing = present
      .filter((one) => one.writing)
      .map(({ agent, writing: what }) => `${agent.name} is writing a ${what}`)
    const viewing = present
      .filter((one) => !one.writing)
      .map(({ agent }) => `${agent.name} is viewing${drafting.has(agent.id) ? ' and has a draft' : ''}`)
    for (const { agent } of present) drafting.delete(agent.id)
    return [...writing, ...viewing, ...[...drafting.values()].map((name) => `${name} has a draft`)]
  }

  onLive(apply)

  return { looking, drafts, setDrafts, apply, words }
})
