import DOMPurify from 'dompurify'
import type { Attachment } from '@/api/types'

export interface PreparedMail {
  /** A whole document for a frame's srcdoc. */
  document: string
  blocked: number
  /** How many of them the reader may ask for: backgrounds and pictures of one pixel are never fetched. */
  pictures: number
  /** Attachments that are shown in their place in the text. */
  shown: number[]
}

// A srcdoc frame inherits the console's policy; this one narrows it to what a mail may need.
const policy =
  "default-src 'none'; img-src 'self' data: blob:; style-src 'unsafe-inline'; form-action 'none'; base-uri 'none'"

const style = `
:root { color-scheme: light; }
html { background: #ffffff; }
body { margin: 0; padding: 16px; color: #1a1f27; overflow-wrap: anywhere;
  font: 14px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif; }
body > :first-child, body > :first-child > :first-child { margin-top: 0; }
p, li { max-width: 60ch; }
img { max-width: 100%; height: auto; }
pre { white-space: pre-wrap; }
a { color: #1b5bc7; }
blockquote { margin: 0 0 0 4px; padding-left: 12px; border-left: 3px solid #dde2e9; color: #566070; }
.sb-host { color: #854d00; font-size: 12px; }
.sb-blocked { display: inline-block; margin: 0 4px 4px 0; padding: 0 6px; border: 1px dashed #78828f; border-radius: 4px;
  color: #566070; font-size: 12px; line-height: 20px; }
[hidden] { display: none !important; }
details.sb-quote { margin-top: 12px; }
details.sb-quote > summary { display: inline-block; padding: 2px 8px; border-radius: 6px; cursor: pointer;
  background: #f4f6f8; color: #566070; font-size: 12px; list-style: none; }
`

const isRemote = (address: string) => /^\s*(https?:)?\/\//i.test(address)
const isOurs = (address: string) => /^\/api\/v1\/attachments\/\d+(\?inline=1)?$/.test(address)

/** Cleans once more what the server has cleaned, and takes out everything that would call somebody. */
export function prepareMail(
  html: string,
  attachments: Attachment[],
  blockedByServer = 0,
  language = '',
  remotePictures: string[] = [],
): PreparedMail {
  const clean = DOMPurify.sanitize(html, {
    ADD_ATTR: ['target'],
    FORBID_TAGS: [
      'form',
      'input',
      'button',
      'textarea',
      'select',
      'option',
      'iframe',
      'object',
      'embed',
      'link',
      'meta',
      'base',
      'svg',
      'math',
      'audio',
      'video',
      'source',
      'picture',
      'dialog',
      'template',
    ],
    FORBID_ATTR: ['srcset', 'background', 'poster', 'ping', 'autofocus', 'tabindex', 'accesskey'],
  })
  // A parsed document is inert: nothing in it is fetched while we still take things out.
  const { body } = new DOMParser().parseFromString(clean, 'text/html')
  const blocked = tameImages(body, attachments, remotePictures)
  tameLinks(body)
  foldQuotes(body)
  const lang = /^[A-Za-z-]{2,12}$/.test(language) ? ` lang="${language}"` : ''
  return {
    document:
      `<!doctype html><html${lang}><head><meta charset="utf-8">` +
      `<meta http-equiv="Content-Security-Policy" content="${policy}">` +
      `<meta name="referrer" content="no-referrer"><style>${style}</style></head>` +
      `<body>${body.innerHTML}</body></html>`,
    blocked: Math.max(blocked, blockedByServer),
    pictures: body.querySelectorAll('[data-picture]').length,
    shown: [...body.querySelectorAll('img')].flatMap((image) => ownPicture(image) ?? []),
  }
}

/** The attachment that a picture is. */
function ownPicture(image: HTMLImageElement): number | null {
  const found = /^\/api\/v1\/attachments\/(\d+)/.exec(image.getAttribute('src') ?? '')
  return found ? Number(found[1]) : null
}

