// The headline figures: what a period is frozen with, and how it stands against the one before.
import type { ReportData } from './data.js'
import {
  type Change,
  changeFrom,
  countOf,
  type Direction,
  formatCompact,
  formatCount,
  formatDollars,
  formatDuration,
  unlogged,
} from './format.js'
import { costChangeUsd, restatedCost, restatementsOf } from './restatements.js'
import type { HeadlineRow } from './rows.js'

/** Numbers only, under the names of sql/reports/headlines.sql; compared when a period is restated. */
export type Figures = Readonly<Record<string, number>>

export interface Headline {
  readonly key: string
  readonly label: string
  readonly value: string
  /** A second number that explains the first. */
  readonly note: string
  /** "+12 %", or null where there is nothing to compare with. */
  readonly change: string | null
  readonly direction: Direction | null
  /** The comparison in words, so that nobody needs the arrow or its colour. */
  readonly comparison: string
  /** What stood here when the period was first reported, where that differs. */
  readonly restated: string | null
}

interface HeadlineSpec {
  readonly key: 'session_count' | 'active_seconds' | 'cost_usd' | 'total_tokens'
  readonly label: string
  readonly format: (row: HeadlineRow) => string
  readonly note: (row: HeadlineRow) => string
}

const specs: readonly HeadlineSpec[] = [
  {
    key: 'session_count',
    label: 'Sessions',
    format: (row) => formatCount(row.session_count),
    note: (row) =>
      row.subagent_count > 0
        ? `and ${countOf(row.subagent_count, 'sub-agent')}`
        : countOf(row.prompt_count, 'prompt'),
  },
  {
    key: 'active_seconds',
    label: 'Active time',
    format: (row) => formatDuration(row.active_seconds),
    note: (row) =>
      row.active_union_seconds > 0
        ? `${formatDuration(row.active_union_seconds)} by the clock`
        : 'parallel sessions each counted',
  },
  {
    key: 'cost_usd',
    label: 'Cost',
    format: (row) => (hasNoUsage(row) ? unlogged : formatDollars(row.cost_usd, row.unpriced_call_count)),
    note: (row) =>
      row.unpriced_call_count > 0
        ? `${countOf(row.unpriced_call_count, 'call')} without a price`
        : row.unlogged_count > 0
          ? `without ${countOf(row.unlogged_count, 'unlogged session')}`
          : 'at list price',
  },
  {
    key: 'total_tokens',
    label: 'Tokens',
    format: (row) => (hasNoUsage(row) ? unlogged : formatCompact(row.total_tokens)),
    note: (row) =>
      hasNoUsage(row) ? 'see what was read, and what was not' : `${formatCompact(row.output_tokens)} written`,
  },
]

/** Sessions there were, but no log of theirs says what they used. */
function hasNoUsage(row: HeadlineRow): boolean {
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

/** The four numbers at a glance. */
export function headlinesOf(data: ReportData, timezone: string): Headline[] {
  const current = headlineRow(data)
  const previous = previousRow(data)
  const frozen = frozenFigures(data)
  return specs.map((spec) => ({
    key: spec.key,
    label: spec.label,
    value: spec.format(current),
    note: spec.note(current),
    ...compared(spec, current, previous, data),
    restated: restated(spec, current, frozen, data, timezone),
  }))
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

type Comparison = Pick<Headline, 'change' | 'direction' | 'comparison'>

/** A running period is not measured against a whole one: half a week is not "50 % down". */
function compared(
  spec: HeadlineSpec,
  current: HeadlineRow,
  previous: HeadlineRow | null,
  data: ReportData,
): Comparison {
  const noun = periodNoun(data)
  if (!previous)
    return { change: null, direction: null, comparison: `nothing to compare with the ${noun} before` }
  const before = spec.format(previous)
  if (data.isSoFar)
    return { change: null, direction: null, comparison: `${before} in the whole ${noun} before` }
  const change = changeFrom(previous[spec.key], current[spec.key])
  if (!change) return { change: null, direction: null, comparison: `${before} the ${noun} before` }
  return { change: change.text, direction: change.direction, comparison: inWords(change, before, noun) }
}

function inWords(change: Change, before: string, noun: string): string {
  if (change.direction === 'flat') return `as the ${noun} before (${before})`
  const way = change.direction === 'up' ? 'up' : 'down'
  return `${way} from ${before} the ${noun} before`
}

/**
 * The current row. Where today's settings give a frozen period other instants, it stays as first reported, with what
 * has been restated: another time zone is no reason for another figure.
 */
function headlineRow(data: ReportData): HeadlineRow {
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

/** Nothing is said of a period that was frozen before there was anything to explain a difference by. */
function restated(
  spec: HeadlineSpec,
  current: HeadlineRow,
  frozen: Figures | null,
  data: ReportData,
  timezone: string,
): string | null {
  const before = frozen?.[spec.key]
  if (before === undefined || !data.rows.frozen_figures[0]?.is_explained) return null
  const first = spec.format({ ...current, ...frozen })
  if (spec.key === 'cost_usd') return restatedCost(data, restatementsOf(data, 'current'), first, timezone)
  return first === spec.format(current) ? null : `first reported as ${first}`
}

function frozenFigures(data: ReportData): Figures | null {
  const [frozen] = data.rows.frozen_figures
  if (!frozen) return null
  const figures: unknown = JSON.parse(frozen.figures)
  return figures as Figures
}
