// Month against month: up to six of them side by side, and how the last one stands against the one before.
import { monthYear } from '../../period.js'
import type { ReportData } from '../data.js'
import {
  changeFrom,
  countOf,
  formatCompact,
  formatCost,
  formatCount,
  formatDuration,
  formatShare,
  unlogged,
} from '../format.js'
import type { Section } from '../sections.js'
import type { Table } from '../table.js'
import type { MonthRow } from './rows.js'

interface Measure {
  readonly label: string
  readonly value: (row: MonthRow) => number | null
  readonly format: (row: MonthRow, value: number) => string
  /** Why there is no value. */
  readonly missing?: string
}

const share = (_: MonthRow, value: number) => formatShare(value)
const count = (_: MonthRow, value: number) => formatCount(value)

const measures: readonly Measure[] = [
  { label: 'Sessions', value: (row) => row.session_count, format: count },
  { label: 'Active time', value: (row) => row.active_seconds, format: (_, value) => formatDuration(value) },
  { label: 'Days with work', value: (row) => row.day_count, format: count },
  { label: 'Prompts', value: (row) => row.prompt_count, format: count },
  {
    label: 'Cost',
    value: (row) => row.cost_usd,
    format: (row, value) => formatCost(value, row.unpriced_call_count),
    missing: unlogged,
  },
  {
    label: 'Tokens',
    value: (row) => row.total_tokens,
    format: (_, value) => formatCompact(value),
    missing: unlogged,
  },
  { label: 'Commits', value: (row) => row.commit_count, format: count },
  { label: 'Goals reached', value: achievedShare, format: share },
  { label: 'Sessions completed', value: (row) => row.completion_share, format: share },
  { label: 'Tool calls that failed', value: (row) => row.error_rate, format: share },
  { label: 'Prompts that correct', value: (row) => row.correction_share, format: share },
  { label: 'Cost spent on friction', value: (row) => row.friction_cost_share, format: share },
]

/** Of the sessions whose facets say how far they came, those that fully or mostly did. */
function achievedShare({ judged_count: judged, achieved_count: achieved }: MonthRow): number | null {
  return judged === 0 ? null : achieved / judged
}

/** Null where no month is there to stand beside this one: the figures at a glance say the same then. */
export function monthsSection(data: ReportData): Section | null {
  const rows = data.rows.month_by_month
  const current = rows.find(({ period }) => period === data.period.label)
  if (!current || rows.length < 2) return null
  return {
    id: 'months',
    heading: 'Month against month',
    paragraphs: [paragraph(data, rows)],
    tables: [table(data, rows, current)],
  }
}

function paragraph(data: ReportData, rows: readonly MonthRow[]): string {
  const gaps = rows.length < 6 ? ' Of the five months before, those without sessions are left out.' : ''
  const compared = data.isSoFar
    ? 'The month is not over, so it is not measured against a whole one.'
    : 'The change is against the month before.'
  return `${countOf(rows.length, 'month')} side by side, by today’s figures. ${compared}${gaps} “Goals reached” are those of the sessions of which it is known.`
}

function table(data: ReportData, rows: readonly MonthRow[], current: MonthRow): Table {
  const previous = rows.find(({ period }) => period === data.period.previous.label) ?? null
  const isCompared = !data.isSoFar && previous !== null
  const labels = rows.map((row) => {
    const label = monthYear(row.period_start)
    return row === current && data.isSoFar ? `${label}, so far` : label
  })
  return {
    caption: 'Each month in numbers',
    columns: [
      { label: 'Figure', isNumber: false },
      ...[...labels, ...(isCompared ? ['Change'] : [])].map((label) => ({ label, isNumber: true })),
    ],
    rows: measures
      .filter(({ value }) => rows.some((row) => value(row) !== null))
      .map((measure) => [
        measure.label,
        ...rows.map((row) => cell(measure, row)),
        ...(isCompared ? [changeCell(measure, previous, current)] : []),
      ]),
    more: null,
  }
}

function cell({ value, format, missing }: Measure, row: MonthRow): string {
  const found = value(row)
  return found === null ? (missing ?? '–') : format(row, found)
}

/** A cost of which some is unknown is no ground for a change. */
function changeCell({ label, value }: Measure, previous: MonthRow, current: MonthRow): string {
  const [before, now] = [value(previous), value(current)]
  const isUnknown = label === 'Cost' && previous.unpriced_call_count + current.unpriced_call_count > 0
  if (before === null || now === null || isUnknown) return '–'
  return changeFrom(before, now)?.text ?? '–'
}
