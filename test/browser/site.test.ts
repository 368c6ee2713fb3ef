import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { renderReport } from '../../pipeline/report/render.js'
import { renderSite } from '../../pipeline/report/site/render-site.js'
import { chromiumMissing, launchChromium, openFile } from '../support/chromium.js'
import { contrastProblems } from '../support/contrast.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const looks = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
] as const
const pages = [
  'index.html',
  'growth/index.html',
  'tips/index.html',
  'sessions/index.html',
  'last/30/index.html',
]

const title = chromiumMissing ? `the site in Chromium (${chromiumMissing})` : 'the site in Chromium'

describe.skipIf(chromiumMissing)(title, () => {
  let site: string
  let browser: Browser
  let server: Server

  beforeAll(async () => {
    const ctx = sampleContext()
    await buildSampleWarehouse(ctx.config.paths.warehouse)
    for (const label of ['2026-W06', '2026-W07'])
      await renderReport(ctx, parsePeriod('weekly', label, 'monday'))
    await renderSite(ctx)
    site = ctx.config.paths.site
    browser = await launchChromium()
    server = createServer((request, response) => {
      const path = decodeURI(new URL(request.url ?? '/', 'http://localhost').pathname)
      response.setHeader('content-type', 'text/html; charset=utf-8')
      response.end(readFileSync(join(site, path.endsWith('/') ? `${path}index.html` : path)))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    server?.close()
  })

  describe.each(looks)('at $width pixels, $colorScheme', (look) => {
    test.each(pages)(
      '%s opens from disk: no request, no message, no sideways scroll, text as WCAG AA asks',
      async (name) => {
        const { page, context, requests, messages } = await openFile(browser, join(site, name), look)
        expect(requests).toEqual([`file://${join(site, name)}`])
        expect(messages).toEqual([])
        const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
        expect(widths).toEqual([look.width, look.width])
        expect(await page.evaluate(contrastProblems)).toEqual([])
        await context.close()
      },
    )
  })

  describe('the menu', () => {
    const menu = (page: { locator: (selector: string) => { isVisible: () => Promise<boolean> } }) =>
      page.locator('.menu').isVisible()

    test('leads from every page to every other, from disk', async () => {
      const { page, context } = await openFile(browser, join(site, 'weekly/2026-W07/index.html'))
      for (const label of ['Archive', '7 days', '90 days', 'Growth', 'Tips', 'Sessions']) {
        await page.getByRole('navigation').getByRole('link', { name: label, exact: true }).click()
        expect(await page.locator('.menu [aria-current]').textContent()).toBe(label)
      }
      await context.close()
    })

    test('is there over http, and gone behind a signed link', async () => {
      const { port } = server.address() as AddressInfo
      const address = `http://127.0.0.1:${port}/weekly/2026-W07/`
      const page = await browser.newPage()
      await page.goto(address)
      expect(await menu(page)).toBe(true)
      await page.goto(`${address}index.html?X-Amz-Signature=abc`)
      expect(await menu(page)).toBe(false)
      await page.close()
    })

    test('is gone where a page lies alone, and in a report without scripts', async () => {
      const alone = join(dirname(site), 'alone/index.html')
      mkdirSync(dirname(alone), { recursive: true })
      writeFileSync(alone, readFileSync(join(site, 'weekly/2026-W07/index.html')))
      const { page, context } = await openFile(browser, alone)
      expect(await menu(page)).toBe(false)
      await context.close()
      const plain = { javaScriptEnabled: false }
      const report = await openFile(browser, join(site, 'weekly/2026-W07/index.html'), plain)
      expect(await menu(report.page)).toBe(false)
      await report.context.close()
      const growth = await openFile(browser, join(site, 'growth/index.html'), plain)
      expect(await menu(growth.page)).toBe(true)
      await growth.context.close()
    })
  })

  test('a week of the calendar opens its report, by keyboard', async () => {
    const { page, context } = await openFile(browser, join(site, 'index.html'))
    await page.getByRole('link', { name: /^Week of 9 February 2026: \d+/ }).focus()
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Week of 9 February 2026' }).waitFor()
    await context.close()
  })

  test('one search finds sessions, plans and tips, and filters narrow it', async () => {
    const { page, context, messages } = await openFile(browser, join(site, 'sessions/index.html'))
    const rows = page.locator('.all-sessions tbody tr:visible')
    const all = await rows.count()
    expect(all).toBe(44)
    await page.getByRole('searchbox').fill('breakwater')
    expect(await rows.count()).toBe(0)
    expect(await page.locator('.found li:visible').allTextContents()).toEqual([
      expect.stringContaining('Rebuild the <i>breakwater</i>'),
    ])
    await page.getByRole('searchbox').fill('harbour')
    const found = await rows.count()
    expect(found).toBeGreaterThan(0)
    expect(found).toBeLessThan(all)
    await page.getByLabel('Outcome').selectOption('not achieved')
    expect(await rows.count()).toBeLessThan(found)
    expect(await page.locator('.find output').textContent()).toContain(`of ${all} sessions`)
    expect(messages).toEqual([])
    await context.close()
  })

  test('a session leads to its own page in the report of its week', async () => {
    const { page, context } = await openFile(browser, join(site, 'sessions/index.html'))
    const row = page.locator('.all-sessions tbody tr').filter({ hasText: 'tidepool' }).first()
    const [time, cost] = [row.locator('.time span[aria-hidden]'), row.locator('td').last()]
    const told = [await time.textContent(), await cost.textContent()]
    await row.getByRole('link').click()
    const opened = page.locator(':target')
    await opened.waitFor({ state: 'visible' })
    for (const text of ['tidepool', ...told]) expect(await opened.textContent()).toContain(text)
    await context.close()
  })

  test('a column sorts by keyboard, both ways, and says so', async () => {
    const { page, context } = await openFile(browser, join(site, 'sessions/index.html'))
    const costs = async () => {
      const texts = await page.locator('.all-sessions tbody td:last-child').allTextContents()
      return texts.map((text) => Number(text.replace(/[^\d.]/g, '')))
    }
    const head = page.getByRole('columnheader', { name: 'Cost' })
    await head.getByRole('button').focus()
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('descending')
    const falling = await costs()
    expect(falling).toEqual([...falling].sort((a, b) => b - a))
    await page.keyboard.press('Enter')
    expect(await head.getAttribute('aria-sort')).toBe('ascending')
    expect(await costs()).toEqual([...falling].sort((a, b) => a - b))
    await context.close()
  })

  test('without scripts every session is there, and no control that would do nothing', async () => {
    const { page, context } = await openFile(browser, join(site, 'sessions/index.html'), {
      javaScriptEnabled: false,
    })
    expect(await page.locator('.all-sessions tbody tr:visible').count()).toBe(44)
    expect(await page.locator('.find:visible').count()).toBe(0)
    await context.close()
  })
})
