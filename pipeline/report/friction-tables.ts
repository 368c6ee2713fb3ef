// What friction cost, how it has gone over eight weeks, where log and summary disagree, and what was out of the ordinary.

import { localDate, shortWeekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import {
  capitalised,
  countOf,
  formatCompact,
  formatCost,
  formatCount,
  formatDollars,
  formatShare,
  listed,
  unlogged,
  words,
} from './format.js'
import { formatMetric, metricName } from './metrics.js'
import type { AnomalyRow, ContradictionRow, FrictionCostRow, FrictionSign } from './rows.js'
import { type Table, tablesOf } from './table.js'

const signs: Record<FrictionSign, string> = {
  correction: 'Corrections',
  tool_failure: 'Failed tool calls',
  interruption: 'Interruptions',
  rejection: 'Refused actions',
  api_error: 'Errors of the API',
}

/** More of them are folded away. */
const mostAnomalies = 5

const findings: Record<ContradictionRow['contradiction_kind'], string> = {
  tests_failed_last: 'the last test run failed',
  last_tool_failed: 'the last tool call failed',
  commit_reverted: 'a commit was taken back',
}

/** What friction came to in dollars; null where nothing was spent on it. */
export function frictionCostSentence(data: ReportData): string | null {
  const rows = data.rows.friction_cost
  const sum = (measure: (row: FrictionCostRow) => number | null) =>
    rows.reduce((total, row) => total + (measure(row) ?? 0), 0)
  const costUsd = sum((row) => row.cost_usd)
  if (sum((row) => row.llm_call_count) === 0 || costUsd === 0) return null
  const share = sum((row) => row.cost_share)
  const unpriced = sum((row) => row.unpriced_call_count)
  const ofCost =
    share > 0 && isWhollyPriced(data) ? ` or ${formatShare(share)} of what the ${periodNoun(data)} cost` : ''
  return `Between something going wrong and the recovery from it, ${countOf(
    sum((row) => row.llm_call_count),
    'call',
  )} came to ${formatDollars(costUsd, unpriced)}${ofCost}; a call counts once, with what went wrong first.`
}

export function frictionTables(data: ReportData, timezone: string): Table[] {
  return [
    ...costTables(data),
    ...trendTables(data),
    ...contradictionTables(data, timezone),
    ...anomalyTables(data),
  ]
}

/** A share of a cost that is a lower bound would be too large. */
function isWhollyPriced(data: ReportData): boolean {
  return currentRow(data).unpriced_call_count === 0
}

function costTables(data: ReportData): Table[] {
  const hasShares = isWhollyPriced(data)
  return tablesOf({
    caption: 'What friction cost',
    texts: ['From'],
    numbers: [
      'Times',
      'Mended',
      'Calls',
      'Tokens',
      'Cost',
      ...(hasShares ? [`Of the ${periodNoun(data)}`] : []),
    ],
    rows: data.rows.friction_cost,
    cells: (row) => [
      signs[row.friction_sign],
      formatCount(row.span_count),
      formatCount(row.recovered_count),
      formatCount(row.llm_call_count),
      row.total_tokens === null ? unlogged : formatCompact(row.total_tokens),
      formatCost(row.cost_usd, row.unpriced_call_count),
      ...(hasShares ? [row.cost_share === null ? '' : formatShare(row.cost_share)] : []),
    ],
  })
}

/** Of one week nothing can be told that the tables before do not. */
function trendTables(data: ReportData): Table[] {
  const rows = data.rows.friction_trend
  if (rows.length < 2) return []
  return tablesOf({
    caption: `Friction over ${rows.length === 8 ? 'eight weeks' : countOf(rows.length, 'week')}`,
    texts: ['Week'],
    numbers: ['Sessions', 'Corrections', 'Loops', 'MCP failures', 'Cut short', 'Friction cost'],
    rows,
    cells: (row) => [
      row.week,
      formatCount(row.session_count),
      formatCount(row.correction_count),
      formatCount(row.loop_count),
      formatCount(row.mcp_failure_count),
      formatCount(row.cut_short_count),
      formatCost(row.cost_usd === null ? null : row.friction_cost_usd, row.unpriced_call_count),
    ],
  })
}

function contradictionTables(data: ReportData, timezone: string): Table[] {
  const rows = data.rows.contradictions
  return tablesOf({
    caption: 'Said to be achieved, but',
    texts: ['Day', 'Project', 'Outcome as summarised', 'What the log says'],
    rows: [...new Set(rows.map((row) => row.session_id))].map((id) =>
      rows.filter((row) => row.session_id === id),
    ),
    cells: (found) => {
      const [row] = found
      if (!row) return []
      return [
        shortWeekdayDate(localDate(new Date(row.happened_at), timezone)),
        row.project ?? 'no project',
        capitalised(words(row.claimed_outcome)),
        capitalised(listed(found.map(({ contradiction_kind }) => findings[contradiction_kind]))),
      ]
    },
    maxRows: 20,
  })
}

function anomalyTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'Out of the ordinary',
    texts: ['Day', 'What', 'Measure'],
    numbers: ['Value', 'Usual', 'Times'],
    isFolded: data.rows.anomalies.length > mostAnomalies,
    rows: data.rows.anomalies,
    cells: (row) => [
      shortWeekdayDate(row.happened_on),
      row.subject_kind === 'day' ? 'The whole day' : `A session in ${row.project ?? 'no project'}`,
      metricName(row.metric_name),
      formatMetric(row.metric_name, row.metric_value),
      formatMetric(row.metric_name, row.baseline_value),
      timesUsual(row),
    ],
    maxRows: 20,
  })
}

function timesUsual({ ratio }: AnomalyRow): string {
  return ratio === null ? '' : `×${ratio < 9.95 ? ratio.toFixed(1) : formatCount(ratio)}`
}
