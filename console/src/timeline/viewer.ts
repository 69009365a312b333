import { ref } from 'vue'

/** The pages of a fax or a letter that are open beside the ticket: one can write while reading them. */
export interface Viewed {
  ticketId: number
  attachmentId: number
  pages: number
  page: number
}

export const viewed = ref<Viewed | null>(null)
let opener: HTMLElement | null = null

export function view(pages: Viewed): void {
  opener = document.activeElement as HTMLElement | null
  viewed.value = pages
}

/** Back to the page that was pressed. */
export function closeViewer(): void {
  const back = opener
  viewed.value = null
  opener = null
  // The timeline may get its place back first: what is not drawn takes no focus.
  requestAnimationFrame(() => requestAnimationFrame(() => back?.focus()))
}
