import type { InjectionKey, Ref } from 'vue'

/** Something may lie over the timeline and leave the composer below it free; what is below it cannot be reached then. */
export interface OverTimeline {
  place: Readonly<Ref<HTMLElement | null>>
  covered: Ref<boolean>
}
export const overTimeline: InjectionKey<OverTimeline> = Symbol('over the timeline')
