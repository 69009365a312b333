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

  return { state, lastNews, reconnecting, start, stop, typing, reconnectNow: () => feed?.reconnectNow() }
})
