import config from './playwright.config'

/** `./run screenshots`: no test, but pictures of everything to look at. */
export default { ...config, testMatch: 'screenshots.ts', timeout: 20 * 60_000, retries: 0 }
