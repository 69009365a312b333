import { defineStore } from 'pinia'
import { ref } from 'vue'
import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import type { Options } from './fields'

type Named = { id: number; name: string }

/** The names that choices offer. */
export const useOptions = defineStore('admin-options', () => {
  const lists = ref<Record<Extract<Options, string>, Named[]>>({
    queues: [],
    skills: [],
    licences: [],
    gateways: [],
    calendars: [],
    agents: [],
  })

  async function load(): Promise<void> {
    const [queues, skills, licences, gateways, calendars, agents] = await Promise.all([
      whole((part) => answer(api.GET('/api/v1/queues', part))),
      whole((part) => answer(api.GET('/api/v1/skills', part))),
      whole((part) => answer(api.GET('/api/v1/licences', part))),
      whole((part) => answer(api.GET('/api/v1/gateways', part))),
      whole((part) => answer(api.GET('/api/v1/calendars', part))),
      whole((part) => answer(api.GET('/api/v1/agents', part))),
    ])
    lists.value = { queues, skills, licences, gateways, calendars, agents }
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
