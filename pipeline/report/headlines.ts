// The headline numbers at a glance: each with its change against the period before and against what is usual.
import type { ReportData } from './data.js'
import { currentRow, figuresOf, frozenFigures, hasNoUsage, headlineRow } from './figures.js'
import {
  countOf,
  formatCompact,
  formatCount,
  formatDollars,
  formatDuration,
  formatShare,
  unlogged,
} from './format.js'
import { againstBefore, againstUsual, type Comparison, sparkOf } from './headline-comparisons.js'
import { restatedCost, restatementsOf } from './restatements.js'
import type { HeadlineHistoryRow, HeadlineMeasure, HeadlineRow } from './rows.js'

export interface Headline extends Comparison {
  readonly key: HeadlineMeasure
  readonly label: string
  readonly value: string
  /** A second number that explains the first. */
  readonly note: string
  /** Against the median of the periods before. */
  readonly usual: Comparison
  /** The last periods as a small drawing; empty where there are fewer than two. */
  readonly spark: string
  /** What stood here when the period was first reported, where that differs. */
  readonly restated: string | null
  /** The parts that show it in detail, the best first. */
  readonly parts: readonly string[]
}

export interface HeadlineSpec {
  readonly key: HeadlineMeasure
  readonly label: string
  readonly parts: readonly string[]
  readonly form: (value: number, unpricedCallCount: number) => string
  readonly note: (data: ReportData) => string
  /** A share moves by points, not by a share of itself. */
  readonly isShare?: boolean
  /** Whether it has anything to tell here; the first four always stand. */
  readonly isTold?: (data: ReportData) => boolean
}

const specs: readonly HeadlineSpec[] = [
  {
    key: 'session_count',
    label: 'Sessions',
    parts: ['sessions'],
    form: formatCount,
    note: (data) => {
      const { subagent_count: helpers, prompt_count: prompts } = headlineRow(data)
      return helpers > 0 ? `and ${countOf(helpers, 'sub-agent')}` : countOf(prompts, 'prompt')
    },
  },
  {
    key: 'active_seconds',
    label: 'Active time',
    parts: ['attention'],
    form: formatDuration,
    note: (data) => {
      const seconds = headlineRow(data).active_union_seconds
      return seconds > 0 ? `${formatDuration(seconds)} by the clock` : 'parallel sessions each counted'
    },
  },
  {
    key: 'cost_usd',
    label: 'Cost',
    parts: ['cost'],
    form: formatDollars,
    note: (data) => {
      const row = headlineRow(data)
      if (row.unpriced_call_count > 0) return `${countOf(row.unpriced_call_count, 'call')} without a price`
      return row.unlogged_count > 0
        ? `without ${countOf(row.unlogged_count, 'unlogged session')}`
        : 'at list price'
    },
  },
  {
    key: 'total_tokens',
    label: 'Tokens',
    parts: ['cost'],
    form: formatCompact,
    note: (data) => {
      const row = headlineRow(data)
      return hasNoUsage(row)
        ? 'see what was read, and what was not'
        : `${formatCompact(row.output_tokens)} written`
    },
  },
  {
    key: 'reached_share',
    label: 'Reached the goal',
    parts: ['letter-figures', 'sessions'],
    form: formatShare,
    isShare: true,
    note: (data) => `of ${countOf(judgedCount(data), 'session')} whose outcome is known`,
    isTold: (data) => judgedCount(data) > 0,
  },
  {
    key: 'friction_cost_usd',
    label: 'Cost of friction',
    parts: ['friction'],
    form: formatDollars,
    note: frictionNote,
    isTold: (data) => currentRow(data).cost_usd > 0 && data.rows.frozen_figures[0]?.has_moved !== true,
  },
  {
    key: 'error_share',
    label: 'Tool calls that failed',
    parts: ['tools'],
    form: formatShare,
    isShare: true,
    note: (data) => `of ${countOf(currentRow(data).tool_call_count, 'call')}`,
    isTold: (data) => currentRow(data).tool_call_count > 0,
  },
]

/** What fits beside each other in two rows. */
const mostHeadlines = 6

/** The first four are volumes, and always there; then how it went, as far as anything tells. */
export function headlinesOf(data: ReportData, timezone: string): Headline[] {
  return specs
    .filter(({ isTold }) => isTold?.(data) ?? true)
    .slice(0, mostHeadlines)
    .map((spec) => headlineOf(spec, data, timezone))
}

function headlineOf(spec: HeadlineSpec, data: ReportData, timezone: string): Headline {
  const history = historyOf(spec, data)
  return {
    key: spec.key,
    label: spec.label,
    parts: spec.parts,
    value: valueWords(spec, headlineRow(data), history[0]?.measure_value ?? 0),
    note: spec.note(data),
    ...againstBefore(spec, history, data),
    usual: againstUsual(spec, history, data),
    spark: sparkOf(spec, history, data),
    restated: restated(spec, data, timezone),
  }
}

/** The measure’s history, newest first; the newest is what stands at a glance, also where that was frozen. */
function historyOf({ key }: HeadlineSpec, data: ReportData): HeadlineHistoryRow[] {
  const told = figuresOf(data)
  return data.rows.headline_history
    .filter((row) => row.measure_name === key)
    .map((row) => ({
      ...row,
      measure_value: row.periods_back === 0 ? (told[key] ?? row.measure_value) : row.measure_value,
    }))
}

function valueWords({ key, form }: HeadlineSpec, row: HeadlineRow, value: number): string {
  if ((key === 'cost_usd' || key === 'total_tokens') && hasNoUsage(row)) return unlogged
  return form(value, key === 'cost_usd' ? row.unpriced_call_count : 0)
}

function judgedCount({ rows }: ReportData): number {
  const known = ['fully_achieved', 'mostly_achieved', 'partially_achieved', 'not_achieved']
  return rows.outcomes
    .filter(({ outcome }) => known.includes(outcome))
    .reduce((sum, row) => sum + row.session_count, 0)
}

function frictionNote(data: ReportData): string {
  const { cost_usd: totalUsd, unpriced_call_count: unpriced } = currentRow(data)
  const spans = data.rows.friction_cost.reduce((sum, row) => sum + row.span_count, 0)
  if (spans === 0) return 'no sign of it'
  const costUsd = data.rows.friction_cost.reduce((sum, row) => sum + (row.cost_usd ?? 0), 0)
  const times = countOf(spans, 'time')
  return unpriced > 0 ? `to get over it ${times}` : `${formatShare(costUsd / totalUsd)} of the cost, ${times}`
}

/** Nothing is said of a period that was frozen before there was anything to explain a difference by. */
function restated(spec: HeadlineSpec, data: ReportData, timezone: string): string | null {
  const frozen = frozenFigures(data)
  const before = frozen?.[spec.key]
  if (before === undefined || !data.rows.frozen_figures[0]?.is_explained) return null
  const first = valueWords(spec, { ...headlineRow(data), ...frozen }, before)
  if (spec.key === 'cost_usd') return restatedCost(data, restatementsOf(data, 'current'), first, timezone)
  const now = valueWords(spec, headlineRow(data), figuresOf(data)[spec.key] ?? 0)
  return first === now ? null : `first reported as ${first}`
}
