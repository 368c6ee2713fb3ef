import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { lexer, type Token, type Tokens } from 'marked'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { readReportData } from '../../pipeline/report/data.js'
import { renderExplore } from '../../pipeline/report/explore/explore.js'
import { renderReport } from '../../pipeline/report/render.js'
import { readSiteData } from '../../pipeline/report/site/data.js'
import { renderSite } from '../../pipeline/report/site/render-site.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { chromiumMissing, launchChromium, openFile } from '../support/chromium.js'
import { buildHostileWarehouse, hostilePerson, mark } from '../support/hostile-warehouse.js'
import { sampleContext } from '../support/report-config.js'
import { serveFolder } from '../support/static-server.js'

const widths = [1280, 390] as const
const pages = [
  'weekly/2026-W07/index.html',
  'monthly/2026-02/index.html',
  'index.html',
  'growth/index.html',
  'tips/index.html',
  'sessions/index.html',
  'last/7/index.html',
  'last/90/index.html',
]
/** What can be read of nobody's log: words, labels and times of this program's own. */
const ownColumns =
  /^(?:period|period_role|tip_period|week|month|user_id|source|extractor|asked_extractor|outcome|rule|tip_id|priority|category|feedback|effect|person|business|span|measure|duplicate_rule|ineligible_reason|completion_status|primary_task_category|session_type|claude_helpfulness|claimed_outcome|priority_alignment|priority_matched|outreach_type|estimated_by|target_role|reference_period|loop_kind|line_use|friction_sign|happened_on|anomaly_id|timeline|place|timezone|trend_direction|top_friction_kind|\w+_(?:date|at|start|kind|name_of_ours)|metric_name|measure_name)$/

const context = { ...sampleContext().config.context, people: [{ name: hostilePerson }] }
const ctx = sampleContext({ context })
const { site } = ctx.config.paths
const week = parsePeriod('weekly', '2026-W07', 'monday')

beforeAll(async () => {
  await buildHostileWarehouse(ctx.config.paths.warehouse)
  await renderReport(ctx, week)
  await renderReport(ctx, parsePeriod('monthly', '2026-02', 'monday'))
  await renderSite(ctx)
}, 120_000)

const textFiles = () =>
  readdirSync(site, { recursive: true, encoding: 'utf8' })
    .filter((name) => !name.startsWith('explore/') && /\.(?:html|md|json)$/.test(name))
    .filter((name) => statSync(join(site, name)).isFile())

test('every column of text that a query returns is hostile, but those of the program’s own words', async () => {
  const tables = {
    ...(await readReportData(ctx.config, week, ctx.now())).rows,
    ...(await readSiteData(ctx.config)).rows,
  }
  const columns = Object.entries(tables).flatMap(([query, rows]) => {
    const texts = (rows as object[]).flatMap((row) =>
      Object.entries(row).filter(([, text]) => typeof text === 'string'),
    )
    const hostile = new Set(
      texts.filter(([, text]) => /Hostile|onerror/.test(text)).map(([column]) => column),
    )
    return [...new Set(texts.map(([column]) => column))].map((column) => ({
      name: `${query}.${column}`,
      column,
      isHostile: hostile.has(column),
    }))
  })
  expect(columns.filter(({ isHostile }) => isHostile).length).toBeGreaterThan(45)
  expect(
    columns.filter(({ column, isHostile }) => !isHostile && !ownColumns.test(column)).map(({ name }) => name),
  ).toEqual([])
})

test('no file holds an invisible sign, or more than a line of a megabyte', () => {
  const invisible = /[\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]/
  expect(textFiles().length).toBeGreaterThan(20)
  for (const name of textFiles()) {
    const text = readFileSync(join(site, name), 'utf8')
    expect(invisible.exec(text)?.[0], name).toBeUndefined()
    expect(text, name).not.toContain('x'.repeat(300))
    expect(text.length, name).toBeLessThan(2_500_000)
  }
})

test('the Markdown holds no markup, no picture, and links within itself alone', () => {
  for (const place of ['weekly/2026-W07', 'monthly/2026-02']) {
    const tokens = allTokens(lexer(readFileSync(join(site, place, 'report.md'), 'utf8')))
    expect(tokens.filter(({ type }) => type === 'html' || type === 'image').map(({ raw }) => raw)).toEqual([])
    const links = tokens.filter((token): token is Tokens.Link => token.type === 'link')
    expect(links.filter(({ href }) => !href.startsWith('#')).map(({ raw }) => raw)).toEqual([])
    const names = tokens.filter(({ raw }) => raw.includes(mark))
    expect(names.length).toBeGreaterThan(5)
  }
})

function allTokens(tokens: readonly Token[]): Token[] {
  return tokens.flatMap((token) => {
    const cells = token.type === 'table' ? [...token.header, ...token.rows.flat()] : []
    const inner = [
      ...('tokens' in token ? (token.tokens ?? []) : []),
      ...('items' in token ? (token.items as Token[]) : []),
    ]
    return [token, ...allTokens(inner), ...cells.flatMap((cell: Tokens.TableCell) => allTokens(cell.tokens))]
  })
}

const title = chromiumMissing ? `hostile logs in Chromium (${chromiumMissing})` : 'hostile logs in Chromium'

