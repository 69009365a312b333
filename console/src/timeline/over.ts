import type { InjectionKey, Ref } from 'vue'

/** Where something may lie over the timeline and leave the composer below it free. */
export const overTimeline: InjectionKey<Readonly<Ref<HTMLElement | null>>> = Symbol('over the timeline')
