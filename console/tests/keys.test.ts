import { effectScope } from 'vue'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { comboOf, enterLayer, onKeydown, setKeyPreferences, useAction } from '@/keys/dispatch'
import { conflicts, keyActions, keyLabel } from '@/keys/registry'

const scopes: ReturnType<typeof effectScope>[] = []
function listen(id: string, result: unknown = undefined) {
  const heard = vi.fn(() => result)
  const scope = effectScope()
  scope.run(() => useAction(id, heard))
  scopes.push(scope)
  return heard
}
function press(key: string, more: KeyboardEventInit = {}, target: Element = document.body) {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more })
  Object.defineProperty(event, 'target', { value: target })
  onKeydown(event)
  return event
}
afterEach(() => {
  for (const scope of scopes.splice(0)) scope.stop()
  setKeyPreferences({})
})

describe('the registry', () => {
  it('gives each key to one action', () => expect(conflicts()).toEqual([]))
  it('notices a remap that takes a key twice', () =>
    expect(conflicts({ 'ticket.reply': ['n'] })).toEqual(['n: ticket.reply and ticket.note']))
  it('notices a key that hides a sequence', () =>
    expect(conflicts({ 'ticket.reply': ['g'] })[0]).toContain('g hides'))
  it('uses no Alt, which belongs to the browser', () =>
    expect(keyActions.flatMap((action) => action.keys).filter((key) => key.includes('Alt'))).toEqual([]))
  it('names each action once', () =>
    expect(new Set(keyActions.map((action) => action.id)).size).toBe(keyActions.length))
  it('prints keys as they are on the keyboard', () => {
    expect(keyLabel('PageDown')).toBe('PgDn')
    expect(keyLabel('Ctrl+k')).toBe('Ctrl+K')
  })
})

describe('what was pressed', () => {
  const combo = (key: string, more: KeyboardEventInit = {}) =>
    comboOf(new KeyboardEvent('keydown', { key, ...more }))
  it('is the character, whatever the layout', () => {
    expect(combo('?', { shiftKey: true })).toBe('?')
    expect(combo('/', { shiftKey: true })).toBe('/')
    expect(combo('X', { shiftKey: true })).toBe('Shift+X')
    expect(combo('R')).toBe('r')
  })
  it('is Ctrl for Cmd, too', () => expect(combo('Enter', { metaKey: true })).toBe('Ctrl+Enter'))
  it('leaves AltGr letters to the text', () => expect(combo('ę', { ctrlKey: true, altKey: true })).toBeNull())
})

describe('the dispatcher', () => {
  it('hears nothing of what is typed on when the field vanishes under the fingers', () => {
    const held = listen('ticket.hold')
    const field = document.body.appendChild(document.createElement('textarea'))
    press('a', {}, field)
    field.remove()
    expect(press('h').defaultPrevented).toBe(true)
    expect(held).not.toHaveBeenCalled()
    press('Escape')
    press('h')
    expect(held).toHaveBeenCalledOnce()
  })
  it('hears the key that follows what was sent, though the field is gone', () => {
    const held = listen('ticket.hold')
    const field = document.body.appendChild(document.createElement('textarea'))
    press('a', {}, field)
    press('Enter', { ctrlKey: true }, field)
    field.remove()
    press('h')
    expect(held).toHaveBeenCalledOnce()
  })
  it('runs a letter outside text fields only', () => {
    const reply = listen('ticket.reply')
    press('r', {}, document.body.appendChild(document.createElement('textarea')))
    expect(reply).not.toHaveBeenCalled()
    press('r')
    expect(reply).toHaveBeenCalledOnce()
  })
  it('runs F2 while typing', () => {
    const accept = listen('offer.accept')
    expect(press('F2', {}, document.createElement('textarea')).defaultPrevented).toBe(true)
    expect(accept).toHaveBeenCalledOnce()
  })
  it('leaves a key alone that nobody answers', () => expect(press('F2').defaultPrevented).toBe(false))
  it('asks the newest first, then the one below', () => {
    const below = listen('list.next')
    const above = listen('list.next', false)
    press('j')
    expect(above).toHaveBeenCalledOnce()
    expect(below).toHaveBeenCalledOnce()
  })
  it('is silent while a menu is open', () => {
    const note = listen('ticket.note')
    const leave = enterLayer()
    press('n')
    expect(note).not.toHaveBeenCalled()
    leave()
    press('n')
    expect(note).toHaveBeenCalledOnce()
  })
  it('joins g and a letter', () => {
    const go = listen('go.tickets')
    const transfer = listen('ticket.transfer')
    press('g')
    press('t')
    expect(go).toHaveBeenCalledOnce()
    expect(transfer).not.toHaveBeenCalled()
  })
  it('ignores keys of an input method', () => {
    const send = listen('composer.send')
    press('Enter', { ctrlKey: true, isComposing: true })
    expect(send).not.toHaveBeenCalled()
  })
  it('can be remapped, and letters switched off', () => {
    const reply = listen('ticket.reply')
    setKeyPreferences({ remap: { 'ticket.reply': ['w'] } })
    press('r')
    expect(reply).not.toHaveBeenCalled()
    press('w')
    expect(reply).toHaveBeenCalledOnce()
    setKeyPreferences({ lettersOff: true })
    press('r')
    expect(reply).toHaveBeenCalledOnce()
  })
})
