// What follows a removal: journals, marts, pages, Parquet and bucket lose what was taken out of the ledger.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { clearJournals } from '../forget/journals.js'
import { holdsAnyOf, type Period, parsePeriod } from '../period.js'
import type { PublishEffects } from '../publish/effects.js'
import type { Withdrawal } from '../publish/withdraw.js'
import {
  listRenderedPeriods,
  readActiveDates,
  renderExplore,
  renderSite,
  withdrawFromBucket,
  writeSnapshot,
} from '../stages.js'
import { buildWarehouse } from '../warehouse/build.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { type Removed, removeWithheld } from '../warehouse/withhold.js'
import { advise } from './advise.js'
import { type RunContext, type RunEffects, realEffects } from './context.js'
import { renderAndFreeze } from './render-period.js'

/** Brings the marts up to the ledger, and pages and Parquet where something was taken out of it. */
export async function buildAndClean(ctx: RunContext, ledger: Database, effects = realEffects): Promise<void> {
  await buildWarehouse(ctx, ledger)
  await finishRemovals(ctx, ledger, effects)
}

/** Takes out what the settings keep out, also of what was loaded before they said so. */
export async function removeAll(ctx: RunContext, ledger: Database): Promise<Removed> {
  const removed = await inTransaction(ledger, () => removeWithheld(ledger, ctx.config, ctx.now(), null))
  const count = removed.sessionIds.length
  if (count > 0) {
    const message = `${count} sessions removed that privacy.exclude or privacy.retention_days keeps out`
    ctx.emit({ step: 'forget', action: 'note', rows: count, message })
  }
  return removed
}

export async function clearJournalsOf({ config }: RunContext, { sessionIds, paths }: Removed): Promise<void> {
  for (const folder of [config.paths.runs, config.paths.logs])
    await clearJournals(folder, [...sessionIds, ...paths])
}

/** Renders every page anew and writes the Parquet files, where something was taken out since; a crash is made up for. */
export async function finishRemovals(ctx: RunContext, ledger: Database, effects: RunEffects): Promise<void> {
  const unfinished = await ledger.rows('select 1 from state.removals where not is_cleaned limit 1')
  if (unfinished.length === 0) return
  const { config } = ctx
  await buildWarehouse(ctx, ledger)
  const dates = await readActiveDates(config)
  const rendered = (await listRenderedPeriods(config.paths.site)).map(({ kind, label, folder }) => ({
    folder,
    period: parsePeriod(kind, label, config.week_starts_on),
  }))
  const holdsData = ({ period }: { period: Period }) => holdsAnyOf(dates, period)
  const kept = rendered.filter(holdsData).map(({ period }) => period)
  await advise(ctx, ledger, kept)
  for (const period of kept) await renderAndFreeze(ctx, ledger, period, effects.report)
  for (const { folder } of rendered.filter((page) => !holdsData(page)))
    await rm(folder, { recursive: true, force: true })
  await buildWarehouse(ctx, ledger)
  if (existsSync(join(config.paths.site, 'explore'))) await renderExplore(ctx)
  if (existsSync(config.paths.site)) await renderSite(ctx, effects.report)
  if (existsSync(config.paths.parquet)) await writeSnapshot(ctx, ledger)
  await ledger.run('update state.removals set is_cleaned = true')
}

/** The bucket as well; where it cannot be reached, before the next upload. */
export async function withdraw(
  ctx: RunContext,
  ledger: Database,
  effects: PublishEffects,
): Promise<Withdrawal> {
  const withdrawal = await withdrawFromBucket(ctx, effects)
  if (withdrawal.status !== 'failed') await ledger.run('update state.removals set is_withdrawn = true')
  return withdrawal
}
