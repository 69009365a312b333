import { defineConfig } from '@playwright/test'
import { sink_port } from './sink'

// SWITCHBOARD_URL names a server to test; without it one is started for the run.
const port = 18480
const url = process.env.SWITCHBOARD_URL ?? `http://127.0.0.1:${port}`

export default defineConfig({
  testDir: '.',
  outputDir: '../../build/test-results/browser',
  forbidOnly: Boolean(process.env.CI),
  // One server, one contact center: a test that solves the only ticket would surprise another.
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  use: {
    baseURL: url,
    viewport: { width: 1440, height: 900 },
    launchOptions: { executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium' },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
  },
  webServer: process.env.SWITCHBOARD_URL
    ? undefined
    : {
        command: './serve.sh',
        url: `${url}/readyz`,
        // The pictures of the tests' mails are on this machine.
        env: {
          SWITCHBOARD_SERVER_PORT: String(port),
          SWITCHBOARD_PICTURES_PRIVATE_ADDRESSES: 'allow',
          SWITCHBOARD_CHAT_AWAY_S: '1', // a visitor who has gone is away at once
          SWITCHBOARD_SMTP_URL: `smtp://127.0.0.1:${sink_port}`,
        },
        timeout: 60_000,
        gracefulShutdown: { signal: 'SIGINT', timeout: 20_000 },
        stdout: 'ignore',
        stderr: 'pipe',
      },
})
