import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { printers } from '../../jobs/query-formats.js'
import { type PeriodKind, parsePeriod } from '../../pipeline/period.js'
import { readReportData, reportQueries } from '../../pipeline/report/data.js'
import { shownSql } from '../../pipeline/report/shown-sql.js'
import { discoverModels } from '../../pipeline/warehouse/models.js'
import { queryWarehouse } from '../../pipeline/warehouse/query.js'
import { chromiumMissing, launchChromium, openFile } from '../support/chromium.js'
import { type ExploredRun, runWithExplore } from '../support/explore-site.js'
import { type StaticServer, serveFolder } from '../support/static-server.js'

const title = chromiumMissing ? `explore/ in Chromium (${chromiumMissing})` : 'explore/ in Chromium'

describe.skipIf(chromiumMissing)(title, () => {
  let run: ExploredRun
  let server: StaticServer
  let browser: Browser
  const contexts: BrowserContext[] = []
  const requests: string[] = []
  const messages: string[] = []

  beforeAll(async () => {
    run = await runWithExplore()
    server = await serveFolder(run.ctx.config.paths.site)
    browser = await launchChromium()
  })
  afterEach(async () => {
    const outside = requests.filter((url) => !url.startsWith(server.origin) && !/^(blob|data):/.test(url))
    const said = [...messages]
    for (const context of contexts.splice(0)) await context.close()
    requests.length = 0
    messages.length = 0
    expect(outside, 'no request leaves the origin').toEqual([])
    expect(said, 'no console message').toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await server?.close()
    run?.remove()
  })

  async function open(path = '/explore/index.html', options: { width?: number } = {}): Promise<Page> {
    const context = await browser.newContext({
      viewport: { width: options.width ?? 1280, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    contexts.push(context)
    context.on('request', (request) => requests.push(request.url()))
    context.on('console', (message) => messages.push(`${message.type()}: ${message.text()}`))
    context.on('weberror', (error) => messages.push(`error: ${error.error().message}`))
    const page = await context.newPage()
    await page.goto(`${server.origin}${path}`)
    return page
  }

  async function isAnswered(page: Page): Promise<void> {
    await page.waitForSelector('#run:not([disabled])')
    await page.waitForSelector('#answer > *')
  }

  async function ask(page: Page, sql: string): Promise<void> {
    await page.fill('#sql', sql)
    await page.click('#run')
    await isAnswered(page)
  }

  async function copiedCsv(page: Page): Promise<string> {
    await page.evaluate('navigator.clipboard.writeText("")')
    await page.click('#csv')
    await page.waitForFunction('navigator.clipboard.readText().then((text) => text !== "")')
    return (await page.evaluate('navigator.clipboard.readText()')) as string
  }

  async function queryCsv(sql: string): Promise<string> {
    return String(await printers.csv(await queryWarehouse(run.ctx.config.paths.warehouse, sql)))
  }

  test('the first query of the menu runs, with numbers to the right and its count of rows', async () => {
    const page = await open()
    expect(await page.inputValue('#query')).toBe('headlines')
    expect(await page.inputValue('#period')).toBe('2026-W07')
    await page.click('#run')
    await isAnswered(page)
    expect(await page.textContent('#status')).toMatch(/^2 rows in \d/)
    expect(await page.locator('.answer td.number').count()).toBeGreaterThan(10)
    expect(await page.evaluate('getComputedStyle(document.querySelector("td.number")).textAlign')).toBe(
      'right',
    )
    expect(requests.filter((url) => url.endsWith('.wasm'))).toHaveLength(1)
  })

  test.each([
    ['weekly', '2026-W07'],
    ['monthly', '2026-02'],
  ] as const)(
    'every query of the %s report gives what `debrief query` gives',
    async (kind: PeriodKind, label) => {
      const { ctx } = run
      const data = await readReportData(ctx.config, parsePeriod(kind, label, 'monday'), ctx.now())
      const shown = shownSql(reportQueries, data.periodRow)
      const page = await open()
      let rowCount = 0
      for (const { name, text } of shown) {
        await page.selectOption('#query', name)
        await page.selectOption('#period', label)
        expect(await page.inputValue('#sql')).toBe(text.trim())
        await page.click('#run')
        await isAnswered(page)
        expect(await page.locator('.failure').allTextContents(), name).toEqual([])
        const csv = await copiedCsv(page)
        expect(csv, name).toBe(await queryCsv(text))
        rowCount += csv.split('\n').length - 1
      }
      expect(rowCount).toBeGreaterThan(shown.length)
    },
  )

  test('every table holds what the warehouse holds, whatever its types', async () => {
    const page = await open()
    const models = discoverModels().filter(({ layer }) => layer === 'marts')
    const shown = models.filter(({ table }) => !['runs', 'deliveries'].includes(table))
    for (const { table, grain } of shown) {
      const sql = `select * from ${table} order by ${grain.length > 0 ? grain.join(', ') : 'all'}`
      await ask(page, sql)
      expect(await copiedCsv(page), table).toBe(await queryCsv(sql))
    }
    expect(await page.locator('.mart').count()).toBe(shown.length)
    expect(shown.length).toBeGreaterThan(15)
  })

  test('a link with a query in it runs that query', async () => {
    const page = await open(
      `/explore/index.html#sql=${encodeURIComponent('select \'a&b\' as "x#y", null as n')}`,
    )
    await isAnswered(page)
    expect(await page.locator('.answer th').allTextContents()).toEqual(['x#y', 'n'])
    expect(await page.locator('.answer td').allTextContents()).toEqual(['a&b', 'null'])
    expect(await page.locator('.answer td.null').count()).toBe(1)
    await page.evaluate('location.hash = "#sql=select%2041%20%2B%201%20as%20n"')
    await page.locator('.answer td', { hasText: /^42$/ }).waitFor()
  })

  test('a report on the same server leads to the answer of each of its queries', async () => {
    const page = await open('/weekly/2026-W07/index.html')
    const link = page.locator('.sql figcaption a').first()
    const href = await link.getAttribute('href')
    expect(href).toMatch(/^\.\.\/\.\.\/explore\/index\.html#sql=/)
    await page.goto(new URL(href ?? '', page.url()).href)
    await isAnswered(page)
    expect(await page.locator('.failure').count()).toBe(0)
    expect(await page.inputValue('#query')).not.toBe('')
    expect(await page.inputValue('#period')).toBe('2026-W07')
  })

  test('an error says what is wrong, where, and leaves the page ready for the next query', async () => {
    const page = await open()
    await ask(page, 'select session_id\nfrom sesions')
    const words = await page.getByRole('alert').textContent()
    expect(words).toContain('Did you mean "sessions"?')
    expect(words).toMatch(/LINE 2: from sesions\n +\^$/)
    expect(await page.locator('#csv').isDisabled()).toBe(true)
    await ask(page, 'select count(*) as n from sessions')
    expect(await page.locator('.answer td').count()).toBe(1)
  })

  test('nothing outside is reached, whatever a query asks for', async () => {
    const page = await open()
    for (const [sql, answer] of [
      ["select * from 'https://example.com/x.csv'", 'disabled'],
      ["select * from read_text('/etc/passwd')", 'disabled'],
      ['load httpfs', 'disabled'],
      ['load json', 'disabled'],
      ['set enable_external_access = true', 'Cannot'],
      ["select json_extract('{}', '$.a')", 'core functions alone'],
    ] as const) {
      await ask(page, sql)
      expect(await page.locator('.failure').textContent(), sql).toContain(answer)
    }
    const policy = (await page.evaluate(
      'fetch("https://example.com/").then(() => "reached", () => "refused")',
    )) as string
    expect(policy).toBe('refused')
    messages.splice(0, messages.length, ...messages.filter((said) => !said.includes('example.com')))
    requests.splice(0, requests.length, ...requests.filter((url) => url !== 'https://example.com/'))
  })

  test('what cannot be shown rightly is refused in words; nested values and large numbers are exact', async () => {
    const page = await open()
    await ask(page, "select interval 3 days as wait, 'x' as y")
    expect(await page.locator('.failure').textContent()).toContain('cast it to varchar')
    const sql = `select 9007199254740993::bigint as big, 170141183460469231731687303715884105727::hugeint as huge,
      -0.05::decimal(9, 3) as small, 1.10::decimal(18, 6) as price, [1, null, 3] as list,
      {a: 1.5, b: [date '2026-02-09']} as nested, timestamp '1969-12-31 23:59:59.999999' as early,
      'say "x",' || chr(10) || 'y' as quoted, '' as empty, null as nothing, true as yes, 'nan'::double as nan`
    await ask(page, sql)
    expect(await page.locator('.failure').allTextContents()).toEqual([])
    expect(await copiedCsv(page)).toBe(await queryCsv(sql))
  })

  test('the JSON functions that report queries use answer as DuckDB itself does', async () => {
    const page = await open()
    const sql = `with texts (t) as (values ('{"a": 1, "b": "x\\"y", "c": [1, {"d": null}], "e": 0.5, "f": false}'),
        ('[]'), ('[3, "four", null]'), ('{"a.b": "dotted", "a": {"b": "deep"}}'), (null), ('"word"')),
      paths (p) as (values ('$.a'), ('$.b'), ('$.c'), ('$.c[1]'), ('$.c[1].d'), ('$.e'), ('$.f'), ('$[0]'), ('$[1]'),
        ('$[2]'), ('$[9]'), ('$.a.b'), ('$."a.b"'), ('$.missing'), ('$'))
      select t, p, json_extract_string(t, p) as member, json_array_length(t) as length
      from texts cross join paths order by t, p`
    await ask(page, sql)
    expect(await page.locator('.failure').allTextContents()).toEqual([])
    expect(await copiedCsv(page)).toBe(await queryCsv(sql))
    await ask(page, `select json_extract_string('{}', '$.*')`)
    expect(await page.locator('.failure').textContent()).toContain('cannot follow the JSON path')
  })

  test('the keyboard is enough: choose, write, run, and go on', async () => {
    const page = await open()
    const focused = () => page.evaluate('document.activeElement.id || document.activeElement.className')
    const tabTo = async (id: string) => {
      for (let presses = 0; presses < 12 && (await focused()) !== id; presses += 1)
        await page.keyboard.press('Tab')
      expect(await focused()).toBe(id)
    }
    await tabTo('query')
    await page.keyboard.type('Tools')
    expect(await page.inputValue('#sql')).toContain('Which tools were called')
    await tabTo('sql')
    await page.keyboard.press('Control+Enter')
    await isAnswered(page)
    await page.keyboard.press('Control+A')
    await page.keyboard.type('select 7 as seven')
    expect(await page.inputValue('#query')).toBe('')
    await page.keyboard.press('Control+Enter')
    await page.locator('.answer th', { hasText: 'seven' }).waitFor()
    await tabTo('csv')
    await tabTo('table answer')
  })

  test('a query that does not end is stopped, and the next one runs', async () => {
    const page = await open()
    await page.fill(
      '#sql',
      'select count(*) from range(10000000) a, range(10000000) b where a.range % 7 = b.range % 11',
    )
    await page.click('#run')
    await page.getByText('Running …').waitFor()
    await page.click('#stop')
    expect(await page.textContent('#status')).toBe('Stopped.')
    await ask(page, 'select count(*) as n from sessions')
    expect(await page.locator('.answer td').count()).toBe(1)
  })

  test('a table of the list shows its rows, and of many only the first thousand', async () => {
    const page = await open()
    await page.click('.mart[data-table=tool_calls] summary')
    await page.click('.mart[data-table=tool_calls] button')
    await isAnswered(page)
    expect(await page.inputValue('#sql')).toBe('select *\nfrom tool_calls\nlimit 100')
    await ask(page, 'select range as n from range(2500)')
    expect(await page.locator('.answer tbody tr').count()).toBe(1000)
    expect(await page.textContent('#status')).toContain('2,500 rows')
    expect((await copiedCsv(page)).split('\n')).toHaveLength(2501)
  })

  test.each([1280, 768, 390])('at %i pixels nothing but the answer scrolls sideways', async (width) => {
    const page = await open(undefined, { width })
    await ask(page, 'select * from sessions')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
    await page.click('.mart[data-table=sessions] summary')
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width)
  })

  test('opened from disk it says that it needs a server, and how to start one', async () => {
    const file = join(run.ctx.config.paths.site, 'explore', 'index.html')
    const opened = await openFile(browser, file)
    contexts.push(opened.context)
    expect(await opened.page.locator('#notice').innerText()).toContain('python3 -m http.server')
    expect(await opened.page.locator('#run').isDisabled()).toBe(true)
    expect(opened.requests).toEqual([`file://${file}`])
    expect(opened.messages).toEqual([])
  })

  test('without JavaScript the tables and their columns are readable', async () => {
    const file = join(run.ctx.config.paths.site, 'explore', 'index.html')
    const opened = await openFile(browser, file, { javaScriptEnabled: false })
    contexts.push(opened.context)
    expect(await opened.page.locator('noscript').innerText()).toContain('debrief query')
    expect(await opened.page.locator('.mart').count()).toBeGreaterThan(15)
  })
})