function tameImages(body: HTMLElement, attachments: Attachment[], remotePictures: string[]): number {
  let blocked = 0
  for (const image of body.querySelectorAll('img')) {
    const source = image.getAttribute('src') ?? ''
    if (/^cid:/i.test(source)) {
      const id = decodeURIComponent(source.slice(4)).replace(/^<|>$/g, '')
      const found = attachments.find((attachment) => attachment.content_id.replace(/^<|>$/g, '') === id)
      if (found) image.setAttribute('src', `/api/v1/attachments/${found.id}?inline=1`)
      else image.removeAttribute('src')
    } else if (isRemote(source) || image.hasAttribute('data-remote-src')) {
      blocked++
      block(image, remotePictures.indexOf(image.getAttribute('data-remote-src') ?? '') + 1)
    } else if (source && !isOurs(source) && !/^data:image\//i.test(source)) image.removeAttribute('src')
  }
  for (const element of body.querySelectorAll<HTMLElement>('[style]')) {
    const css = element.getAttribute('style') ?? ''
    if (!/url\(/i.test(css)) continue
    if (/url\(\s*['"]?\s*(https?:)?\/\//i.test(css)) blocked++
    element.setAttribute('style', css.replace(/url\([^)]*\)/gi, 'none'))
  }
  return blocked
}

/**
 * A picture of one pixel only watches: it goes without a trace. Others leave their words, and, where the server knows
 * their address as its nth, an empty picture that can be filled.
 */
function block(image: HTMLImageElement, nth: number): void {
  const size = Math.min(Number(image.getAttribute('width') ?? 99), Number(image.getAttribute('height') ?? 99))
  if (size <= 2) return image.remove()
  const mark = image.ownerDocument.createElement('span')
  mark.className = 'sb-blocked'
  mark.textContent = image.alt ? `Image blocked: ${image.alt}` : 'Image blocked'
  if (nth === 0) return image.replaceWith(mark)
  for (const name of ['src', 'srcset', 'data-remote-src']) image.removeAttribute(name)
  image.hidden = true
  image.dataset.picture = String(nth)
  image.after(mark)
}

/** Fills the pictures of a mail on the screen; `done` hears of each whether it came. */
export function fillPictures(
  page: Document,
  address: (nth: number) => string,
  done: (came: boolean) => void,
): void {
  for (const image of page.querySelectorAll<HTMLImageElement>('img[data-picture]')) {
    const mark = image.nextElementSibling
    image.addEventListener('load', () => {
      image.hidden = false
      mark?.remove()
      done(true)
    })
    image.addEventListener('error', () => {
      if (mark) mark.textContent = image.alt ? `Image not available: ${image.alt}` : 'Image not available'
      done(false)
    })
    image.src = address(Number(image.dataset.picture))
    delete image.dataset.picture
  }
}

function tameLinks(body: HTMLElement): void {
  for (const link of body.querySelectorAll('a')) {
    const href = link.getAttribute('href') ?? ''
    if (!/^(https?:|mailto:|tel:)/i.test(href)) {
      link.removeAttribute('href')
      continue
    }
    link.target = '_blank'
    link.rel = 'noopener noreferrer'
    link.title = href
    const host = hostOf(href)
    const claimed = hostOf(claimedAddress(link.textContent ?? ''))
    if (host && claimed && strip(claimed) !== strip(host)) {
      const mark = link.ownerDocument.createElement('span')
      mark.className = 'sb-host'
      mark.textContent = ` (leads to ${host})`
      link.after(mark)
    }
  }
}

function claimedAddress(text: string): string {
  const found = /^\s*(https?:\/\/\S+|(?:[\w-]+\.)+[a-z]{2,}(?:\/\S*)?)\s*$/i.exec(text)?.[1]
  return found ? (/^https?:/i.test(found) ? found : `https://${found}`) : ''
}

function hostOf(address: string): string {
  try {
    return new URL(address).host
  } catch {
    return ''
  }
}
const strip = (host: string) => host.toLowerCase().replace(/^www\./, '')

const quoteMarks = 'blockquote, .gmail_quote, .yahoo_quoted, .moz-cite-prefix, #divRplyFwdMsg, #appendonsend'

/** Folds the quoted history, unless new words stand below it. */
function foldQuotes(body: HTMLElement): void {
  const first = [...body.querySelectorAll(quoteMarks)].find(
    (quote) => !textAfter(body, quote) && textBefore(body, quote),
  )
  if (!first) return
  const details = first.ownerDocument.createElement('details')
  details.className = 'sb-quote'
  const summary = first.ownerDocument.createElement('summary')
  summary.textContent = '••• Quoted text'
  first.replaceWith(details)
  details.append(summary, first)
}

function textAround(body: HTMLElement, quote: Element, side: number): boolean {
  const walker = body.ownerDocument.createTreeWalker(body, NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (quote.contains(node) || !node.textContent?.trim()) continue
    if (node.parentElement?.closest(quoteMarks)) continue
    if (quote.compareDocumentPosition(node) & side) return true
  }
  return false
}
const textAfter = (body: HTMLElement, quote: Element) =>
  textAround(body, quote, Node.DOCUMENT_POSITION_FOLLOWING)
const textBefore = (body: HTMLElement, quote: Element) =>
  textAround(body, quote, Node.DOCUMENT_POSITION_PRECEDING)
