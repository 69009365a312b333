// A WebSocket client as small as it can be: text frames both ways. Node has one of its own only since version 22.
import { createHash, randomBytes } from 'node:crypto'
import { request } from 'node:http'

const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11'
const opcode = { text: 1, close: 8, ping: 9, pong: 10 }

export function open_websocket(url, on_text, headers = {}) {
  const key = randomBytes(16).toString('base64')
  return new Promise((resolve, reject) => {
    const asking = request(url.replace(/^ws/, 'http'), {
      headers: { Connection: 'Upgrade', Upgrade: 'websocket', 'Sec-WebSocket-Version': '13', 'Sec-WebSocket-Key': key, ...headers },
    })
    asking.on('error', reject)
    asking.on('response', (answer) => reject(new Error(`WebSocket refused: ${answer.statusCode}`)))
    asking.on('upgrade', (answer, socket, first_bytes) => {
      const expected = createHash('sha1').update(key + guid).digest('base64')
      if (answer.headers['sec-websocket-accept'] !== expected) return reject(new Error('WebSocket: wrong accept key'))
      socket.on('error', () => socket.destroy())
      const send = (kind, payload) => socket.writable && socket.write(frame(kind, payload))
      let pending = first_bytes
      const read = () => {
        for (let next; (next = parse(pending)); pending = next.rest) {
          if (next.kind === opcode.text) on_text(next.payload.toString())
          if (next.kind === opcode.ping) send(opcode.pong, next.payload)
          if (next.kind === opcode.close) socket.end()
        }
      }
      socket.on('data', (bytes) => {
        pending = Buffer.concat([pending, bytes])
        read()
      })
      read()
      resolve({
        send: (text) => send(opcode.text, Buffer.from(text)),
        close: () => socket.end(frame(opcode.close, Buffer.from([3, 232]))), // 1000
        closed: new Promise((done) => socket.once('close', done)),
      })
    })
    asking.end()
  })
}

export function frame(kind, payload) {
  const mask = randomBytes(4)
  const length = payload.length
  return Buffer.concat([Buffer.from([0x80 | kind]), masked_length(length), mask, payload.map((byte, i) => byte ^ mask[i & 3])])
}

// RFC 6455 5.2: 7 bits, or 16, or 64.
function masked_length(length) {
  if (length < 126) return Buffer.from([0x80 | length])
  if (length < 65536) return Buffer.from([0x80 | 126, length >> 8, length & 255])
  const eight = Buffer.alloc(8)
  eight.writeBigUInt64BE(BigInt(length))
  return Buffer.concat([Buffer.from([0x80 | 127]), eight])
}

function parse(bytes) {
  if (bytes.length < 2) return null
  let length = bytes[1] & 127
  let at = 2
  if (length === 126) {
    if (bytes.length < 4) return null
    length = bytes.readUInt16BE(2)
    at = 4
  } else if (length === 127) {
    if (bytes.length < 10) return null
    length = Number(bytes.readBigUInt64BE(2))
    at = 10
  }
  if (bytes.length < at + length) return null
  return { kind: bytes[0] & 15, payload: bytes.subarray(at, at + length), rest: bytes.subarray(at + length) }
}
