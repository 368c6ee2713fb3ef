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

describe('what the letter is told', () => {
  const read = async () => (await readReportData(ctx.config, week, ctx.now())).rows

  test('counts each session with facets once for its kind of work, and no other', async () => {
    const { goals, friction_signals } = await read()
    const counts = (role: string) => friction_signals.find((row) => row.period_role === role)!
    expect(goals.map((row) => row.primary_task_category)).toEqual(['fix_bug'])
    expect(goals[0]!.session_count).toBe(counts('current').faceted_session_count)
    expect(goals[0]!.previous_session_count).toBe(counts('previous').faceted_session_count)
    expect([goals[0]!.active_share, goals[0]!.previous_active_share]).toEqual([1, 1])
  })

  test('splits the time by alignment without loss, and lets a session count for two businesses', async () => {
    const { priority_alignment, attention_by_business, goals } = await read()
    const seconds = priority_alignment.reduce((sum, row) => sum + row.active_seconds, 0)
    expect(seconds).toBe(goals[0]!.active_seconds)
    const [harbour, school] = attention_by_business
    expect([harbour!.business, school!.business]).toEqual(['harbour', 'school'])
    expect(harbour!.session_count).toBeGreaterThan(school!.session_count)
    expect(school!.session_count).toBeGreaterThan(0)
  })

  test('tells used from missed skills, and people from what was done with them', async () => {
    const { skills, relationship_pulse, relationship_actions } = await read()
    const named = (name: string) => skills.find((row) => row.skill_name === name)!
    expect(named('/compose')).toMatchObject({ used_count: 0, previous_used_count: 0 })
    expect(named('/compose').missed_count).toBeGreaterThan(0)
    expect(named('/tides')).toMatchObject({ missed_count: 0, previous_missed_count: 0 })
    expect(relationship_pulse.map((row) => row.person)).toEqual(['Ada Quay'])
    const actions = relationship_actions.reduce((sum, row) => sum + row.action_count, 0)
    expect(actions).toBe(relationship_pulse[0]!.session_count)
  })

  test('puts the period beside the one before it', async () => {
    const { completion, system_health, project_changes, headlines } = await read()
    expect(completion.map((row) => row.period_role)).toEqual(['current', 'previous'])
    expect(completion[0]!.started_count).toBe(completion[0]!.faceted_count * 2)
    expect(system_health.map((row) => row.api_error_count + row.compaction_count)).toEqual([5, 6])
    const sums = (key: 'active_seconds' | 'previous_active_seconds') =>
      project_changes.reduce((sum, row) => sum + row[key], 0)
    expect([sums('active_seconds'), sums('previous_active_seconds')]).toEqual(
      headlines.map((row) => row.active_seconds),
    )
  })
})
