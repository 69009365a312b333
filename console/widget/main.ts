// <script src="https://…/chat/widget.js" data-gateway="website" async></script>
// Also: data-title, data-accent (a CSS colour), data-theme (light|dark), data-language (en|de|fr), data-base (server).
import { browser_environment } from './browser'
import { chat_session } from './session'
import { chat_window } from './window'
import { words_for } from './words'

function start(script: HTMLScriptElement) {
  const { gateway, title, accent, theme, language: wanted, base } = script.dataset
  if (!gateway) return
  const language = wanted || document.documentElement.lang || navigator.language
  const words = words_for(language)
  const server = base ?? script.src.replace(/\/chat\/widget\.js.*$/, '')
  const chat = new chat_session(browser_environment(server, gateway), gateway, (view) => shown.show(view))
  const shown = new chat_window(
    { title: title || words.title, words, language, accent, theme },
    {
      send: (text, name, email, files) => {
        const about = {
          language,
          page_url: location.origin + location.pathname, // a query may hold what is not ours to know
          ...(name && { name }),
          ...(email && { email }),
        }
        return chat.send(text, about, files)
      },
      shows: (open) => void chat.shows(open),
      leave_address: (email) => chat.leave_address(email),
      ask_for_transcript: () => chat.ask_for_transcript(),
      end: () => chat.end(),
      save_file: (id, name) => chat.save_file(id, name),
      writes: () => chat.writes(),
      seen: () => chat.seen(),
      retry: (key) => chat.retry(key),
    },
  )
  shown.attach()
  shown.show(chat.view())
  addEventListener('online', () => chat.network_changed())
  addEventListener('offline', () => chat.network_changed())
  chat.resume()
  if (chat.is_open) shown.open(false) // as it was on the last page, without taking the focus from this one
}

const script = document.currentScript
if (script instanceof HTMLScriptElement) {
  if (document.body) start(script)
  else addEventListener('DOMContentLoaded', () => start(script))
}
