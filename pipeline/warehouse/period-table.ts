// A reader's view of the warehouse: opened read-only, with the one-row table `period` that the queries of a period join.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { Period } from '../period.js'
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

/** The one-row table that every query in sql/reports and sql/tips joins; returns its `as_of`. */
export async function createPeriodTable(
  db: Database,
  config: Config,
  period: Period,
  isSoFar: boolean,
): Promise<string> {
  const startUtc = sqlMidnightUtc(period.startDate, config.timezone)
  const endUtc = sqlMidnightUtc(period.endDate, config.timezone)
  const lastEvent = '(select max(ended_at) from marts.sessions)'
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
    cast(${isSoFar ? `coalesce(${lastEvent}, ${endUtc})` : endUtc} as timestamp) as as_of`)
  const [row] = await db.rows<{ as_of: string }>('select as_of from period')
  return row?.as_of ?? ''
}
