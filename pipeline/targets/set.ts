// Sets targets: every complete month up to the last one asked for sets some for the month after, once.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { isRunning, listPeriods, type Period, periodOf } from '../period.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { openWarehouse } from '../warehouse/period-table.js'
import { chooseTargets } from './choose.js'
import { readFinalMonths, readMeasured, recordTargets } from './store.js'

/** How many months before it a month is compared with. */
const monthsBefore = 5

export interface TargetsResult {
  /** Targets of months that had none yet. */
  readonly madeCount: number
}

/** Weeks set none; where only weeks are asked for, nothing is done. */
export async function setTargets(
  ctx: StageContext<Config>,
  ledger: Database,
  periods: readonly Period[],
): Promise<TargetsResult> {
  const lastEnd = periods
    .filter(({ kind }) => kind === 'monthly')
    .map(({ endDate }) => endDate)
    .reduce((a, b) => (a > b ? a : b), '')
  if (lastEnd === '') return { madeCount: 0 }
  const { config, now } = ctx
  const db = await openWarehouse(config)
  try {
    const final = await readFinalMonths(ledger)
    const months = await listMonths(db, config)
    let madeCount = 0
    for (const month of months) {
      if (final.has(month.label) || month.endDate > lastEnd || isRunning(month, now(), config.timezone))
        continue
      madeCount += await setTargetsOf(db, ledger, config, month)
    }
    ctx.emit({ step: 'targets', action: 'done', rows: madeCount })
    return { madeCount }
  } finally {
    db.close()
  }
}

async function listMonths(db: Database, config: Config): Promise<Period[]> {
  const rows = await db.rows<{ local_date: string }>(
    'select distinct local_date from marts.session_days order by local_date',
  )
  const dates = rows.map(({ local_date }) => local_date)
  return listPeriods('monthly', dates, config.week_starts_on)
}

async function setTargetsOf(db: Database, ledger: Database, config: Config, month: Period): Promise<number> {
  const first = monthStart(month, -monthsBefore)
  const measured = await readMeasured(db, first, month.endDate)
  const isOwn = ({ period }: { readonly period: string }) => period === month.label
  const targets = chooseTargets(
    measured.filter(isOwn),
    measured.filter((row) => !isOwn(row)),
  )
  const after = periodOf('monthly', month.endDate, config.week_starts_on).label
  await inTransaction(ledger, () => recordTargets(ledger, config, month, after, targets))
  return targets.length
}

/** The first date of the month so many months from this one. */
function monthStart(month: Period, offset: number): string {
  const start = new Date(month.startDate)
  start.setUTCMonth(start.getUTCMonth() + offset)
  return start.toISOString().slice(0, 10)
}
