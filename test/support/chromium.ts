// Headless Chromium for tests: found or loudly missing, opened with the network cut.
import { existsSync } from 'node:fs'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'

const executablePath = '/usr/bin/chromium'

/** Part of a test's title, so that a skip says what it would take. */
export const chromiumMissing: string | null = existsSync(executablePath)
  ? null
  : `SKIPPED: ${executablePath} is not installed (apt-get install chromium)`

export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath,
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })
}

export interface OpenedPage {
  readonly page: Page
  readonly context: BrowserContext
  /** Every address asked for, the page's own included. */
  readonly requests: string[]
  /** Console messages and uncaught errors of every level. */
  readonly messages: string[]
}

export interface PageOptions {
  readonly width?: number
  readonly height?: number
  readonly colorScheme?: 'light' | 'dark'
  readonly javaScriptEnabled?: boolean
}

/** Opens a file from disk, offline, and keeps what it asked for and said. */
export async function openFile(
  browser: Browser,
  file: string,
  options: PageOptions = {},
): Promise<OpenedPage> {
  const context = await browser.newContext({
    offline: true,
    viewport: { width: options.width ?? 1280, height: options.height ?? 900 },
    colorScheme: options.colorScheme ?? 'light',
    javaScriptEnabled: options.javaScriptEnabled ?? true,
  })
  const page = await context.newPage()
  const requests: string[] = []
  const messages: string[] = []
  page.on('request', (request) => requests.push(request.url()))
  page.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`))
  page.on('pageerror', (error) => messages.push(`error: ${error.message}`))
  await page.goto(`file://${file}`)
  return { page, context, requests, messages }
}
