// The report's own queries as a menu, for every period with data: only the common table `period` differs.
import type { Config } from '../../config.js'
import {
  isRunning,
  listPeriods,
  type Period,
  type PeriodKind,
  periodDates,
  periodTitle,
} from '../../period.js'
import type { Database } from '../../warehouse/db.js'
import { createPeriodTable } from '../../warehouse/period-table.js'
import { readReportSql, reportQueries } from '../data.js'
import { periodTable, withPeriod } from '../shown-sql.js'

export interface MenuPeriod {
  readonly kind: PeriodKind
  readonly label: string
  readonly title: string
  /** `period as (select …)`, as it stands in every query. */
  readonly sql: string
}

export interface MenuQuery {
  readonly name: string
  readonly title: string
  /** For the period that is chosen at first. */
  readonly sql: string
}

export interface Menu {
  readonly queries: readonly MenuQuery[]
  /** Newest first, weeks before months. */
  readonly periods: readonly MenuPeriod[]
  /** The latest complete week, or else the latest period; null where nothing is loaded. */
  readonly chosen: string | null
}

export async function readMenu(db: Database, config: Config, now: Date): Promise<Menu> {
  const days = await db.rows<{ local_date: string }>(
    'select distinct local_date from marts.session_days where local_date is not null order by local_date',
  )
  const dates = days.map((row) => row.local_date)
  const periods = (['weekly', 'monthly'] as const).flatMap((kind) =>
    listPeriods(kind, dates, config.week_starts_on).sort((a, b) => b.startDate.localeCompare(a.startDate)),
  )
  const chosen = periods.find((period) => !isRunning(period, now, config.timezone)) ?? periods[0]
  if (chosen === undefined) return { queries: [], periods: [], chosen: null }
  const rows = new Map<Period, Awaited<ReturnType<typeof createPeriodTable>>>()
  for (const period of periods) {
    rows.set(period, await createPeriodTable(db, config, period, isRunning(period, now, config.timezone)))
    await db.run('drop table temp.period')
  }
  return {
    queries: reportQueries.map((name) => queryOf(name, withPeriod(readReportSql(name), rows.get(chosen)!))),
    periods: periods.map((period) => menuPeriod(period, periodTable(rows.get(period)!))),
    chosen: chosen.label,
  }
}

function menuPeriod(period: Period, sql: string): MenuPeriod {
  const { kind, label } = period
  return {
    kind,
    label,
    title: kind === 'weekly' ? `${label}: ${periodDates(period)}` : periodTitle(period),
    sql,
  }
}

function queryOf(name: string, sql: string): MenuQuery {
  const words = name.replaceAll('_', ' ')
  return { name, title: `${words[0]!.toUpperCase()}${words.slice(1)}`, sql }
}
