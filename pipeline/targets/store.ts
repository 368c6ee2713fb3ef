// Targets in the ledger, and the metrics in the warehouse that they are chosen from.
import type { Config } from '../config.js'
import type { Period } from '../period.js'
import type { Database } from '../warehouse/db.js'
import { sqlMidnightUtc } from '../warehouse/period-table.js'
import type { Measured, Target } from './choose.js'

/** Months that had ended when they were looked at: what was set there stays. */
export async function readFinalMonths(ledger: Database): Promise<Set<string>> {
  const rows = await ledger.rows<{ period: string }>('select period from state.target_months')
  return new Set(rows.map(({ period }) => period))
}

/** Of the months that begin from one date to before another; in a fixed order. */
export async function readMeasured(db: Database, from: string, until: string): Promise<Measured[]> {
  return db.rows<Measured & object>(
    `select metric_name as "metricName", period, metric_value as "metricValue", sample_count as "sampleCount",
       is_less_better as "isLessBetter"
     from marts.target_metrics
     where is_enough and period_start >= cast($1 as date) and period_start < cast($2 as date)
     order by metric_name, period`,
    [from, until],
  )
}

/** Records a month's targets and that it was looked at; to be called within a transaction. */
export async function recordTargets(
  ledger: Database,
  { timezone }: Config,
  month: Period,
  targetPeriod: string,
  targets: readonly Target[],
): Promise<void> {
  const madeAt = sqlMidnightUtc(month.endDate, timezone)
  for (const [i, target] of targets.entries())
    await ledger.run(
      `insert into state.targets by name
       select $1 || '/monthly/' || $2 as target_id, $1 as metric_name, $2 as period, $3 as target_period,
         cast($4 as integer) as target_rank, cast($5 as double) as baseline_value, $6 as sample_count,
         cast($7 as double) as target_value, cast($8 as boolean) as is_less_better,
         cast($9 as double) as reference_value, $10 as reference_period, ${madeAt} as made_at`,
      [
        target.metricName,
        month.label,
        targetPeriod,
        i + 1,
        target.baselineValue,
        target.sampleCount,
        target.targetValue,
        target.isLessBetter,
        target.reference?.value ?? null,
        target.reference?.period ?? null,
      ],
    )
  await ledger.run(`insert into state.target_months select $1, ${madeAt}`, [month.label])
}
