// A reader's view of the warehouse: opened read-only, with the one-row table `period` that the queries of a period join.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { ReportPeriod } from '../period.js'
import { type Database, openDatabase, sqlText } from './db.js'

/** The warehouse, attached to a database in memory, so that temporary tables can lie beside it; others may read it too. */
export async function openWarehouse(config: Config): Promise<Database> {
  const file = config.paths.warehouse
  if (!existsSync(file))
    throw new UserError(`nothing is loaded yet: there is no ${file}`, 'Run `debrief sync` first.')
  const db = await openDatabase(':memory:')
  try {
    await db.run(`set TimeZone = 'UTC'; attach ${sqlText(file)} as warehouse (read_only); use warehouse`)
    return db
  } catch (cause) {
    db.close()
    throw cause
  }
}

/** SQL for the instant, in UTC, at which a local date begins. */
export function sqlMidnightUtc(date: string, timezone: string): string {
  return `timezone('UTC', timezone(${sqlText(timezone)}, timestamp ${sqlText(date)}))`
}

/** The row of `period`, its dates YYYY-MM-DD and its instants ISO 8601 in UTC. */
export interface PeriodRow {
  readonly period_kind: string
  readonly period: string
  readonly period_start: string
  readonly period_end: string
  readonly starts_at: string
  readonly ends_at: string
  readonly previous_period: string
  readonly previous_start: string
  readonly previous_end: string
  readonly first_weekday: number
  readonly is_so_far: boolean
  readonly as_of: string
}

/** The one-row table that every query in sql/reports and sql/tips joins. */
export async function createPeriodTable(
  db: Database,
  config: Config,
  period: ReportPeriod,
  isSoFar: boolean,
): Promise<PeriodRow> {
  const startUtc = sqlMidnightUtc(period.startDate, config.timezone)
  const endUtc = sqlMidnightUtc(period.endDate, config.timezone)
  const lastEvent = '(select max(ended_at) from marts.sessions)'
  const isOpen = isSoFar || period.kind === 'last'
  await db.run(`create temp table period as select
    ${sqlText(period.kind)} as period_kind,
    ${sqlText(period.label)} as period,
    date ${sqlText(period.startDate)} as period_start,
    date ${sqlText(period.endDate)} as period_end,
    ${startUtc} as starts_at,
    ${endUtc} as ends_at,
    ${sqlText(period.previous.label)} as previous_period,
    date ${sqlText(period.previous.startDate)} as previous_start,
    date ${sqlText(period.previous.endDate)} as previous_end,
    ${period.weekStartsOn === 'monday' ? 1 : 7} as first_weekday,
    ${isSoFar} as is_so_far,
    cast(${isOpen ? `coalesce(${lastEvent}, ${endUtc})` : endUtc} as timestamp) as as_of`)
  const [row] = await db.rows<PeriodRow & object>('from period')
  return row!
}
