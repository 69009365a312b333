import { defineStore } from 'pinia'
import { ref } from 'vue'
import { collection } from './collection'
import type { Options } from './fields'

interface Named {
  id: number
  name: string
}

/** The names that choices offer. */
export const useOptions = defineStore('admin-options', () => {
  const lists = ref<Record<string, Named[]>>({})

  async function load(names: readonly string[]): Promise<void> {
    const read = await Promise.all(
      names.map(async (name) => {
        const rows = await collection(`/api/v1/${name}`).list()
        return [name, rows.map((row) => ({ id: row.id, name: String(row['name'] ?? `#${row.id}`) }))] as const
      }),
    )
    lists.value = { ...lists.value, ...Object.fromEntries(read) }
  }

  /** Values keep their type: ids are numbers, words are words. */
  function of(options: Options | undefined): { value: string | number; label: string }[] {
    if (!options) return []
    if (typeof options === 'string')
      return (lists.value[options] ?? []).map(({ id, name }) => ({ value: id, label: name }))
    return options.map(([value, label]) => ({ value, label }))
  }

  return { load, of }
})
