import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { lastDays, parsePeriod } from '../../pipeline/period.js'
import { renderReport } from '../../pipeline/report/render.js'
import { type ApiName, apiSchemas } from '../../pipeline/report/site/api-schema.js'
import { calendarYears } from '../../pipeline/report/site/calendar.js'
import { readSiteData, readSiteSql, siteQueries } from '../../pipeline/report/site/data.js'
import { moodOf } from '../../pipeline/report/site/mood.js'
import { renderSite } from '../../pipeline/report/site/render-site.js'
import { sparklineOf } from '../../pipeline/report/site/sparkline.js'
import { openDatabase } from '../../pipeline/warehouse/db.js'
import { readModel } from '../../pipeline/warehouse/models.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'
import { sqlNames } from '../conventions/sql-files.js'
import { apiMarkdown } from '../support/api-markdown.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const secondSite = { privacy: { ...sampleContext().config.privacy, content: 'none' as const } }

async function renderSample(overrides: Parameters<typeof sampleContext>[0] = {}, now?: string) {
  const ctx = sampleContext(overrides, now)
  await buildSampleWarehouse(ctx.config.paths.warehouse)
  await renderReport(ctx, parsePeriod('weekly', '2026-W07', 'monday'))
  await renderSite(ctx)
  return ctx
}

function filesIn(folder: string): Map<string, string> {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()
  const files = names.filter((name) => statSync(join(folder, name)).isFile())
  return new Map(files.map((name) => [name, readFileSync(join(folder, name), 'utf8')]))
}

let site: string
beforeAll(async () => {
  site = (await renderSample()).config.paths.site
})

const read = (path: string) => readFileSync(join(site, path), 'utf8')

test('every query of sql/site is run, ends in an order, and gives the columns and the grain that its header promises', async () => {
  expect(sqlNames('site')).toEqual([...siteQueries].sort())
  const ctx = sampleContext()
  await buildSampleWarehouse(ctx.config.paths.warehouse)
  const db = await openDatabase(ctx.config.paths.warehouse)
  for (const name of siteQueries) {
    const { columns, grain } = readModel('marts', name, readSql('site', name))
    const rows = await db.rows(readSiteSql(name))
    expect(rows.length, name).toBeGreaterThan(0)
    expect(Object.keys(rows[0] ?? {}), name).toEqual(columns.map((column) => column.name))
    const keys = rows.map((row) => JSON.stringify(grain.map((key) => (row as Record<string, unknown>)[key])))
    expect(new Set(keys).size, name).toBe(rows.length)
    expect(readSiteSql(name).trimEnd(), name).toMatch(/\norder by [a-z0-9_,\s]+$/)
  }
  db.close()
})

