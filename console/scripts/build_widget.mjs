// The website chat is one classic script that any page can load: it is built apart from the console.
import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const folder = fileURLToPath(new URL('../widget/', import.meta.url))
const entry = ['main.ts', 'index.ts', 'widget.ts'].map((name) => folder + name).find(existsSync)

if (entry) {
  await build({
    configFile: false,
    publicDir: false,
    logLevel: 'warn',
    build: {
      target: 'es2020',
      outDir: fileURLToPath(new URL('../dist/chat', import.meta.url)),
      emptyOutDir: false,
      lib: { entry, formats: ['iife'], name: 'switchboard_chat', fileName: () => 'widget.js' },
    },
  })
}
