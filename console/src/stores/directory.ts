import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Named, Queue } from '@/api/types'
import { onLive, onResync } from '@/live/events'

/** The names that dialogs and filters offer. Read once, and again when somebody changes them. */
export const useDirectory = defineStore('directory', () => {
  const queues = ref<Queue[]>([])
  const people = ref<Named[]>([])

  async function loadQueues(): Promise<void> {
    const { items } = await answer(api.GET('/api/v1/queues', { params: { query: { limit: 200 } } }))
    queues.value = items.filter((queue) => queue.active)
  }

  async function loadPeople(): Promise<void> {
    const { items } = await answer(
      api.GET('/api/v1/users', { params: { query: { active: true, limit: 200 } } }),
    )
    people.value = items.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
  }

  /** A colleague's name; empty while it is not known. */
  function nameOf(id: number | null | undefined): string {
    return people.value.find((person) => person.id === id)?.name ?? ''
  }

  function reload(kind?: string): void {
    if (queues.value.length && (!kind || kind.startsWith('queue'))) void loadQueues().catch(() => undefined)
    if (people.value.length && (!kind || kind.startsWith('user'))) void loadPeople().catch(() => undefined)
  }

  onLive((event) => {
    if (event.type === 'config.changed') reload(event.data.kind)
  })
  onResync(() => reload())

  return { queues, people, nameOf, loadQueues, loadPeople }
})
