// The chat window: draws a chat_view and hands on what the customer does.
import { drawing, linked, make } from './elements'
import type { chat_view, entry } from './environment'
import { file_picker } from './files'
import { may_ask_transcript, may_end, notice, wants_address } from './notices'
import type { outgoing_file } from './protocol'
import { longest_text } from './session'
import { style } from './style'
import type { words } from './words'
import { fill } from './words'

export interface window_actions {
  send(text: string, name: string, email: string, files: outgoing_file[]): boolean
  shows(open: boolean): void
  leave_address(email: string): void
  ask_for_transcript(): void
  end(): void
  save_file(id: number, name: string): Promise<boolean>
  writes(): void
  seen(): void
  retry(key: string): void
}

export interface window_options {
  title: string
  words: words
  language: string
  accent?: string
  theme?: string // light, dark, or as the browser likes
}

const icon = {
  chat: 'M4 4h16a2 2 0 0 1 2 2v9a2 2 0 0 1-2 2H9l-5 4v-4a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2z',
  close: 'M5 5l14 14M19 5L5 19',
}

export class chat_window {
  private readonly host = document.createElement('switchboard-chat')
  private readonly root = this.host.attachShadow({ mode: 'open' })
  private readonly launcher: HTMLButtonElement
  private readonly badge: HTMLElement
  private readonly dialog: HTMLElement
  private readonly subtitle: HTMLElement
  private readonly log: HTMLElement
  private readonly typing: HTMLElement
  private readonly banner: HTMLElement
  private readonly who: HTMLElement
  private readonly name: HTMLInputElement
  private readonly email: HTMLInputElement
  private readonly text: HTMLTextAreaElement
  private readonly drawn = new Map<string, { element: HTMLElement; state: string }>()
  private readonly address: HTMLFormElement
  private readonly transcript: HTMLButtonElement
  private readonly end: HTMLButtonElement
  private readonly asked: HTMLElement // whether he means to end it
  private readonly picker: file_picker
  private unread = 0

  constructor(
    private readonly options: window_options,
    private readonly actions: window_actions,
  ) {
    const w = options.words
    this.badge = make('span', { class: 'badge', hidden: '', 'aria-hidden': 'true' })
    this.launcher = make('button', { class: 'launcher', type: 'button', 'aria-haspopup': 'dialog' }, [
      drawing(icon.chat, 28),
      this.badge,
    ])
    this.subtitle = make('p', {})
    const close = make('button', { type: 'button', 'aria-label': w.close }, [drawing(icon.close, 22)])
    this.log = make('div', { class: 'log', role: 'log', 'aria-live': 'polite', 'aria-label': options.title, tabindex: '0' })
    this.log.append(this.line('system', w.greeting))
    this.typing = make('div', { class: 'typing', 'aria-live': 'off' })
    this.banner = make('div', { class: 'banner', role: 'status', hidden: '' })
    this.name = make('input', { autocomplete: 'name', maxlength: '200' })
    this.email = make('input', { type: 'email', autocomplete: 'email', maxlength: '254' })
    this.who = make('div', { class: 'row' }, [
      make('label', {}, [w.name, this.name]),
      make('label', {}, [w.email, this.email]),
    ])
    this.text = make('textarea', { rows: '1', maxlength: String(longest_text), enterkeyhint: 'send' })
    this.picker = new file_picker(w)
    const left = make('input', { type: 'email', autocomplete: 'email', maxlength: '320', required: '' })
    this.address = make('form', { class: 'address', hidden: '' }, [
      make('div', { class: 'row' }, [
        make('label', {}, [w.address, left]),
        make('button', { class: 'send', type: 'submit' }, [w.keep]),
      ]),
    ])
    this.address.onsubmit = (e) => {
      e.preventDefault()
      this.actions.leave_address(left.value.trim())
    }
    this.transcript = make('button', { class: 'transcript', type: 'button', hidden: '' }, [w.transcript])
    this.transcript.onclick = () => this.actions.ask_for_transcript()
    this.end = make('button', { class: 'transcript', type: 'button', hidden: '' }, [w.end])
    const sure = make('button', { class: 'transcript', type: 'button' }, [w.end_sure])
    const back = make('button', { class: 'transcript', type: 'button' }, [w.end_back])
    this.asked = make('div', { class: 'row', hidden: '', role: 'group', 'aria-label': w.end }, [sure, back])
    const ask = (asked: boolean) => {
      this.asked.hidden = !asked
      this.end.setAttribute('aria-expanded', String(asked))
    }
    this.end.onclick = () => {
      ask(this.asked.hidden)
      back.focus()
    }
    back.onclick = () => {
      ask(false)
      this.end.focus()
    }
    sure.onclick = () => {
      ask(false)
      this.actions.end()
      this.text.focus()
    }
    const form = make('form', {}, [
      this.who,
      this.picker.chosen,
      make('div', { class: 'row' }, [
        this.picker.button,
        make('label', {}, [make('span', {}, [w.write]), this.text]),
        make('button', { class: 'send', type: 'submit' }, [w.send]),
      ]),
    ])
    this.dialog = make('div', { class: 'window', role: 'dialog', 'aria-label': options.title, hidden: '' }, [
      make('header', {}, [make('div', {}, [make('h2', {}, [options.title]), this.subtitle]), close]),
      this.log,
      this.typing,
      this.banner,
      this.address,
      this.transcript,
      this.end,
      this.asked,
      form,
    ])
    this.launcher.onclick = () => this.open(true)
    close.onclick = () => this.close()
    form.onsubmit = (e) => {
      e.preventDefault()
      this.submit()
    }
    this.dialog.onkeydown = (e) => this.key(e)
    this.text.oninput = () => {
      this.fit()
      this.actions.writes()
    }
    this.dress()
    this.name_launcher()
  }

