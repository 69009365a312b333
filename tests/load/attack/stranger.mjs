// Somebody whom the server does not know: requests and sockets from any address of the loopback network.
import { randomBytes } from 'node:crypto'
import http from 'node:http'
import net from 'node:net'
import { frame } from '../websocket.mjs'

export const one_address = '127.0.0.66'
export const many_addresses = (n) => Array.from({ length: n }, (_, i) => `127.0.1.${(i % 250) + 1}`)

/** {status, headers, body}; status 0 = no answer. */
export function ask(port, { method = 'GET', path, headers = {}, body, from = one_address, timeout = 20_000 }) {
  return new Promise((done) => {
    const request = http.request({ host: '127.0.0.1', port, method, path, headers, localAddress: from, agent: false, timeout }, (answer) => {
      const parts = []
      answer.on('data', (part) => parts.push(part))
      answer.on('end', () => done({ status: answer.statusCode, headers: answer.headers, body: Buffer.concat(parts).toString() }))
      answer.on('error', () => done({ status: 0, headers: {}, body: '' }))
    })
    request.on('timeout', () => request.destroy(new Error('timeout')))
    request.on('error', () => done({ status: 0, headers: {}, body: '' }))
    request.end(body)
  })
}

export const ask_json = (port, path, value, more = {}) =>
  ask(port, { method: 'POST', path, body: JSON.stringify(value), ...more, headers: { 'Content-Type': 'application/json', ...more.headers } })

export const json_of = (answer) => {
  try {
    return JSON.parse(answer.body)
  } catch {
    return {}
  }
}

/** A socket that has sent these bytes; `ended` resolves when the server has closed it. */
export function raw_socket(port, bytes, from = one_address) {
  const socket = net.connect({ host: '127.0.0.1', port, localAddress: from })
  const ended = new Promise((done) => socket.once('close', done))
  let said = ''
  socket.on('error', () => socket.destroy())
  socket.on('data', (part) => {
    if (said.length < 4096) said += part.toString('latin1')
  })
  socket.on('connect', () => socket.write(bytes))
  return { socket, ended, said: () => said, open: () => !socket.destroyed }
}

/** A WebSocket that is only opened; frames are for the caller. */
export function websocket(port, path, { from = one_address, headers = {} } = {}) {
  const lines = Object.entries({
    Host: `127.0.0.1:${port}`,
    Connection: 'Upgrade',
    Upgrade: 'websocket',
    'Sec-WebSocket-Version': '13',
    'Sec-WebSocket-Key': randomBytes(16).toString('base64'),
    ...headers,
  }).map(([name, value]) => `${name}: ${value}\r\n`)
  const raw = raw_socket(port, `GET ${path} HTTP/1.1\r\n${lines.join('')}\r\n`, from)
  return { ...raw, send: (value) => raw.socket.write(frame(1, Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)))) }
}
