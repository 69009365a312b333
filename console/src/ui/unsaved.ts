import { onScopeDispose, readonly, shallowRef } from 'vue'

/** What would be lost by leaving, in words: "your changes to this queue". Empty = nothing. */
type Loss = () => string

interface Form {
  loss: Loss
  /** Saves by itself what can be saved before somebody leaves. */
  settle?: () => Promise<unknown>
}

const forms = new Set<Form>()
const asked = shallowRef<{ loss: string; answer: (leave: boolean) => void } | null>(null)

/** What is asked now; the frame shows it. */
export const unsavedQuestion = readonly(asked)

export function answerUnsaved(leave: boolean): void {
  const { value } = asked
  asked.value = null
  value?.answer(leave)
}

async function mayLeaveForms(those: Form[]): Promise<boolean> {
  await Promise.all(those.map((form) => form.settle?.()))
  const loss = those.map((form) => form.loss()).find(Boolean)
  if (!loss) return true
  answerUnsaved(false) // who asks anew has given up the first
  return new Promise((answer) => (asked.value = { loss, answer }))
}

/** Whether nothing is lost by leaving the page, or somebody said that it may be. */
export const mayLeave = (): Promise<boolean> => mayLeaveForms([...forms])

export const isUnsaved = (): boolean => [...forms].some((form) => form.loss() !== '')

/** While a component lives, nobody leaves its unsaved words without being asked once. The result asks for it alone. */
export function useUnsaved(loss: Loss, settle?: Form['settle']): () => Promise<boolean> {
  const form: Form = settle ? { loss, settle } : { loss }
  forms.add(form)
  onScopeDispose(() => forms.delete(form))
  return () => mayLeaveForms([form])
}