  attach() {
    document.body.append(this.host)
    document.addEventListener('visibilitychange', () => this.look())
  }

  show(view: chat_view) {
    const w = this.options.words
    const at_end = this.log.scrollHeight - this.log.scrollTop - this.log.clientHeight < 40
    view.entries.forEach((e) => this.draw(e, view.read_by_agent))
    // Messages move when they are committed; the order of the nodes follows, without touching those in place.
    view.entries.forEach((e, place) => {
      const element = this.drawn.get(e.key)?.element
      if (element && this.log.children[place + 1] !== element) this.log.insertBefore(element, this.log.children[place + 1] ?? null)
    })
    this.unread = view.unread
    this.subtitle.textContent = view.agent ? fill(w.with, view.agent) : ''
    this.typing.textContent = view.typing === null ? '' : fill(w.typing, view.typing || w.us)
    const news = notice(view, w, this.options.language)
    if (this.banner.textContent !== news) this.banner.textContent = news
    this.banner.hidden = !news
    this.who.hidden = view.entries.length > 0
    this.address.hidden = !wants_address(view)
    this.transcript.hidden = !may_ask_transcript(view)
    this.end.hidden = !may_end(view)
    if (this.end.hidden) this.asked.hidden = true
    if (at_end) this.log.scrollTop = this.log.scrollHeight
    this.look()
  }

  private get is_open() {
    return !this.dialog.hidden
  }

  open(with_focus: boolean) {
    this.dialog.hidden = false
    this.launcher.hidden = true
    this.host.toggleAttribute('data-open', true)
    this.dialog.setAttribute('aria-modal', String(this.covers_page()))
    this.log.scrollTop = this.log.scrollHeight
    if (with_focus) this.text.focus()
    this.actions.shows(true)
    this.look()
  }

  private close() {
    this.dialog.hidden = true
    this.launcher.hidden = false
    this.host.removeAttribute('data-open')
    this.actions.shows(false)
    this.launcher.focus()
  }

  private covers_page() {
    return matchMedia('(max-width: 480px)').matches
  }

  private submit() {
    const files = this.picker.files
    if (!this.actions.send(this.text.value, this.name.value.trim(), this.email.value.trim(), files)) return
    this.picker.clear()
    this.text.value = ''
    this.fit()
    this.log.scrollTop = this.log.scrollHeight
    this.text.focus()
  }

  private key(e: KeyboardEvent) {
    e.stopPropagation() // the page's own shortcuts are not meant while someone writes here
    if (e.isComposing) return
    if (e.key === 'Escape') {
      e.preventDefault()
      this.close()
    } else if (e.key === 'Enter' && !e.shiftKey && e.target === this.text) {
      e.preventDefault()
      this.submit()
    } else if (e.key === 'Tab' && this.covers_page()) {
      this.keep_focus(e)
    }
  }

