// The SQL behind a part of the report, as a reader can run it: with `debrief query`, in explore/, or over the Parquet files.
import type { PeriodRow } from '../warehouse/period-table.js'
import { type ReportQuery, readReportSql } from './data.js'

export interface ShownSql {
  readonly name: string
  readonly text: string
}

/** The queries as files have them, but with the period spelled out and the marts under their plain names. */
export function shownSql(queries: readonly ReportQuery[], row: PeriodRow): ShownSql[] {
  return queries.map((name) => ({ name, text: withPeriod(readReportSql(name), row) }))
}

export function withPeriod(sql: string, row: PeriodRow): string {
  const plain = sql.trimEnd().replaceAll(/\bmarts\.(?=\w)/g, '')
  const start = plain.search(/^(?!--)/m)
  const [comments, body] = [plain.slice(0, start), plain.slice(start)]
  const [, recursive = '', rest] = /^with\s+(recursive\s)?([\s\S]*)$/i.exec(body) ?? []
  const period = periodTable(row)
  return `${comments}with ${recursive}${period}${rest === undefined ? `\n${body}` : `,\n${rest}`}\n`
}

/** The table `period` as a common table of a query: it alone differs between periods. */
export function periodTable(row: PeriodRow): string {
  return `period as (\n    ${periodSelect(row)}\n)`
}

function periodSelect(row: PeriodRow): string {
  const date = (value: string) => `date '${value}'`
  const instant = (value: string) => `timestamp '${value.replace('T', ' ').replace('Z', '')}'`
  const columns = {
    period_kind: `'${row.period_kind}'`,
    period: `'${row.period}'`,
    period_start: date(row.period_start),
    period_end: date(row.period_end),
    starts_at: instant(row.starts_at),
    ends_at: instant(row.ends_at),
    previous_period: `'${row.previous_period}'`,
    previous_start: date(row.previous_start),
    previous_end: date(row.previous_end),
    first_weekday: String(row.first_weekday),
    is_so_far: String(row.is_so_far),
    as_of: instant(row.as_of),
  } satisfies Record<keyof PeriodRow, string>
  return `select ${Object.entries(columns)
    .map(([name, value]) => `${value} as ${name}`)
    .join(', ')}`
}
