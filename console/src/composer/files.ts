import { ref, useTemplateRef, type Ref } from 'vue'
import { randomId } from '@/format/ids'
import { bytes } from '@/format/words'
import { useDrafts, type Draft } from '@/stores/drafts'
import { forgetFile, upload } from './saving'

const mostBytes = 20_000_000
const mostFiles = 20

/** What is on its way, so that it can be tried again. */
const chosen = new Map<string, File>()

/** Files by picker, drop and paste. They go to the draft on the server at once; sending waits until they are there. */
export function useFiles(draft: () => Draft): {
  picker: Readonly<Ref<HTMLInputElement | null>>
  failure: Ref<string>
  add: (list: FileList | null | undefined) => void
  remove: (id: string) => void
  retry: (id: string) => void
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
      if (target.files.length >= mostFiles) {
        failure.value = `${file.name} is one too many: a reply has at most ${mostFiles} files.`
        continue
      }
      const id = randomId()
      const type = file.type || 'application/octet-stream'
      chosen.set(id, file)
      drafts.change(target, {
        files: [...target.files, { id, name: file.name, type, size: file.size, fileId: null, problem: '' }],
      })
      void send(target, id)
    }
    if (picker.value) picker.value.value = ''
  }

  async function send(target: Draft, id: string): Promise<void> {
    const file = chosen.get(id)
    if (!file) return
    await upload(target, id, () => read(file))
    if (!target.files.some((known) => known.id === id && known.fileId === null)) chosen.delete(id)
  }

  function remove(id: string): void {
    const file = draft().files.find((known) => known.id === id)
    drafts.change(draft(), { files: draft().files.filter((known) => known.id !== id) })
    chosen.delete(id)
    if (file?.fileId) void forgetFile(file.fileId)
  }

  function retry(id: string): void {
    drafts.fileChanged(draft(), id, { problem: '' })
    void send(draft(), id)
  }

  function onPaste(event: ClipboardEvent): void {
    const files = event.clipboardData?.files
    if (!files?.length) return
    event.preventDefault()
    add(files)
  }

  return { picker, failure, add, remove, retry, onPaste }
}

function read(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve(String(reader.result).replace(/^data:[^,]*,/, ''))
    reader.onerror = () => reject(new Error('it could not be read'))
    reader.readAsDataURL(file)
  })
}