test('every link of every page leads to a file; explore/ is written after them', () => {
  for (const [name, html] of filesIn(site)) {
    if (!name.endsWith('.html')) continue
    const hrefs = [...html.matchAll(/href="([^"#]+)(?:#[^"]*)?"/g)].map((match) => match[1] ?? '')
    for (const href of hrefs.filter((to) => !/^(data:|explore\/)/.test(to)))
      expect(existsSync(join(site, name, '..', href)), `${name} → ${href}`).toBe(true)
  }
})

describe('the last days', () => {
  test('end with the newest data, whatever the clock says, and compare with as many before', async () => {
    const period = lastDays(7, '2026-02-15', 'monday')
    expect(period).toMatchObject({ startDate: '2026-02-09', endDate: '2026-02-16' })
    expect(period.previous).toMatchObject({ startDate: '2026-02-02', endDate: '2026-02-09' })
    expect(readdirSync(join(site, 'last')).sort()).toEqual(['14', '30', '7', '90'])
    expect(read('last/7/index.html')).toContain('The last 7 days')
    expect(read('last/7/index.html')).toContain('the period before')
  })

  test('are the same bytes at another time, and not drawn again while nothing changed', async () => {
    const later = await renderSample({}, '2027-05-01T09:00:00Z')
    expect(filesIn(join(later.config.paths.site, 'last'))).toEqual(filesIn(join(site, 'last')))

    const ctx = sampleContext()
    await buildSampleWarehouse(ctx.config.paths.warehouse, {
      extraSql: `insert into internal.fingerprints values ('raw.calls', 'a')`,
    })
    await renderSite(ctx)
    const file = join(ctx.config.paths.site, 'last/30/index.html')
    const before = statSync(file).ino
    await renderSite(ctx)
    expect(statSync(file).ino).toBe(before)
    const db = await openDatabase(ctx.config.paths.warehouse)
    await db.run(`update internal.fingerprints set fingerprint = 'b'`)
    db.close()
    await renderSite(ctx)
    expect(statSync(file).ino).not.toBe(before)
  })
})

describe('the calendar', () => {
  const week = {
    week: '2026-W07',
    week_start: '2026-02-09',
    session_count: 3,
    subagent_count: 0,
    active_seconds: 3600,
    cost_usd: 4,
    unpriced_call_count: 0,
    total_tokens: 1,
    prompt_count: 5,
    tool_call_count: 9,
    error_count: 0,
    judged_count: 3,
    known_count: 3,
    achieved_count: 3,
    friction_count: 0,
  }

  test('has every week of the year once, in the month of its Thursday, and links those with a report', () => {
    const [year] = calendarYears(
      [week, { ...week, week: '2026-W08', cost_usd: 1 }],
      'monday',
      new Set(['2026-W07']),
    )
    const cells = year?.months.flatMap(({ weeks }) => weeks) ?? []
    expect(cells).toHaveLength(53)
    expect(cells.filter(({ isQuiet }) => !isQuiet)).toMatchObject([
      { day: '9', heat: 4, href: 'weekly/2026-W07/index.html' },
      { day: '16', heat: 1, href: null },
    ])
    expect(cells[6]?.words.replaceAll('\u00a0', ' ')).toBe(
      'Week of 9 February 2026: 3 sessions, $4.00, went well',
    )
  })

  test('takes the mood from outcomes and friction, and has none where no outcome is clear', () => {
    expect(moodOf(week)).toBe('good')
    expect(moodOf({ ...week, friction_count: 3 })).toBe('mixed')
    expect(moodOf({ ...week, achieved_count: 1 })).toBe('rough')
    expect(moodOf({ ...week, friction_count: 10 })).toBe('rough')
    expect(moodOf({ ...week, known_count: 0 })).toBeNull()
  })
})

test('a sparkline joins neighbours, bridges gaps, and marks what stands alone', () => {
  const spark = sparklineOf(
    [
      { at: 0, value: 1 },
      { at: 1, value: 3 },
      { at: 4, value: 2 },
    ],
    4,
  )
  expect(spark.line).toBe('M5 51L62.5 5')
  expect(spark.bridges).toBe('M62.5 5L235 28')
  expect(spark.dots).toEqual([{ x: 235, y: 28, isLast: true }])
})

describe('the API', () => {
  const names = Object.keys(apiSchemas) as ApiName[]

  test.each(names)('%s.json is what its schema says, which lies beside it', (name) => {
    const file: unknown = JSON.parse(read(`api/v1/${name}.json`))
    expect(apiSchemas[name].parse(file)).toEqual(file)
    expect(JSON.parse(read(`api/v1/${name}.schema.json`))).toEqual(
      JSON.parse(JSON.stringify(z.toJSONSchema(apiSchemas[name]))),
    )
  })

  test('adds up: the weeks, and the sessions, cost what the summary says', () => {
    const { totals, weeks } = apiSchemas.summary.parse(JSON.parse(read('api/v1/summary.json')))
    const { sessions } = apiSchemas.sessions.parse(JSON.parse(read('api/v1/sessions.json')))
    const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0)
    expect(totals.cost_usd).toBeGreaterThan(10)
    expect(sum(weeks.map((row) => row.cost_usd))).toBeCloseTo(totals.cost_usd, 5)
    expect(sum(sessions.map((row) => row.cost_usd ?? 0))).toBeCloseTo(totals.cost_usd, 5)
    expect(sessions).toHaveLength(totals.session_count)
  })

  test('has no number that is not in the rows of the site’s queries under the same name', async () => {
    const ctx = sampleContext()
    await buildSampleWarehouse(ctx.config.paths.warehouse)
    const queried = new Set(numbersIn((await readSiteData(ctx.config)).rows))
    const given = names.flatMap((name) => numbersIn(JSON.parse(read(`api/v1/${name}.json`))))
    expect(given.length).toBeGreaterThan(300)
    expect(given.filter((number) => !queried.has(number))).toEqual([])
  })

  test('is described in API.md; with -u it is written anew', async () => {
    await expect(apiMarkdown()).toMatchFileSnapshot('../../pipeline/report/site/API.md')
  })
})

/** `cost_usd 1.5`, of every number in it. */
function numbersIn(value: unknown, key = ''): string[] {
  if (typeof value === 'number') return [`${key} ${value}`]
  if (Array.isArray(value)) return value.flatMap((item) => numbersIn(item, key))
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([name, inner]) => numbersIn(inner, name))
}

test('a session links to its page in the report of its week, which is there', () => {
  const links = [
    ...read('sessions/index.html').matchAll(/href="\.\.\/weekly\/2026-W07\/index\.html#(session\/\w+)"/g),
  ]
  const report = read('weekly/2026-W07/index.html')
  expect(links.filter(([, anchor]) => !report.includes(`<article class="session" id="${anchor}"`))).toEqual(
    [],
  )
  expect(new Set(links.map(([, anchor]) => anchor)).size).toBe(links.length)
  expect(links.length).toBeGreaterThan(10)
})

test('with content none no goal, summary or plan is anywhere, and no full path ever', async () => {
  const ctx = await renderSample(secondSite)
  const words = ['a goal', 'Mended the tide table', 'breakwater']
  for (const word of words) expect([...filesIn(site).values()].join(' ')).toContain(word)
  for (const [name, text] of filesIn(ctx.config.paths.site))
    for (const word of words) expect(text.includes(word), `${name} holds “${word}”`).toBe(false)
  for (const text of [read('sessions/index.html'), read('api/v1/sessions.json')])
    expect(text).not.toContain('/home/sam')
})

test('what logs say is text', () => {
  expect(read('sessions/index.html')).toContain('Rebuild the &lt;i&gt;breakwater&lt;/i&gt;')
  expect(read('sessions/index.html')).toContain('Looked for the &lt;b&gt;slow&lt;/b&gt; query')
  expect(read('tips/index.html')).toContain('Begin a new session &lt;between&gt; tasks.')
})

test('where nothing is loaded every page says so', async () => {
  const ctx = sampleContext()
  await renderSite(ctx)
  const pages = filesIn(ctx.config.paths.site)
  expect(pages.get('growth/index.html')).toContain('No metric has a value yet')
  expect(pages.get('tips/index.html')).toContain('No tip has been given yet')
  expect(pages.get('sessions/index.html')).toContain('No session is loaded yet')
  expect(
    apiSchemas.summary.parse(JSON.parse(pages.get('api/v1/summary.json') ?? '')).totals.session_count,
  ).toBe(0)
})
