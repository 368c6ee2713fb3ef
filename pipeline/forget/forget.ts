// Forgets sessions in the ledger, or says what would go. Pages, Parquet and bucket follow in run/removals.ts.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { type Database, openDatabase } from '../warehouse/db.js'
import { type Removed, removeWithheld } from '../warehouse/withhold.js'
import { findSessions, isRemembered, nothingFound, rememberForgotten, type Selection } from './selection.js'

export interface ForgetPlan {
  readonly sessionCount: number
  readonly subagentCount: number
  readonly callCount: number
  readonly costUsd: number | string
  /** Local dates of the first and the last session's beginning; null where the marts show none. */
  readonly firstDate: string | null
  readonly lastDate: string | null
  readonly projects: readonly string[]
  /** Log files that hold nothing else. They stay where they are. */
  readonly paths: readonly string[]
  /** Weeks and months that are told anew, as `weekly 2026-W07`. */
  readonly periods: readonly string[]
  /** Those of which a message stands in Discord. */
  readonly postedPeriods: readonly string[]
}

export interface Forgotten {
  readonly plan: ForgetPlan
  readonly removed: Removed
}

/** One transaction: all of it goes or none; a dry run takes everything back. */
export async function forgetSessions(
  ctx: StageContext<Config>,
  ledger: Database,
  selection: Selection,
  isDryRun: boolean,
): Promise<Forgotten> {
  const { config, now } = ctx
  const sessionIds = await findSessions(config, selection)
  const isAgain = await isRemembered(ledger, config, selection)
  await ledger.run('begin transaction')
  try {
    await rememberForgotten(ledger, config, selection, sessionIds, now())
    const removed = await removeWithheld(ledger, config, now(), null)
    if (removed.sessionIds.length + removed.historyRowCount === 0 && !isAgain) throw nothingFound(selection)
    const plan = await describe(config, ledger, removed)
    await ledger.run(isDryRun ? 'rollback' : 'commit')
    return { plan, removed }
  } catch (error) {
    await ledger.run('rollback').catch(() => {})
    throw error
  }
}

interface Numbers {
  readonly sessionCount: number
  readonly subagentCount: number
  readonly callCount: number
  readonly costUsd: number | string
  readonly firstDate: string | null
  readonly lastDate: string | null
  readonly projects: string[]
}

/** The marts still hold what the ledger has just lost. */
async function describe(config: Config, ledger: Database, removed: Removed): Promise<ForgetPlan> {
  const db = await openDatabase(config.paths.warehouse, { readOnly: true })
  try {
    const [numbers] = await db.rows<Numbers>(
      `with gone as (select unnest(cast(cast($1 as json) as varchar[])) as session_id),
       sessions as (select * from marts.sessions semi join gone using (session_id))
       select count(*) filter (where not is_subagent) as "sessionCount",
         count(*) filter (where is_subagent) as "subagentCount",
         (select count(*) from marts.llm_calls semi join gone using (session_id)) as "callCount",
         coalesce(sum(cost_usd), 0)::decimal(24, 2) as "costUsd",
         min(local_date) as "firstDate", max(local_date) as "lastDate",
         coalesce(list_sort(list_distinct(list(project))), []) as projects
       from sessions`,
      [JSON.stringify(removed.sessionIds)],
    )
    const posted = await postedPeriods(ledger, removed.periods)
    return { ...numbers!, paths: removed.paths, periods: removed.periods, postedPeriods: posted }
  } finally {
    db.close()
  }
}

async function postedPeriods(ledger: Database, periods: readonly string[]): Promise<string[]> {
  const rows = await ledger.rows<{ period: string }>(
    `select distinct period_kind || ' ' || period as period from state.deliveries
     where starts_with(target, 'discord') and status <> 'failed' order by all`,
  )
  return rows.map(({ period }) => period).filter((period) => periods.includes(period))
}
