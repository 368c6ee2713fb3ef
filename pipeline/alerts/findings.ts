// Asks the warehouse, as of now, whether there is something to tell before the next report.
import type { Config } from '../config.js'
import { localDate, type Period, periodOf } from '../period.js'
import { type Database, type Row, sqlText } from '../warehouse/db.js'
import { openWarehouse, sqlMidnightUtc } from '../warehouse/period-table.js'
import { readSql } from '../warehouse/read-sql.js'
import { type AlertKind, alertKinds, type Finding } from './alert.js'

/** The kinds that the warehouse can tell; the others need no more than the ledger. */
export const measuredKinds = (Object.keys(alertKinds) as AlertKind[]).filter((kind) => kind !== 'failed_run')

export async function findInWarehouse(config: Config, now: Date): Promise<Finding[]> {
  const db = await openWarehouse(config)
  try {
    await createMomentTable(db, config, now)
    const findings: Finding[] = []
    for (const kind of measuredKinds)
      for (const row of await db.rows(readSql('alerts', kind))) findings.push(findingOf(kind, row))
    return findings
  } finally {
    db.close()
  }
}

/** The one-row table that every query in sql/alerts joins. */
export async function createMomentTable(db: Database, config: Config, now: Date): Promise<void> {
  const today = localDate(now, config.timezone)
  const week = periodOf('weekly', today, config.week_starts_on)
  const month = periodOf('monthly', today, config.week_starts_on)
  const { week_usd, month_usd } = config.budget
  const nowAt = `timestamp ${sqlText(now.toISOString().replace('Z', ''))}`
  await db.run(`create temp table moment as select
    ${nowAt} as now_at, date ${sqlText(today)} as today,
    ${periodColumns('week', week, config.timezone, nowAt)},
    ${periodColumns('month', month, config.timezone, nowAt)},
    cast(${week_usd ?? 'null'} as decimal(18, 6)) as week_usd,
    cast(${month_usd ?? 'null'} as decimal(18, 6)) as month_usd`)
}

/** A period's label, dates, and how much of its time is over, 0 to 1. */
function periodColumns(
  name: string,
  { label, startDate, endDate }: Period,
  zone: string,
  nowAt: string,
): string {
  const startsAt = sqlMidnightUtc(startDate, zone)
  const share = `epoch(${nowAt} - ${startsAt}) / epoch(${sqlMidnightUtc(endDate, zone)} - ${startsAt})`
  return `${sqlText(label)} as ${name}, date ${sqlText(startDate)} as ${name}_start,
    date ${sqlText(endDate)} as ${name}_end, greatest(${share}, 0.000001) as ${name}_share`
}

function findingOf(kind: AlertKind, row: Row): Finding {
  const { cause, session_id, ...rest } = row
  if (typeof cause !== 'string')
    throw new Error(`sql/alerts/${kind}.sql: expected a cause, got ${JSON.stringify(row)}`)
  const figures = Object.fromEntries(
    Object.entries(rest).filter(
      (entry): entry is [string, string | number | boolean | null] =>
        entry[1] === null || ['string', 'number', 'boolean'].includes(typeof entry[1]),
    ),
  )
  return { kind, cause, sessionId: typeof session_id === 'string' ? session_id : null, figures }
}

/** How a command's last run ended, where it did not end well: by the ledger alone, since a failed run may build nothing. */
export async function findFailedRuns(ledger: Database, runId: string): Promise<Finding[]> {
  const rows = await ledger.rows<{
    run_id: string
    command: string
    exit_code: number | null
    ended: boolean
  }>(
    `select run_id, command, exit_code, ended_at is not null as ended
     from state.runs
     where run_id <> $1 and command in ('sync', 'facets', 'snapshot', 'weekly', 'monthly', 'run weekly', 'run monthly')
     qualify row_number() over (partition by command order by started_at desc, run_id desc) = 1
     order by command`,
    [runId],
  )
  return rows
    .filter(({ exit_code }) => exit_code !== 0)
    .map(({ run_id, command, exit_code }) => ({
      kind: 'failed_run' as const,
      cause: `${command}/${exit_code ?? 'cut off'}`,
      sessionId: null,
      figures: { run_id, command, exit_code },
    }))
}
