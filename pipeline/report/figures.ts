// The headline figures: what a period is frozen with, and what its headlines are told from.
import type { ReportData } from './data.js'
import { costChangeUsd, restatementsOf } from './restatements.js'
import type { HeadlineRow } from './rows.js'

/** Numbers only, under the names of sql/reports/headlines.sql; compared when a period is restated. */
export type Figures = Readonly<Record<string, number>>

/** Sessions there were, but no log of theirs says what they used. */
export function hasNoUsage(row: HeadlineRow): boolean {
  return row.unlogged_count > 0 && row.total_tokens === 0 && row.unpriced_call_count === 0
}

export function figuresOf(data: ReportData): Figures {
  const { period_role: _role, period: _period, ...figures } = headlineRow(data)
  return figures
}

/** A period in which nothing happened is rendered, but neither frozen nor listed. */
export function isEmpty(figures: Figures): boolean {
  return (figures.session_count ?? 0) + (figures.subagent_count ?? 0) === 0
}

export function currentRow(data: ReportData): HeadlineRow {
  const row = data.rows.headlines.find((candidate) => candidate.period_role === 'current')
  if (!row) throw new Error('sql/reports/headlines.sql gave no row for the current period')
  return row
}

export function previousRow(data: ReportData): HeadlineRow | null {
  const row = data.rows.headlines.find((candidate) => candidate.period_role === 'previous')
  return row && row.session_count + row.subagent_count > 0 ? row : null
}

const nouns = { weekly: 'week', monthly: 'month', last: 'period' } as const

/** "week" or "month"; "period" for the last days. */
export function periodNoun(data: ReportData): string {
  return nouns[data.period.kind]
}

/**
 * The current row. Where today's settings give a frozen period other instants, it stays as first reported, with what
 * has been restated: another time zone is no reason for another figure.
 */
export function headlineRow(data: ReportData): HeadlineRow {
  const current = currentRow(data)
  const frozen = frozenFigures(data)
  if (!frozen || !data.rows.frozen_figures[0]?.has_moved) return current
  const rows = restatementsOf(data, 'current')
  const moved = { ...current, ...frozen }
  return {
    ...moved,
    cost_usd: moved.cost_usd + costChangeUsd(rows),
    total_tokens: moved.total_tokens + rows.reduce((sum, row) => sum + row.token_change, 0),
    prompt_count: moved.prompt_count + rows.reduce((sum, row) => sum + row.prompt_change, 0),
  }
}

/** What it was first reported as; null for a period that is not frozen. */
export function frozenFigures(data: ReportData): Figures | null {
  const [frozen] = data.rows.frozen_figures
  if (!frozen) return null
  const figures: unknown = JSON.parse(frozen.figures)
  return figures as Figures
}
