import type { EventType, LiveEvent } from './eventTypes'

/** Who listens to the live feed. */

type Listener = (event: LiveEvent) => void

const listeners = new Set<Listener>()
const refetchers = new Set<() => void>()

export function onLive(listener: Listener): () => void {
  listeners.add(listener)
  return () => listeners.delete(listener)
}

/** The same for one kind of event. */
export function onEvent<T extends EventType>(type: T, listener: (event: LiveEvent<T>) => void): () => void {
  const isMeant = (event: LiveEvent): event is LiveEvent & LiveEvent<T> => event.type === type
  return onLive((event) => {
    if (isMeant(event)) listener(event)
  })
}

/** Called when the feed could not be resumed: whatever is shown must be read again. */
export function onResync(refetch: () => void): () => void {
  refetchers.add(refetch)
  return () => refetchers.delete(refetch)
}

export function publish(event: LiveEvent): void {
  for (const listener of [...listeners]) listener(event)
}

export function publishResync(): void {
  for (const refetch of [...refetchers]) refetch()
}

/** Orders two cursors "<xid>-<id>" by transaction, then by id. */
export function compareCursors(a: string, b: string): number {
  const [ax = '0', ai = '0'] = a.split('-')
  const [bx = '0', bi = '0'] = b.split('-')
  const x = BigInt(ax) - BigInt(bx)
  const order = x === 0n ? BigInt(ai) - BigInt(bi) : x
  return order < 0n ? -1 : order > 0n ? 1 : 0
}
