import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { renderReport } from '../../pipeline/report/render.js'
import { renderSite } from '../../pipeline/report/site/render-site.js'
import { chromiumMissing, launchChromium, openFile } from '../support/chromium.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** What axe finds with all its rules, each with the places. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe)
  const found =
    await page.evaluate(`axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
    violations.flatMap(({ id, nodes }) => nodes.map((node) => id + ': ' + node.html.slice(0, 160))))`)
  return found as string[]
}

const title = chromiumMissing ? `axe in Chromium (${chromiumMissing})` : 'axe in Chromium'

describe.skipIf(chromiumMissing)(title, () => {
  const files: Record<string, string> = {}
  let browser: Browser

  beforeAll(async () => {
    const ctx = sampleContext()
    await buildSampleWarehouse(ctx.config.paths.warehouse)
    files.week = (await renderReport(ctx, parsePeriod('weekly', '2026-W07', 'monday'))).indexHtml
    files.month = (await renderReport(ctx, parsePeriod('monthly', '2026-02', 'monday'))).indexHtml
    files.archive = await renderSite(ctx)
    for (const page of ['growth', 'tips', 'sessions', 'last/30'])
      files[page] = join(ctx.config.paths.site, page, 'index.html')
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  test.each(['week', 'month', 'archive', 'growth', 'tips', 'sessions', 'last/30'])(
    'finds nothing on the page %s, light and dark, wide and narrow',
    async (name) => {
      for (const look of [
        { width: 1280, colorScheme: 'light' },
        { width: 390, colorScheme: 'dark' },
      ] as const) {
        const { page, context } = await openFile(browser, files[name] ?? '', look)
        expect(await violations(page), `${look.width} ${look.colorScheme}`).toEqual([])
        await context.close()
      }
    },
  )

  test('finds nothing on a session’s own page', async () => {
    const { page, context } = await openFile(browser, files.week ?? '')
    await page.locator('.sessions a').first().click()
    await page.locator('.session:visible .replay').waitFor()
    expect(await violations(page)).toEqual([])
    await context.close()
  })
})
