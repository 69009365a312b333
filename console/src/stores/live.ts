import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { learnServerTime, now, serverNow } from '@/live/clock'
import { publish, publishResync } from '@/live/events'
import { LiveFeed, type FeedState } from '@/live/feed'
import { useSession } from './session'

/** The connection, and how fresh everything is. */
export const useLive = defineStore('live', () => {
  const state = ref<FeedState>('connecting')
  const lastNews = ref(serverNow())
  const everLive = ref(false)
  /** Shown only after a moment, so that a short blink disturbs nobody. */
  const lostSince = ref<number | null>(null)
  const reconnecting = computed(
    () => everLive.value && lostSince.value !== null && now.value - lostSince.value >= 1000,
  )
  let feed: LiveFeed | null = null

  function start(after: string | null): void {
    stop()
    const scheme = window.location.protocol === 'https:' ? 'wss' : 'ws'
    feed = new LiveFeed({
      url: `${scheme}://${window.location.host}/api/v1/live`,
      onEvent: (event) => {
        if (event.type === 'viewers' && place.ticketId) tellPlace() // the first word of a connection
        lastNews.value = serverNow()
        publish(event)
      },
      onResync: publishResync,
      onState: (next) => {
        state.value = next
        if (next === 'live') {
          everLive.value = true
          lostSince.value = null
          lastNews.value = serverNow()
        } else lostSince.value ??= serverNow()
      },
      onServerTime: learnServerTime,
      onTrouble: () => void useSession().load(),
    })
    feed.start(after)
  }

  function stop(): void {
    feed?.stop()
    feed = null
  }

  /** At most one every three seconds: enough to keep the other side's dots alive. */
  let lastTyping = { ticketId: 0, at: 0 }
  function typing(ticketId: number): void {
    if (lastTyping.ticketId === ticketId && serverNow() - lastTyping.at < 3000) return
    lastTyping = { ticketId, at: serverNow() }
    feed?.send({ type: 'typing', ticket_id: ticketId })
  }

  /** Which ticket this tab has open, and what it writes there. Said again with each connection. */
  let place: { ticketId: number; writing: 'reply' | 'note' | null; at: number } = {
    ticketId: 0,
    writing: null,
    at: 0,
  }
  const writing_ms = 4000 // the server forgets after ten seconds
  function tellPlace(): void {
    feed?.send({ type: 'viewing', ticket_id: place.ticketId, writing: place.writing })
  }
  function viewing(ticketId: number | null, writing: 'reply' | 'note' | null = null): void {
    const next = { ticketId: ticketId ?? 0, writing, at: serverNow() }
    const same = next.ticketId === place.ticketId && next.writing === place.writing
    if (same && (!writing || next.at - place.at < writing_ms)) return
    place = next
    tellPlace()
  }

  function left(ticketId: number): void {
    if (place.ticketId === ticketId) viewing(null)
  }

  return {
    state,
    lastNews,
    reconnecting,
    start,
    stop,
    typing,
    viewing,
    left,
    reconnectNow: () => feed?.reconnectNow(),
  }
})
