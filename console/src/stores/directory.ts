import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { answer, api } from '@/api/client'
import { whole } from '@/api/pages'
import type { AbsenceReason, ActionKind, Named, ObjectKind, Organization, Queue } from '@/api/types'
import { onEvent, onResync } from '@/live/events'

/** The names that dialogs and filters offer. Read once, and again when somebody changes them. */
export const useDirectory = defineStore('directory', () => {
  /** Those that are no longer in use, too: tickets lie in them. */
  const all = ref<Queue[]>([])
  const queues = computed(() => all.value.filter((queue) => queue.active))
  const people = ref<Named[]>([])
  const reasons = ref<AbsenceReason[]>([])
  const kinds = ref<ObjectKind[]>([])
  const actionKinds = ref<ActionKind[]>([])
  const organizations = ref<Organization[]>([])

  async function loadQueues(): Promise<void> {
    all.value = await whole((part) => answer(api.GET('/api/v1/queues', part)))
  }

  async function loadPeople(): Promise<void> {
    const items = await whole(({ params: { query } }) =>
      answer(api.GET('/api/v1/users', { params: { query: { ...query, active: true } } })),
    )
    people.value = items.map(({ id, name }) => ({ id, name })).sort((a, b) => a.name.localeCompare(b.name))
  }

  async function loadReasons(): Promise<void> {
    reasons.value = await whole((part) => answer(api.GET('/api/v1/absence-reasons', part)))
  }

  async function loadOrganizations(): Promise<void> {
    const items = await whole((part) => answer(api.GET('/api/v1/organizations', part)))
    organizations.value = items.sort((a, b) => a.name.localeCompare(b.name))
  }

  let kindsAsked: Promise<void> | undefined
  /** The kinds of what other systems know of customers: asked for once, whoever shows it. */
  function loadKinds(): Promise<void> {
    kindsAsked ??= whole((part) => answer(api.GET('/api/v1/object-kinds', part)))
      .then((read) => void (kinds.value = read))
      .catch((error: unknown) => {
        kindsAsked = undefined
        throw error
      })
    return kindsAsked
  }

  let actionsAsked: Promise<void> | undefined
  /** What can be done for customers: asked for once, whoever shows it. */
  function loadActionKinds(): Promise<void> {
    actionsAsked ??= whole((part) => answer(api.GET('/api/v1/action-kinds', part)))
      .then((read) => void (actionKinds.value = read))
      .catch((error: unknown) => {
        actionsAsked = undefined
        throw error
      })
    return actionsAsked
  }

  /** A colleague's name; empty while it is not known. */
  function nameOf(id: number | null | undefined): string {
    return people.value.find((person) => person.id === id)?.name ?? ''
  }

  function reload(kind?: string): void {
    if (all.value.length && (!kind || kind.startsWith('queue'))) void loadQueues().catch(() => undefined)
    if (people.value.length && (!kind || kind.startsWith('user'))) void loadPeople().catch(() => undefined)
    if (!kind || kind === 'absence_reason') void loadReasons().catch(() => undefined)
    if (organizations.value.length && (!kind || kind === 'organization'))
      void loadOrganizations().catch(() => undefined)
    if (kindsAsked && (!kind || kind === 'object_kind')) {
      kindsAsked = undefined
      void loadKinds().catch(() => undefined)
    }
    if (actionsAsked && (!kind || kind === 'action_kind')) {
      actionsAsked = undefined
      void loadActionKinds().catch(() => undefined)
    }
  }

  onEvent('config.changed', ({ data }) => reload(data.kind))
  onResync(() => reload())

  return {
    all,
    queues,
    people,
    reasons,
    kinds,
    actionKinds,
    organizations,
    nameOf,
    loadQueues,
    loadPeople,
    loadReasons,
    loadKinds,
    loadActionKinds,
    loadOrganizations,
  }
})
