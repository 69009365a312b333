import { effectScope, ref } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { answerUnsaved, isUnsaved, mayLeave, unsavedQuestion, useUnsaved } from '@/ui/unsaved'

const scopes: ReturnType<typeof effectScope>[] = []
function form(loss: () => string, settle?: () => Promise<unknown>) {
  const scope = effectScope()
  scopes.push(scope)
  return scope.run(() => useUnsaved(loss, settle)) as () => Promise<boolean>
}
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  answerUnsaved(false)
})
const settled = () => new Promise((done) => setTimeout(done))

describe('unsaved words', () => {
  it('are left without a question when there are none', async () => {
    form(() => '')
    expect(await mayLeave()).toBe(true)
    expect(unsavedQuestion.value).toBeNull()
  })

  it('are asked for once, and kept or discarded as it is said', async () => {
    form(() => 'your changes')
    expect(isUnsaved()).toBe(true)
    const first = mayLeave()
    await settled()
    expect(unsavedQuestion.value?.loss).toBe('your changes')
    answerUnsaved(false)
    expect(await first).toBe(false)
    const second = mayLeave()
    await settled()
    answerUnsaved(true)
    expect(await second).toBe(true)
    expect(unsavedQuestion.value).toBeNull()
  })

  it('are saved first where that can be done, and asked for only when it could not', async () => {
    const typed = ref('typed')
    const save = vi.fn(() => Promise.resolve((typed.value = '')))
    form(() => typed.value, save)
    expect(await mayLeave()).toBe(true)
    expect(save).toHaveBeenCalledOnce()
  })

  it('of a dialog are asked for by the dialog alone', async () => {
    form(() => 'something below')
    const mayClose = form(() => '')
    expect(await mayClose()).toBe(true)
  })

  it('are forgotten with their form', async () => {
    form(() => 'your changes')
    scopes.pop()?.stop()
    expect(await mayLeave()).toBe(true)
  })

  it('leave nobody waiting who is asked anew', async () => {
    form(() => 'your changes')
    const first = mayLeave()
    await settled()
    const second = mayLeave()
    expect(await first).toBe(false)
    await settled()
    answerUnsaved(true)
    expect(await second).toBe(true)
  })
})