  /** While the window covers the page, Tab stays in it. */
  private keep_focus(e: KeyboardEvent) {
    const stops = [...this.dialog.querySelectorAll<HTMLElement>('button, input, textarea, a, [tabindex]')].filter(
      (s) => s.offsetParent !== null,
    )
    const edge = e.shiftKey ? stops[0] : stops[stops.length - 1]
    if (this.root.activeElement !== edge) return
    e.preventDefault()
    ;(e.shiftKey ? stops[stops.length - 1] : stops[0])?.focus()
  }

  /** What is on a visible screen counts as seen. */
  private look() {
    if (this.is_open && document.visibilityState === 'visible' && this.unread > 0) {
      this.unread = 0
      this.actions.seen()
    }
    this.name_launcher()
  }

  private name_launcher() {
    const w = this.options.words
    const { unread } = this
    this.badge.hidden = unread <= 0
    this.badge.textContent = String(unread)
    this.launcher.setAttribute('aria-label', unread > 0 ? `${w.open}, ${fill(w.unread, unread)}` : w.open)
    this.launcher.setAttribute('aria-expanded', String(this.is_open))
  }

  private fit() {
    this.text.style.height = 'auto'
    this.text.style.height = `${this.text.scrollHeight + 2}px`
  }

  private draw(e: entry, read: number) {
    const state = e.state + e.detail + (e.from === 'customer' && e.seq !== null && e.seq <= read ? '+read' : '')
    const old = this.drawn.get(e.key)
    if (old?.state === state) return
    const element = old?.element ?? this.line(e.from, e.text, this.heading(e))
    element.dataset.state = e.state
    element.querySelector('.note')?.remove()
    const note = this.note(e, state.endsWith('+read'))
    if (note) element.append(note)
    if (!old) {
      for (const a of e.attachments) element.querySelector('.text')?.append(...this.file(a))
      this.log.append(element)
    }
    this.drawn.set(e.key, { element, state })
  }

  private file({ id, name }: entry['attachments'][number]): (Node | string)[] {
    if (id === undefined) return ['\n', name]
    const fetch = make('button', { type: 'button', class: 'file' }, [name])
    fetch.onclick = async () => {
      fetch.textContent = (await this.actions.save_file(id, name)) ? name : fill(this.options.words.not_fetched, name)
    }
    return ['\n', fetch]
  }

  private heading(e: entry): string {
    if (e.from === 'system') return ''
    const who = e.from === 'customer' ? this.options.words.you : e.name || this.options.words.us
    const at = new Date(e.at)
    if (Number.isNaN(at.getTime())) return who
    return `${who} · ${at.toLocaleTimeString(this.options.language, { hour: '2-digit', minute: '2-digit' })}`
  }

  private note(e: entry, read: boolean): HTMLElement | null {
    const w = this.options.words
    if (e.state === 'sending') return make('div', { class: 'note' }, [w.sending])
    if (e.state === 'failed') {
      const again = make('button', { type: 'button' }, [w.again])
      again.onclick = () => this.actions.retry(e.key)
      return make('div', { class: 'note bad' }, [e.detail ? `${w.failed}: ${e.detail}` : w.failed, again])
    }
    return read ? make('div', { class: 'note' }, [w.read]) : null
  }

  private line(from: string, text: string, heading = ''): HTMLElement {
    const parts: Node[] = heading ? [make('div', { class: 'who' }, [heading])] : []
    return make('div', { class: `message ${from}` }, [...parts, make('div', { class: 'text' }, linked(text))])
  }

  private dress() {
    const sheet = new CSSStyleSheet() // not a <style>: the page's policy may forbid inline styles
    sheet.replaceSync(style)
    this.root.adoptedStyleSheets = [sheet]
    this.root.append(this.launcher, this.dialog)
    this.host.lang = this.options.language
    if (this.options.accent) this.host.style.setProperty('--accent', this.options.accent)
    const dark = matchMedia('(prefers-color-scheme: dark)')
    const follow = () => {
      this.host.dataset.theme = this.options.theme ?? (dark.matches ? 'dark' : 'light')
    }
    dark.addEventListener('change', follow)
    follow()
  }
}