describe.skipIf(chromiumMissing)(title, () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchChromium()
  })
  afterAll(() => browser?.close())

  describe.each(widths)('at %i pixels', (width) => {
    test.each(pages)(
      '%s is inert, legible, and no wider than the screen, whatever is opened in it',
      async (name) => {
        const {
          page,
          context: opened,
          requests,
          messages,
        } = await openFile(browser, join(site, name), { width })
        const dialogs: string[] = []
        page.on('dialog', (dialog) => {
          dialogs.push(dialog.message())
          void dialog.dismiss()
        })
        const size = () => page.evaluate('[document.documentElement.scrollWidth, window.hacked ?? null]')
        expect(await size()).toEqual([width, null])
        await page.evaluate('for (const details of document.querySelectorAll("details")) details.open = true')
        expect(await size()).toEqual([width, null])
        const article = await page.evaluate('document.querySelector("article.session")?.id ?? null')
        if (typeof article === 'string') {
          for (const id of (await page.evaluate(
            '[...document.querySelectorAll("article.session")].slice(0, 4).map(({ id }) => id)',
          )) as string[]) {
            await page.evaluate(`location.hash = ${JSON.stringify(`#${id}`)}`)
            expect([id, ...((await size()) as unknown[])]).toEqual([id, width, null])
          }
        }
        expect(await page.evaluate(strangers)).toEqual([])
        expect(await page.evaluate(unisolated)).toEqual([])
        const seen = (await page.evaluate('document.body.textContent')) as string
        if (name !== 'index.html' && name !== 'growth/index.html') expect(seen).toContain(mark)
        expect(await page.evaluate(policy)).toContain("default-src 'none'")
        expect([requests, messages, dialogs]).toEqual([[`file://${join(site, name)}`], [], []])
        await opened.close()
      },
    )
  })

  test('the list of sessions still searches, filters and sorts', async () => {
    const { page, context: opened, messages } = await openFile(browser, join(site, pages[0]!))
    await page.getByRole('searchbox').fill('Hostile')
    expect(await page.locator('table.sessions tr[data-n]:visible').count()).toBe(
      await page.locator('table.sessions tr[data-n]').count(),
    )
    await page.locator('select[name=project]').selectOption({ index: 1 })
    expect(await page.locator('table.sessions tr[data-n]:visible').count()).toBeGreaterThan(0)
    await page.getByRole('columnheader', { name: 'What' }).getByRole('button').click()
    expect(messages).toEqual([])
    await opened.close()
  })

  test('explore/ shows what a query finds as text', async () => {
    await dropOtherTypes()
    await renderExplore(ctx)
    const server = await serveFolder(site)
    const page = await browser.newPage()
    const heard: string[] = []
    page.on('console', (message) => heard.push(message.text()))
    page.on('dialog', (dialog) => {
      heard.push('a dialog')
      void dialog.dismiss()
    })
    page.on('request', (request) => {
      if (!request.url().startsWith(server.origin) && !/^(?:blob|data):/.test(request.url()))
        heard.push(request.url())
    })
    await page.goto(`${server.origin}/explore/index.html`)
    for (const sql of [
      'select * from sessions',
      'select * from session_facets',
      'select model, session_id from llm_calls limit 50',
    ]) {
      await page.fill('#sql', sql)
      await page.click('#run')
      await page.waitForSelector('#run:not([disabled])')
      await page.waitForSelector('#answer > *')
      expect(await page.locator('.failure').allTextContents(), sql).toEqual([])
      expect(await page.locator('.answer td', { hasText: 'Hostile' }).count(), sql).toBeGreaterThan(0)
      expect(await page.locator('.answer').locator('img, script, svg, a').count(), sql).toBe(0)
      expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth'), sql).toBe(true)
    }
    expect([heard, await page.evaluate('window.hacked ?? null')]).toEqual([[], null])
    await page.close()
    await server.close()
  })
})

/** The sample has a view and JSON where the warehouse has tables and text: of types that marts never have. */
async function dropOtherTypes(): Promise<void> {
  const db = await openDatabase(ctx.config.paths.warehouse)
  await db.run('drop view marts.main_session_days')
  const columns = await db.rows<{ name: string }>(
    `select table_name || ' alter column ' || column_name as name from duckdb_columns()
    where schema_name = 'marts' and data_type = 'JSON'`,
  )
  for (const { name } of columns) await db.run(`alter table marts.${name} type varchar`)
  db.close()
}

/** Elements and links that no template of ours has. */
const strangers = `[
  ...document.querySelectorAll('img, iframe, object, embed, base, [onerror], [onload], svg[onload]'),
  ...[...document.links].filter((link) => !/^(?:file:|#)/.test(link.href)),
].map((element) => element.outerHTML.slice(0, 120))`

/** Elements with letters from right to left that could turn what stands beside them in the same line. */
const unisolated = `(() => {
  const rightToLeft = /[\\u0590-\\u08ff]/
  const found = new Set()
  const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT)
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const parent = node.parentElement
    if (!rightToLeft.test(node.data) || parent.closest('script, template, svg, option')) continue
    const { display, unicodeBidi } = getComputedStyle(parent)
    if (display === 'inline' && unicodeBidi === 'normal') found.add(parent.outerHTML.slice(0, 60))
  }
  return [...found]
})()`

const policy = `document.querySelector('meta[http-equiv="Content-Security-Policy"]').content`
