import { onScopeDispose, readonly, ref } from 'vue'
import { keyActions, keysOf, type Remap } from './registry'

/** Runs an action; false means "not mine now", and the handler below gets its turn. */
type Handler = (key: string) => unknown

const handlers = new Map<string, Handler[]>()
const layers = ref(0)
let remap: Remap = {}
let lettersOff = false
let table = buildTable()
let pending: { prefix: string; until: number } | null = null

function buildTable(): Map<string, { id: string; inFields: boolean }> {
  const result = new Map<string, { id: string; inFields: boolean }>()
  for (const action of keyActions) {
    if (action.local) continue
    for (const key of keysOf(action.id, remap))
      result.set(key, { id: action.id, inFields: !!action.inFields })
  }
  return result
}

export function setKeyPreferences(next: { remap?: Remap; lettersOff?: boolean }): void {
  remap = next.remap ?? {}
  lettersOff = next.lettersOff ?? false
  table = buildTable()
}

/** Of an action with several keys: the place of the one that was pressed, from "1". */
export function nthOf(pressed: string, id = 'list.nth'): string {
  const place = keysOf(id, remap).indexOf(pressed)
  return place < 0 ? '' : String(place + 1)
}

/** While a component lives, it answers for an action. The newest handler is asked first. */
export function useAction(id: string, handler: Handler): void {
  const list = handlers.get(id) ?? []
  list.push(handler)
  handlers.set(id, list)
  onScopeDispose(() => {
    const at = list.indexOf(handler)
    if (at >= 0) list.splice(at, 1)
  })
}

export function runAction(id: string, key = ''): boolean {
  for (const handler of [...(handlers.get(id) ?? [])].reverse()) if (handler(key) !== false) return true
  return false
}

export function canRun(id: string): boolean {
  return (handlers.get(id)?.length ?? 0) > 0
}

/** Menus and dialogs own all keys while they are open. */
export const openLayers = readonly(layers)

export function enterLayer(): () => void {
  layers.value++
  let left = false
  return () => {
    if (left) return
    left = true
    layers.value--
  }
}

/** The name of what was pressed, by the character that it makes and not by its place on the keyboard. */
export function comboOf(event: KeyboardEvent): string | null {
  const { key } = event
  if (['Shift', 'Control', 'Alt', 'Meta', 'AltGraph', 'Dead', 'Process', 'Unidentified'].includes(key))
    return null
  // AltGr makes letters in many layouts; Alt belongs to the browser.
  if (event.altKey || event.getModifierState?.('AltGraph')) return null
  const ctrl = event.ctrlKey || event.metaKey ? 'Ctrl+' : ''
  if (key.length === 1) {
    const lower = key.toLowerCase()
    const isLetter = lower !== key.toUpperCase()
    return ctrl + (isLetter && event.shiftKey ? `Shift+${key.toUpperCase()}` : isLetter ? lower : key)
  }
  return ctrl + (event.shiftKey ? 'Shift+' : '') + key
}

function isField(target: EventTarget | null): boolean {
  // Elements of a mail frame belong to another realm, so instanceof would not know them.
  const element = target as Partial<HTMLElement> | null
  if (!element?.tagName) return false
  if (element.isContentEditable || element.tagName === 'TEXTAREA' || element.tagName === 'SELECT') return true
  if (element.tagName !== 'INPUT') return false
  return !['checkbox', 'radio', 'button', 'submit', 'range'].includes((element as HTMLInputElement).type)
}

function isPlain(combo: string): boolean {
  return combo.length === 1 || /^Shift\+.$/.test(combo)
}

/** Where somebody types just now. When it vanishes under his fingers, what he types on was meant for it. */
let writing: { field: HTMLElement; at: number } | null = null
const pause = 2000 // without a letter: whoever types one then means a key
let onLetterIntoNothing: () => void = () => undefined
/** Called once for each field that vanished while somebody typed on. */
export function whenTypedIntoNothing(tell: () => void): void {
  onLetterIntoNothing = tell
}

function isGone(field: HTMLElement): boolean {
  return !field.isConnected || field.checkVisibility?.() === false || (field as HTMLTextAreaElement).disabled
}

/** Whether this letter was meant for a field that is no more. */
function isLost(event: KeyboardEvent): boolean {
  if (!writing || event.timeStamp - writing.at > pause || !isGone(writing.field)) return false
  writing.at = event.timeStamp
  return true
}

function noteTyping(event: KeyboardEvent, combo: string, typing: boolean): void {
  if (typing && isPlain(combo)) writing = { field: event.target as HTMLElement, at: event.timeStamp }
  else if (!isPlain(combo) && combo !== 'Backspace') writing = null // sent, left, or gone elsewhere on purpose
}

let told: HTMLElement | null = null
export function onKeydown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || layers.value > 0) return
  const combo = comboOf(event)
  if (!combo) return
  const typing = isField(event.target)
  if (!typing && isPlain(combo) && isLost(event)) {
    event.preventDefault()
    if (told !== writing?.field) onLetterIntoNothing()
    told = writing?.field ?? null
    return
  }
  noteTyping(event, combo, typing)
  if (isPlain(combo) && (typing || lettersOff)) return

  if (pending && pending.until > event.timeStamp && !typing) {
    const both = `${pending.prefix} ${combo}`
    pending = null
    if (run(both, event, typing)) return
  }
  pending = null
  if (!typing && [...table.keys()].some((key) => key.startsWith(`${combo} `))) {
    pending = { prefix: combo, until: event.timeStamp + 1500 }
    event.preventDefault()
    return
  }
  run(combo, event, typing)
}

function run(combo: string, event: KeyboardEvent, typing: boolean): boolean {
  const found = table.get(combo)
  if (!found || (typing && !found.inFields)) return false
  if (!runAction(found.id, combo)) return false
  event.preventDefault()
  return true
}

export function installKeys(): void {
  window.addEventListener('keydown', onKeydown)
  window.addEventListener('pointerdown', () => (writing = null), true)
}
