// The files that go with the next message.
import { drawing, make } from './elements'
import type { outgoing_file } from './protocol'
import { fill, type words } from './words'

const most_bytes = 10 << 20 // together; the server takes no more
const most_files = 20

const clip = 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.4 3.4 0 0 1 5 5l-8.5 8.3a1.6 1.6 0 0 1-2.4-2.4L15 7'

export class file_picker {
  readonly button: HTMLButtonElement
  readonly chosen: HTMLElement
  files: outgoing_file[] = []
  private readonly input: HTMLInputElement

  constructor(private readonly w: words) {
    this.input = make('input', { type: 'file', multiple: '', hidden: '' })
    this.button = make('button', { type: 'button', class: 'attach', 'aria-label': w.attach, title: w.attach }, [
      drawing(clip, 22),
      this.input,
    ])
    this.chosen = make('div', { class: 'chosen', hidden: '', role: 'status' })
    this.button.onclick = () => this.input.click()
    this.input.onclick = (e) => e.stopPropagation() // it stands in the button
    this.input.onchange = () => void this.add([...(this.input.files ?? [])])
  }

  clear() {
    this.files = []
    this.input.value = ''
    this.draw('')
  }

  private async add(picked: File[]) {
    const empty = picked.find((f) => f.size === 0) // mostly one that is still being written
    const read = await Promise.all(picked.filter((f) => f.size > 0).map(read_file))
    this.input.value = ''
    const all = [...this.files, ...read]
    const bytes = all.reduce((sum, f) => sum + (f.content.length * 3) / 4, 0)
    const fits = bytes <= most_bytes && all.length <= most_files
    if (fits) this.files = all
    this.draw(!fits ? this.w.too_large : empty ? fill(this.w.empty_file, empty.name) : '')
  }

  private draw(problem: string) {
    this.chosen.replaceChildren(
      ...this.files.map((f) => {
        const drop = make('button', { type: 'button' }, [`${f.name} ×`])
        drop.onclick = () => {
          this.files = this.files.filter((other) => other !== f)
          this.draw('')
        }
        return drop
      }),
      ...(problem ? [make('span', { class: 'bad' }, [problem])] : []),
    )
    this.chosen.hidden = this.files.length === 0 && !problem
  }
}

function read_file(file: File): Promise<outgoing_file> {
  return new Promise((done, failed) => {
    const reader = new FileReader()
    reader.onload = () => {
      const data = String(reader.result)
      done({
        name: file.name.slice(0, 200) || 'file',
        type: file.type || 'application/octet-stream',
        content: data.slice(data.indexOf(',') + 1),
      })
    }
    reader.onerror = () => failed(reader.error ?? new Error('unreadable'))
    reader.readAsDataURL(file)
  })
}
