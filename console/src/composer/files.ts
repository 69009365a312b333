import { ref, useTemplateRef, type Ref } from 'vue'
import { randomId } from '@/format/ids'
import { bytes } from '@/format/words'
import { useDrafts, type Draft } from '@/stores/drafts'

const mostBytes = 20_000_000

/** Files by picker, drop and paste. Sending waits until they are read. */
export function useFiles(draft: () => Draft): {
  picker: Readonly<Ref<HTMLInputElement | null>>
  failure: Ref<string>
  add: (list: FileList | null | undefined) => void
  remove: (id: string) => void
  onPaste: (event: ClipboardEvent) => void
} {
  const drafts = useDrafts()
  const picker = useTemplateRef<HTMLInputElement>('picker')
  const failure = ref('')

  function add(list: FileList | null | undefined): void {
    failure.value = ''
    // The draft of the moment of the drop: another ticket may be open when the reading ends.
    const target = draft()
    for (const file of list ?? []) {
      const used = target.files.reduce((sum, known) => sum + known.size, 0)
      if (used + file.size > mostBytes) {
        failure.value = `${file.name} is too large: all files together may have ${bytes(mostBytes)}.`
        continue
      }
      const id = randomId()
      const type = file.type || 'application/octet-stream'
      drafts.change(target, {
        files: [...target.files, { id, name: file.name, type, size: file.size, content: '' }],
      })
      void read(file).then(
        (content) =>
          drafts.change(target, {
            files: target.files.map((known) => (known.id === id ? { ...known, content } : known)),
          }),
        () => {
          failure.value = `${file.name} could not be read.`
          drafts.change(target, { files: target.files.filter((known) => known.id !== id) })
        },
      )
    }
    if (picker.value) picker.value.value = ''
  }

  function remove(id: string): void {
    drafts.change(draft(), { files: draft().files.filter((file) => file.id !== id) })
  }

  function onPaste(event: ClipboardEvent): void {
    const files = event.clipboardData?.files
    if (!files?.length) return
    event.preventDefault()
    add(files)
  }

  return { picker, failure, add, remove, onPaste }
}

function read(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''))
    reader.onerror = () => reject(reader.error)
    reader.readAsDataURL(file)
  })
}
