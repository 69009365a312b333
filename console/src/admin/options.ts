import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import type { Options } from './fields'

type Named = { id: number; name: string }

/** The names that choices offer. */
export const useOptions = defineStore('admin-options', () => {
  const lists = ref<Record<'queues' | 'skills' | 'licences' | 'gateways' | 'calendars', Named[]>>({
    queues: [],
    skills: [],
    licences: [],
    gateways: [],
    calendars: [],
  })

  async function load(): Promise<void> {
    const all = { params: { query: { limit: 200 } } }
    const [queues, skills, licences, gateways, calendars] = await Promise.all([
      answer(api.GET('/api/v1/queues', all)),
      answer(api.GET('/api/v1/skills', all)),
      answer(api.GET('/api/v1/licences', all)),
      answer(api.GET('/api/v1/gateways', all)),
      answer(api.GET('/api/v1/calendars', all)),
    ])
    lists.value = {
      queues: queues.items,
      skills: skills.items,
      licences: licences.items,
      gateways: gateways.items,
      calendars: calendars.items,
    }
  }

  /** Values keep their type: ids are numbers, words are words. */
  function of(options: Options | undefined): { value: string | number; label: string }[] {
    if (!options) return []
    if (typeof options === 'string')
      return lists.value[options].map(({ id, name }) => ({ value: id, label: name }))
    return options.map(([value, label]) => ({ value, label }))
  }

  return { load, of }
})
