// One period's page: rendered with the letter that the rules or a model wrote, and frozen once it is complete.
import { readSessionTranscript } from '../ingest/ingest.js'
import type { Period } from '../period.js'
import type { RenderedReport, ReportEffects, WriteLetter } from '../report/render.js'
import { freezePeriod, letterByModel, renderReport, writeByRules } from '../stages.js'
import type { Database } from '../warehouse/db.js'
import { openNarrativeAsker } from './askers.js'
import type { RunContext } from './context.js'

export async function renderAndFreeze(
  ctx: RunContext,
  ledger: Database,
  period: Period,
  effects: ReportEffects,
): Promise<RenderedReport> {
  const readTranscript = (sessionId: string) => readSessionTranscript(ledger, sessionId)
  const rendered = await renderReport(ctx, period, { ...effects, readTranscript }, letterWriter(ctx, ledger))
  if (!rendered.isSoFar) await freezePeriod(ctx.config, ledger, rendered, ctx.now())
  return rendered
}

/** By rules, or by the model that `narrative` names; nobody is asked before there is a letter to write. */
function letterWriter(ctx: RunContext, ledger: Database): WriteLetter {
  if (ctx.config.narrative.provider === 'rules') return writeByRules
  return async (source, period) => {
    const asker = await openNarrativeAsker(ctx, ledger, 'letter')
    return asker === null
      ? writeByRules(source, period)
      : letterByModel({ ctx, ledger, asker }, source, period)
  }
}
