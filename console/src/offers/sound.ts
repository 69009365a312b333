import { ref } from 'vue'

/** The ring. It is planned on the audio clock, which keeps time in tabs that are hidden for hours. */

const every_s = 4
let context: AudioContext | null = null
let current: { id: number; gain: GainNode } | null = null

/** False while the browser still waits for a gesture. */
export const audible = ref(false)

/** Call from a click or a key: browsers allow sound only then. */
export async function unlockAudio(): Promise<void> {
  try {
    context ??= new AudioContext()
    context.onstatechange = () => (audible.value = context?.state === 'running')
    await context.resume()
    audible.value = context.state === 'running'
  } catch {
    audible.value = false
  }
}

/** The first click or key on the page is gesture enough; asking for one more would be a nuisance. */
export function unlockAtFirstGesture(): () => void {
  const stop = () => {
    window.removeEventListener('pointerdown', unlock, true)
    window.removeEventListener('keydown', unlock, true)
  }
  // Not every key counts as a gesture for the browser, so it is asked until it agrees.
  const unlock = () => void unlockAudio().then(() => audible.value && stop())
  window.addEventListener('pointerdown', unlock, true)
  window.addEventListener('keydown', unlock, true)
  return stop
}

interface Tone {
  at: number
  hz: number
  lasts: number
}

/** Two soft rising notes for written work; the warble of a telephone for voice. */
function notes(voice: boolean): Tone[] {
  if (!voice)
    return [
      { at: 0, hz: 659.3, lasts: 0.28 },
      { at: 0.16, hz: 880, lasts: 0.5 },
    ]
  return Array.from({ length: 10 }, (_, i) => ({ at: i * 0.08, hz: i % 2 ? 620 : 784, lasts: 0.09 }))
}

function plan(audio: AudioContext, into: AudioNode, start: number, voice: boolean): void {
  for (const tone of notes(voice)) {
    const oscillator = audio.createOscillator()
    const envelope = audio.createGain()
    oscillator.type = voice ? 'triangle' : 'sine'
    oscillator.frequency.value = tone.hz
    const from = start + tone.at
    envelope.gain.setValueAtTime(0, from)
    envelope.gain.linearRampToValueAtTime(0.5, from + 0.015)
    envelope.gain.exponentialRampToValueAtTime(0.001, from + tone.lasts)
    oscillator.connect(envelope).connect(into)
    oscillator.start(from)
    oscillator.stop(from + tone.lasts)
  }
}

/** Rings for an offer until it is silenced or its seconds are over. */
export function ring(id: number, voice: boolean, seconds: number, volume: number): void {
  if (!context || context.state !== 'running' || current?.id === id) return
  silence()
  const gain = context.createGain()
  gain.gain.value = volume
  gain.connect(context.destination)
  current = { id, gain }
  const start = context.currentTime + 0.02
  for (let at = 0; at < Math.max(1, Math.min(seconds, 600)); at += every_s)
    plan(context, gain, start + at, voice)
}

export function silence(): void {
  current?.gain.disconnect()
  current = null
}

/** One ring, to hear how it is. */
export function chime(voice: boolean, volume: number): void {
  if (!context || context.state !== 'running') return
  const gain = context.createGain()
  gain.gain.value = volume
  gain.connect(context.destination)
  plan(context, gain, context.currentTime + 0.02, voice)
}
