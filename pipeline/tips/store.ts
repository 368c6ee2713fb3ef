// Tips, the weeks that were looked at, and what became of them, in the ledger.
import type { Database } from '../warehouse/db.js'
import type { Course } from './compare.js'
import type { RecentTip } from './select.js'
import type { Tip } from './tip.js'

/** A tip of an earlier week, with all that its effect is judged by. */
export interface PastTip extends RecentTip {
  readonly tipId: string
  readonly isLessBetter: boolean
}

export interface TipEffect {
  readonly tipId: string
  readonly metricBefore: number
  readonly metricAfter: number
  readonly metricLatest: number
  readonly measuredWeekCount: number
  readonly sampleCount: number
  readonly effect: Course
  readonly isSmall: boolean
}

/** Weeks that had ended when they were looked at: what was advised there stays. */
export async function readFinalWeeks(ledger: Database): Promise<Set<string>> {
  const rows = await ledger.rows<{ period: string }>('select period from state.tip_weeks')
  return new Set(rows.map(({ period }) => period))
}

export async function readPastTips(ledger: Database, periods: readonly string[]): Promise<PastTip[]> {
  return ledger.rows<PastTip & { tipId: string }>(
    `select tip_id as "tipId", rule, period, metric_value as "metricValue", is_less_better as "isLessBetter",
       coalesce(cast(metric_values ->> 'sample_count' as bigint), 0) as "sampleCount"
     from state.tips
     where period_kind = 'weekly' and period in (select unnest(cast(cast($1 as json) as varchar[])))
     order by period, rule`,
    [JSON.stringify(periods)],
  )
}

/** Rules of which the user has had enough: the last word on one of their tips was to dismiss it. */
export async function readDismissedRules(ledger: Database): Promise<Set<string>> {
  const rows = await ledger.rows<{ rule: string }>(
    `select distinct split_part(tip_id, '/', 1) as rule from (
       select tip_id, arg_max(feedback, (given_at, rowid)) as feedback from state.tip_feedback group by tip_id
     ) where feedback = 'dismissed'`,
  )
  return new Set(rows.map(({ rule }) => rule))
}

/** Puts the week's tips in the place of those that it had while it was running. */
export async function replaceTips(
  ledger: Database,
  period: string,
  tips: readonly Tip[],
  finalAt: string | null,
): Promise<void> {
  await ledger.run(`delete from state.tips where period_kind = 'weekly' and period = ?`, [period])
  for (const tip of tips) await insertTip(ledger, tip)
  if (finalAt !== null)
    await ledger.run('insert into state.tip_weeks values (?, ?::timestamp)', [period, finalAt])
}

async function insertTip(ledger: Database, tip: Tip): Promise<void> {
  await ledger.run(
    `insert into state.tips by name
     select $1 as tip_id, $2 as rule, 'weekly' as period_kind, $3 as period, $4::timestamp as generated_at,
       $5 as priority, $6 as category, $7 as observation, $8 as recommendation, $9 as expected_benefit,
       $10 as metric_name, cast($11 as double) as metric_value, cast($12 as boolean) as is_less_better,
       cast($13 as json) as metric_values, cast($14 as json) as session_ids, $15 as extractor`,
    [
      tip.tipId,
      tip.rule,
      tip.period,
      tip.generatedAt,
      tip.priority,
      tip.category,
      tip.observation,
      tip.recommendation,
      tip.expectedBenefit,
      tip.metricName,
      tip.metricValue,
      tip.isLessBetter,
      JSON.stringify(tip.metricValues),
      JSON.stringify(tip.sessionIds),
      tip.extractor,
    ],
  )
}

export async function replaceEffects(
  ledger: Database,
  period: string,
  effects: readonly TipEffect[],
): Promise<void> {
  await ledger.run(`delete from state.tip_effects where period_kind = 'weekly' and period = ?`, [period])
  for (const effect of effects)
    await ledger.run(
      `insert into state.tip_effects by name
       select $1 as tip_id, 'weekly' as period_kind, $2 as period, cast($3 as double) as metric_before,
         cast($4 as double) as metric_after, cast($5 as double) as metric_latest, $6 as measured_week_count,
         $7 as sample_count, $8 as effect, cast($9 as boolean) as is_small`,
      [
        effect.tipId,
        period,
        effect.metricBefore,
        effect.metricAfter,
        effect.metricLatest,
        effect.measuredWeekCount,
        effect.sampleCount,
        effect.effect,
        effect.isSmall,
      ],
    )
}
