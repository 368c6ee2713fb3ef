import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from 'vitest'
import { parsePeriod } from '../../pipeline/period.js'
import { readActiveDates, readReportData, reportQueries } from '../../pipeline/report/data.js'
import { packageRoot } from '../../pipeline/root.js'
import { sampleContext } from '../support/report-config.js'
import { buildSampleWarehouse } from '../support/sample-warehouse.js'

const week = parsePeriod('weekly', '2026-W07', 'monday')
const ctx = sampleContext()

beforeAll(() => buildSampleWarehouse(ctx.config.paths.warehouse))

test('every file in sql/reports is run, and every chart has one', () => {
  const queries = readdirSync(join(packageRoot, 'sql/reports')).filter((name) => name.endsWith('.sql'))
  expect(queries.map((name) => name.replace('.sql', '')).sort()).toEqual([...reportQueries].sort())
  const charts = readdirSync(join(packageRoot, 'templates/charts')).map((name) =>
    name.replace('.vl.json', ''),
  )
  expect(charts.filter((name) => !queries.includes(`${name}.sql`))).toEqual([])
})

describe('the rows of a week', () => {
  test('add up: whatever they are split by, the parts sum to the headline', async () => {
    const { rows } = await readReportData(ctx.config, week, ctx.now())
    const total = rows.headlines.find((row) => row.period_role === 'current')!
    const sum = (values: (number | null)[]) => values.reduce<number>((all, value) => all + (value ?? 0), 0)
    expect(total.cost_usd).toBeGreaterThan(0)
    for (const parts of [rows.sessions, rows.attention_by_project, rows.attention_by_agent]) {
      expect(sum(parts.map((row) => row.cost_usd))).toBeCloseTo(total.cost_usd, 6)
      expect(sum(parts.map((row) => row.active_seconds))).toBe(total.active_seconds)
      expect(sum(parts.map((row) => row.prompt_count))).toBe(total.prompt_count)
    }
    expect(sum(rows.cost_by_day_and_model.map((row) => row.cost_usd))).toBeCloseTo(total.cost_usd, 6)
    expect(sum(rows.cost_by_day_and_model.map((row) => row.total_tokens))).toBe(total.total_tokens)
    expect(sum(rows.tools.map((row) => row.call_count))).toBe(total.tool_call_count)
    expect(sum(rows.when_you_worked.map((row) => row.prompt_count))).toBe(total.prompt_count)
  })

  test('hold all seven days and all 168 hours, busy or not', async () => {
    const { rows } = await readReportData(ctx.config, week, ctx.now())
    expect(new Set(rows.cost_by_day_and_model.map((row) => row.local_date)).size).toBe(7)
    expect(rows.when_you_worked).toHaveLength(168)
  })

  test('list no sub-agent as a session of its own', async () => {
    const { rows } = await readReportData(ctx.config, week, ctx.now())
    expect(rows.sessions.filter((row) => row.session_id.includes('/'))).toEqual([])
    expect(rows.sessions.length).toBe(rows.headlines[0]?.session_count)
  })
})

test('a finished period is as of its end, a running one as of its last event', async () => {
  const finished = await readReportData(ctx.config, week, new Date('2026-02-20T12:00:00Z'))
  expect([finished.isSoFar, finished.asOf]).toEqual([false, '2026-02-16T00:00:00.000Z'])
  const running = await readReportData(ctx.config, week, new Date('2026-02-15T12:00:00Z'))
  expect([running.isSoFar, running.asOf]).toEqual([true, '2026-02-15T05:53:00.000Z'])
})

test('a period ends at midnight in the configured time zone', async () => {
  const newYork = { ...ctx.config, timezone: 'America/New_York' }
  const data = await readReportData(newYork, week, ctx.now())
  expect(data.asOf).toBe('2026-02-16T05:00:00.000Z')
})

test('active dates are listed once each, oldest first', async () => {
  const dates = await readActiveDates(ctx.config)
  expect(dates[0]).toBe('2026-02-02')
  expect(dates).toEqual([...new Set(dates)].sort())
})
