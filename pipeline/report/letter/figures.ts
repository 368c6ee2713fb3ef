// The figures that the letter alone tells of: small tables below it, so that each of its claims leads to one.
import type { ReportData } from '../data.js'
import { periodNoun } from '../figures.js'
import { capitalised, formatCount, formatDuration, formatShare, words } from '../format.js'
import { type Table, tablesOf } from '../table.js'
import { kindOfWork } from './remarks.js'
import type { SystemHealthRow } from './rows.js'

export interface LetterFigures {
  readonly id: string
  readonly heading: string
  readonly tables: readonly Table[]
}

const mostProjects = 12

/** Null where the letter has no figures of its own. */
export function letterFigures(data: ReportData): LetterFigures | null {
  const tables = [...kindTables(data), ...outcomeTables(data), ...healthTables(data), ...projectTables(data)]
  return tables.length === 0 ? null : { id: 'letter-figures', heading: 'Figures behind the letter', tables }
}

function columnsOf(data: ReportData, named: readonly string[]): string[] {
  const noun = periodNoun(data)
  return named.flatMap((name) => [name, `${name}, the ${noun} before`])
}

function kindTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'Kinds of work, of the sessions that were judged',
    texts: ['Kind'],
    numbers: columnsOf(data, ['Sessions', 'Share of the time']),
    rows: data.rows.goals,
    cells: (row) => [
      row.primary_task_category === 'other' ? 'Other' : capitalised(kindOfWork(row.primary_task_category)),
      formatCount(row.session_count),
      formatCount(row.previous_session_count),
      formatShare(row.active_share),
      formatShare(row.previous_active_share),
    ],
  })
}

function outcomeTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'What came of the sessions that were judged',
    texts: ['Outcome'],
    numbers: columnsOf(data, ['Sessions']),
    rows: data.rows.outcomes,
    cells: (row) => [
      capitalised(words(row.outcome)),
      formatCount(row.session_count),
      formatCount(row.previous_session_count),
    ],
  })
}

const healthMeasures: readonly (readonly [key: keyof SystemHealthRow, label: string])[] = [
  ['test_run_count', 'Test runs'],
  ['failed_test_run_count', 'Test runs that failed'],
  ['api_error_count', 'Errors of the API'],
  ['mcp_call_count', 'Calls of MCP servers'],
  ['mcp_error_count', 'Calls of MCP servers that failed'],
  ['compaction_count', 'Compactions of a context'],
  ['headless_count', 'Sessions without anybody typing'],
]

function healthTables(data: ReportData): Table[] {
  const noun = periodNoun(data)
  const find = (role: string) => data.rows.system_health.find((row) => row.period_role === role)
  const [now, before] = [find('current'), find('previous')]
  const count = (row: SystemHealthRow | undefined, key: keyof SystemHealthRow) => Number(row?.[key] ?? 0)
  const rows = healthMeasures.filter(([key]) => count(now, key) + count(before, key) > 0)
  return tablesOf({
    caption: 'The machinery',
    texts: ['What'],
    numbers: [`This ${noun}`, `The ${noun} before`],
    rows,
    cells: ([key, label]) => [label, formatCount(count(now, key)), formatCount(count(before, key))],
  })
}

function projectTables(data: ReportData): Table[] {
  const rows = data.rows.project_changes.filter((row) => row.active_seconds + row.previous_active_seconds > 0)
  return tablesOf({
    caption: 'Time of each project',
    texts: ['Project'],
    numbers: columnsOf(data, ['Active']),
    rows,
    cells: (row) => [
      row.project ?? 'no project',
      formatDuration(row.active_seconds),
      formatDuration(row.previous_active_seconds),
    ],
    maxRows: mostProjects,
  })
}
