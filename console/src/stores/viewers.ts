import { defineStore } from 'pinia'
import { ref } from 'vue'
import { firstName } from '@/format/words'
import { onLive } from '@/live/events'
import type { LiveEvent, ViewerNews } from '@/live/eventTypes'
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

  /** One a colleague, who writes first: what is said of him, and more where there is room. */
  function company(ticketId: number): { name: string; what: string; more: string }[] {
    const me = useSession().user?.id
    const present = (looking.value.get(ticketId) ?? []).filter(({ agent }) => agent.id !== me)
    const drafting = new Map(
      (drafts.value.get(ticketId) ?? [])
        .filter(({ agent }) => agent.id !== me)
        .map(({ agent }) => [agent.id, agent.name]),
    )
    const writing = present
      .filter((one) => one.writing)
      .map(({ agent, writing: kind }) => ({ name: agent.name, what: 'is writing', more: ` a ${kind}` }))
    const viewing = present
      .filter((one) => !one.writing)
      .map(({ agent: { id, name } }) => ({
        name,
        what: 'is viewing',
        more: drafting.has(id) ? ' and has a draft' : '',
      }))
    for (const { agent } of present) drafting.delete(agent.id)
    const away = [...drafting.values()].map((name) => ({ name, what: 'has a draft', more: '' }))
    return [...writing, ...viewing, ...away]
  }

  /** "Ben Arnold is writing a reply", "Carla Diaz is viewing and has a draft". */
  function words(ticketId: number): string[] {
    return company(ticketId).map(({ name, what, more }) => `${name} ${what}${more}`)
  }

  /** For lists and the header: "Ben is writing +1"; empty where nobody is. */
  function shortly(ticketId: number): string {
    const [first, ...others] = company(ticketId)
    if (!first) return ''
    return `${firstName(first.name)} ${first.what}${others.length ? ` +${others.length}` : ''}`
  }

  onLive(apply)

  return { looking, drafts, setDrafts, apply, words, shortly }
})
