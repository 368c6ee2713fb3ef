// site/api/v1: the facts of the pages for programs, checked against their schemas, which lie beside them.
import { join } from 'node:path'
import type { Config } from '../../config.js'
import * as z from '../../zod.js'
import { listRenderedPeriods } from '../archive.js'
import { writeWhole } from '../write-whole.js'
import { type ApiFiles, type ApiName, apiSchemas } from './api-schema.js'
import type { SiteRows } from './data.js'
import { moodOf } from './mood.js'
import type { GrowthPoint, MonthRow } from './rows.js'

const folder = 'api/v1'

/** Of each file the facts, and their JSON Schema. */
export async function writeApi(rows: SiteRows, config: Config): Promise<void> {
  const files = apiFiles(rows, config)
  for (const name of Object.keys(apiSchemas) as ApiName[]) {
    const path = join(config.paths.site, folder, name)
    await writeWhole(`${path}.json`, json(apiSchemas[name].parse(files[name])))
    await writeWhole(`${path}.schema.json`, json(z.toJSONSchema(apiSchemas[name])))
  }
}

export function apiFiles(rows: SiteRows, config: Config): ApiFiles {
  return {
    summary: summaryFile(rows, config),
    growth: { schema: 'debrief.growth/1', metrics: metricsOf(rows.growth) },
    sessions: {
      schema: 'debrief.sessions/1',
      sessions: rows.sessions,
    },
    tips: {
      schema: 'debrief.tips/1',
      tips: rows.tips.map(({ tip_id: _id, ...row }) => ({ id: `${row.rule}/${row.period}`, ...row })),
    },
  }
}

function summaryFile(rows: SiteRows, config: Config): ApiFiles['summary'] {
  const [totals] = rows.totals
  return {
    schema: 'debrief.summary/1',
    content: config.privacy.content,
    is_demo: config.isDemo,
    user: config.user,
    machine: config.machine,
    timezone: config.timezone,
    as_of: totals?.last_event_at ?? null,
    first_date: totals?.first_date ?? null,
    last_date: totals?.last_date ?? null,
    totals: {
      ...measuresOf(totals),
      day_count: totals?.day_count ?? 0,
      project_count: totals?.project_count ?? 0,
      tool_call_count: totals?.tool_call_count ?? 0,
      error_count: totals?.error_count ?? 0,
    },
    weeks: rows.weeks.map((row) => ({
      week: row.week,
      week_start: row.week_start,
      ...measuresOf(row),
      mood: moodOf(row),
    })),
    months: rows.months.map((row) => ({
      month: row.month,
      month_start: row.month_start,
      ...measuresOf(row),
    })),
    reports: listRenderedPeriods(config.paths.site).map(({ kind, label }) => ({
      period_kind: kind,
      period: label,
      path: `${kind}/${label}/index.html`,
    })),
  }
}

function measuresOf(row: Omit<MonthRow, 'month' | 'month_start'> | undefined) {
  return {
    session_count: row?.session_count ?? 0,
    subagent_count: row?.subagent_count ?? 0,
    active_seconds: row?.active_seconds ?? 0,
    cost_usd: row?.cost_usd ?? 0,
    unpriced_call_count: row?.unpriced_call_count ?? 0,
    total_tokens: row?.total_tokens ?? 0,
    prompt_count: row?.prompt_count ?? 0,
  }
}

/** The points of each metric together; they come ordered by user, kind, metric and time. */
function metricsOf(points: readonly GrowthPoint[]): ApiFiles['growth']['metrics'] {
  const groups = new Map<string, GrowthPoint[]>()
  for (const point of points) {
    const key = JSON.stringify([point.user_id, point.period_kind, point.metric_name])
    groups.set(key, [...(groups.get(key) ?? []), point])
  }
  return [...groups.values()].map((group) => {
    const { user_id, period_kind, metric_name, is_less_better, is_skill } = group[0]!
    const values = group.map((point) => ({
      period: point.period,
      period_start: point.period_start,
      metric_value: point.metric_value,
      recent_change: point.recent_change,
      trend_direction: point.trend_direction,
      trend_strength: point.trend_strength,
      period_count: point.period_count,
    }))
    return { user_id, period_kind, metric_name, is_less_better, is_skill, values }
  })
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 1)}\n`
}
