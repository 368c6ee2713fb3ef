// How a run begins: what the agents wrote comes into the ledger, what may not stay goes out of it, and the marts follow.
import type { Config } from '../config.js'
import { configuredSources, ingestLogs } from '../ingest/ingest.js'
import type { IngestResult } from '../ingest/lanes.js'
import { type BuildResult, buildWarehouse } from '../warehouse/build.js'
import type { Database } from '../warehouse/db.js'
import { dropOldRules, rememberShown } from '../warehouse/withhold.js'
import { type RunContext, realEffects } from './context.js'
import { clearJournalsOf, finishRemovals, removeAll } from './removals.js'

export async function syncLedger(
  ctx: RunContext,
  ledger: Database,
  effects = realEffects,
): Promise<{ ingest: IngestResult; build: BuildResult }> {
  ctx.emit({ step: 'sync', action: 'start' })
  await dropOldRules(ledger, ctx.config)
  const ingest = await ingestLogs(ctx, ledger)
  await clearJournalsOf(ctx, await removeAll(ctx, ledger))
  const build = await buildWarehouse(ctx, ledger)
  if (await rememberShown(ledger, ctx.config)) await clearJournalsOf(ctx, await removeAll(ctx, ledger))
  await finishRemovals(ctx, ledger, effects)
  ctx.emit({ step: 'sync', action: 'done', rows: ingest.filesRead })
  return { ingest, build }
}

/** Where logs of enabled sources are looked for, there or not. */
export function logPlaces(config: Config): string[] {
  return [...new Set(configuredSources(config).flatMap(({ places }) => places))]
}
