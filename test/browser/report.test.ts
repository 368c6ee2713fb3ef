import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { renderReport } from '../../pipeline/report/render.js'
import { renderSite } from '../../pipeline/report/site/render-site.js'
import { chromiumMissing, launchChromium, openFile } from '../support/chromium.js'
import { contrastProblems } from '../support/contrast.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse, severalAgentsSql } from '../support/sample-warehouse.js'

const looks = [
  { width: 1280, colorScheme: 'light' },
  { width: 1280, colorScheme: 'dark' },
  { width: 390, colorScheme: 'light' },
  { width: 390, colorScheme: 'dark' },
] as const

const title = chromiumMissing ? `the report in Chromium (${chromiumMissing})` : 'the report in Chromium'

describe.skipIf(chromiumMissing)(title, () => {
  const files: Record<string, string> = {}
  let browser: Browser

  beforeAll(async () => {
    const ctx = sampleContext()
    await buildSampleWarehouse(ctx.config.paths.warehouse)
    files.week = (await renderReport(ctx, parsePeriod('weekly', '2026-W07', 'monday'))).indexHtml
    files.month = (await renderReport(ctx, parsePeriod('monthly', '2026-02', 'monday'))).indexHtml
    files.archive = await renderSite(ctx)
    const quiet = sampleContext()
    await buildSampleWarehouse(quiet.config.paths.warehouse, { empty: true })
    files.quiet = (await renderReport(quiet, parsePeriod('weekly', '2026-W07', 'monday'))).indexHtml
    const restated = sampleContext()
    await buildSampleWarehouse(restated.config.paths.warehouse, {
      extraSql: `insert into marts.periods values ('weekly', '2026-W07', '{"session_count": 20, "cost_usd": 50.5}',
          'Quiet.', 'UTC', timestamp '2026-02-09', timestamp '2026-02-16');
        insert into marts.restatements select 'weekly', '2026-W07', reason, timestamp '2026-02-17', 12, 3.1, 120000, 4
        from unnest(['late_session', 'late_data', 'new_price', 'mended_parser', 'forgotten']) reasons(reason)`,
    })
    files.restated = (await renderReport(restated, parsePeriod('weekly', '2026-W07', 'monday'))).indexHtml
    const agents = sampleContext()
    await buildSampleWarehouse(agents.config.paths.warehouse, { extraSql: severalAgentsSql })
    files.agents = (await renderReport(agents, parsePeriod('weekly', '2026-W07', 'monday'))).indexHtml
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  describe.each(looks)('at $width pixels, $colorScheme', (look) => {
    test.each(['week', 'month', 'archive', 'quiet', 'restated', 'agents'])(
      'the %s opens from disk: no request, no message, no sideways scroll',
      async (name) => {
        const { page, context, requests, messages } = await openFile(browser, files[name] ?? '', look)
        expect(requests).toEqual([`file://${files[name]}`])
        expect(messages).toEqual([])
        const widths = await page.evaluate('[document.documentElement.scrollWidth, innerWidth]')
        expect(widths).toEqual([look.width, look.width])
        await context.close()
      },
    )

    test('all five charts are visible, each in one drawing, inside the page', async () => {
      const { page, context } = await openFile(browser, files.week ?? '', look)
      const drawings = await page.locator('.chart svg:visible').all()
      const boxes = await Promise.all(
        drawings.map(async (drawing) => {
          const { x, width, height } = (await drawing.boundingBox()) ?? { x: 0, width: 0, height: 0 }
          return { isLarge: width > 250 && height > 100, isInside: x >= 0 && x + width <= look.width }
        }),
      )
      expect(boxes).toEqual(Array(5).fill({ isLarge: true, isInside: true }))
      await context.close()
    })

    test('no text of a chart is cut off, and none lies on another', async () => {
      const { page, context } = await openFile(browser, files.week ?? '', look)
      expect(await page.evaluate(textProblems)).toEqual([])
      await context.close()
    })

    test.each(['week', 'restated', 'agents'])(
      'the text of the %s stands out as WCAG AA asks',
      async (name) => {
        const { page, context } = await openFile(browser, files[name] ?? '', look)
        expect(await page.evaluate(contrastProblems)).toEqual([])
        await context.close()
      },
    )
  })

  test('charts take the colours of the scheme', async () => {
    const fills = []
    for (const colorScheme of ['light', 'dark'] as const) {
      const { page, context } = await openFile(browser, files.week ?? '', { colorScheme })
      fills.push(
        await page.evaluate(
          `getComputedStyle(document.querySelector('#tools .wide path[fill="var(--series-1)"]')).fill`,
        ),
      )
      await context.close()
    }
    expect(fills).toEqual(['rgb(29, 91, 121)', 'rgb(95, 159, 190)'])
  })

  test('the numbers beneath a chart open without JavaScript, by keyboard', async () => {
    const { page, context } = await openFile(browser, files.week ?? '', { javaScriptEnabled: false })
    const summary = page.locator('#cost summary').first()
    await summary.focus()
    await page.keyboard.press('Enter')
    await page.locator('#cost table').first().waitFor({ state: 'visible' })
    await context.close()
  })

  test('the theme is the system’s until the reader switches it, by keyboard too', async () => {
    const { page, context } = await openFile(browser, files.week ?? '', { colorScheme: 'dark' })
    const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await paper()
    await page.getByRole('button', { name: 'Switch to the light theme' }).focus()
    await page.keyboard.press('Enter')
    expect(await paper()).not.toBe(dark)
    await page.reload()
    expect(await paper()).not.toBe(dark)
    await page.getByRole('button', { name: 'Switch to the dark theme' }).click()
    expect(await paper()).toBe(dark)
    await context.close()
  })

  test('each part shows its SQL, which a button copies', async () => {
    const { page, context, messages } = await openFile(browser, files.week ?? '', {})
    await page.locator('#attention .sql summary').click()
    const shown = await page.locator('#attention .sql code').textContent()
    expect(shown).toContain("date '2026-02-09' as period_start")
    await page.locator('#attention .sql').getByRole('button', { name: 'Copy' }).click()
    await page.locator('#attention .sql').getByText('Copied').waitFor()
    expect(await page.locator('.sql a').count()).toBe(0)
    expect(messages).toEqual([])
    await context.close()
  })

  test('paper is white with wide charts, whatever the screen was, and prints to PDF', async () => {
    const { page, context } = await openFile(browser, files.week ?? '', { width: 680, colorScheme: 'dark' })
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)')
    expect(await page.locator('.chart .wide svg:visible').count()).toBe(5)
    const pdf = await page.pdf({
      format: 'A4',
      margin: { top: '15mm', bottom: '15mm', left: '15mm', right: '15mm' },
    })
    expect(pdf.length).toBeGreaterThan(20_000)
    await context.close()
  })
})

/** Runs in the page: texts of visible charts that leave the drawing or overlap each other. */
const textProblems = `(() => {
  const problems = []
  for (const svg of document.querySelectorAll('.chart svg')) {
    const frame = svg.getBoundingClientRect()
    if (frame.width === 0) continue
    const texts = [...svg.querySelectorAll('text')].filter((text) => text.textContent.trim() !== '')
    const boxes = texts.map((text) => ({ text: text.textContent, box: text.getBoundingClientRect() }))
    for (const [i, { text, box }] of boxes.entries()) {
      if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 1 || box.bottom > frame.bottom + 1)
        problems.push(text + ' leaves the drawing')
      for (const other of boxes.slice(i + 1)) {
        const across = Math.min(box.right, other.box.right) - Math.max(box.left, other.box.left)
        const down = Math.min(box.bottom, other.box.bottom) - Math.max(box.top, other.box.top)
        if (across > 1 && down > 4) problems.push(text + ' lies on ' + other.text)
      }
    }
  }
  return problems
})()`
