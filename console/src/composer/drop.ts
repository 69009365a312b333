/** Files may be dropped anywhere on the page; without a reply to take them nothing happens, and the page stays. */
type Taker = (files: FileList) => unknown

let taker: Taker | null = null

export function onFileDrop(next: Taker): () => void {
  taker = next
  return () => {
    if (taker === next) taker = null
  }
}

export function installFileDrop(): void {
  window.addEventListener('dragover', (event) => event.preventDefault())
  window.addEventListener('drop', (event) => {
    event.preventDefault()
    if (event.dataTransfer?.files.length) taker?.(event.dataTransfer.files)
  })
}
