// What one waited for: the tools that take long to answer, and the calls that took longest.
import type { Config } from '../config.js'
import { localDate, shortWeekdayDate } from '../period.js'
import type { ReportData } from './data.js'
import { periodNoun } from './figures.js'
import { formatCount, formatMilliseconds, formatTime } from './format.js'
import type { SlowestCallRow } from './section-rows.js'
import { type Section, toolName } from './sections.js'
import { sessionAddresses, sessionCell } from './session-links.js'
import { type Table, tablesOf } from './table.js'

/** Null where no tool took long. */
export function slowToolsSection(data: ReportData, { timezone }: Config): Section | null {
  const tables = [...toolTables(data), ...callTables(data, timezone)]
  if (tables.length === 0) return null
  return {
    id: 'slow-tools',
    heading: 'Slow tools',
    paragraphs: [
      'From a call to its answer, as the logs time it. Where a call waits for your permission, or for you to reply, the waiting counts.',
    ],
    tables,
  }
}

function toolTables(data: ReportData): Table[] {
  const isCompared = !data.isSoFar && data.rows.slow_tools.some((row) => row.previous_p95_ms !== null)
  return tablesOf({
    caption: 'How long the slowest tools take',
    texts: ['Tool'],
    numbers: [
      'Calls',
      'Half within',
      '95\u00a0% within',
      ...(isCompared ? [`The ${periodNoun(data)} before`] : []),
      'Longest',
      'In all',
    ],
    rows: data.rows.slow_tools,
    cells: (row) => [
      toolName(row.tool_name),
      formatCount(row.call_count),
      formatMilliseconds(row.median_ms),
      formatMilliseconds(row.p95_ms),
      ...(isCompared ? [row.previous_p95_ms === null ? '–' : formatMilliseconds(row.previous_p95_ms)] : []),
      formatMilliseconds(row.longest_ms),
      formatMilliseconds(row.total_ms),
    ],
  })
}

function callTables(data: ReportData, timezone: string): Table[] {
  const addresses = sessionAddresses(data)
  return tablesOf({
    caption: 'The slowest calls',
    texts: ['When', 'Call', 'Project'],
    numbers: ['Took'],
    rows: data.rows.slowest_calls,
    cells: (row) => [
      sessionCell(whenWords(row, timezone), addresses.get(row.session_id)),
      callWords(row),
      row.project ?? 'no project',
      formatMilliseconds(row.duration_ms),
    ],
  })
}

function whenWords({ called_at }: SlowestCallRow, timezone: string): string {
  return `${shortWeekdayDate(localDate(new Date(called_at), timezone))}, ${formatTime(called_at, timezone)}`
}

/** "Bash, make; failed" */
function callWords(row: SlowestCallRow): string {
  const called = [toolName(row.tool_name), shortTarget(row.target)].filter(Boolean).join(', ')
  const asides = [row.is_subagent ? 'by a sub-agent' : '', row.is_error ? 'failed' : ''].filter(Boolean)
  return [called, ...asides].join('; ')
}

/** Of a long path its end: the project stands beside it. */
function shortTarget(target: string | null): string | null {
  const segments = target?.split('/') ?? []
  return segments.length > 3 ? `…/${segments.slice(-2).join('/')}` : target
}
