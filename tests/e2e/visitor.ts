import type { BrowserContext, Page } from '@playwright/test'
import { type center, show_widget } from './center'

/** The visitor's side of a chat. */
export class visitor {
  private constructor(
    readonly page: Page,
    private readonly website: string,
  ) {}

  static async come(context: BrowserContext, to: center) {
    const guest = new visitor(await context.newPage(), to.website)
    await show_widget(guest.page, to.website)
    await guest.launcher.click()
    return guest
  }
  get launcher() {
    return this.page.locator('switchboard-chat').getByRole('button', { name: 'Open chat' })
  }
  get chat() {
    return this.page.locator('switchboard-chat').getByRole('dialog')
  }
  get text() {
    return this.chat.getByLabel('Your message')
  }
  async say(words: string) {
    await this.text.fill(words)
    await this.text.press('Enter')
  }
  async reload() {
    await show_widget(this.page, this.website)
  }
}
