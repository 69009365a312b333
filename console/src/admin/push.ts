import type { GatewayKind } from '@/api/types'

/** A line of a shell: what stands in single quotes is taken as it is. */
const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`

/** The command that hands a contact of this kind in. A form is sent by parts: its file is the sender's own. */
export function curlOf(kind: GatewayKind, gateway: string, origin: string): string {
  const head = [
    `curl -sS --fail-with-body ${origin}${kind.door.replace('{gateway}', gateway)}`,
    `  -H "Authorization: Bearer $SWITCHBOARD_TOKEN"`,
  ]
  const boundary = /^multipart\/form-data; boundary=(.+)$/.exec(kind.content_type)?.[1]
  const body = boundary
    ? formParts(kind.sample, boundary).map((part) => `  -F ${part}`)
    : [`  -H ${quoted(`Content-Type: ${kind.content_type}`)}`, `  --data-binary ${quoted(kind.sample)}`]
  return [...head, ...body].join(' \\\n')
}

function formParts(form: string, boundary: string): string[] {
  return form
    .split(`--${boundary}`)
    .map((part) => {
      const name = /name="([^"]*)"/.exec(part)?.[1]
      const file = /filename="([^"]*)"/.exec(part)?.[1]
      const value = part.slice(part.indexOf('\r\n\r\n') + 4).trim()
      if (!name) return ''
      return file ? quoted(`${name}=@${file}`) : quoted(`${name}=${value}`)
    })
    .filter(Boolean)
}

/** What a website shows the chat with. */
export function snippetOf(gateway: string, origin: string): string {
  return `<script src="${origin}/chat/widget.js" data-gateway="${gateway}" async></${'script'}>`
}
