// Who is asked for facets, letters and the words of tips: a model, within the budget, or nobody where rules do the work.
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { Asker } from '../llm/client.js'
import { openAsker, openClient } from '../stages.js'
import type { Database } from '../warehouse/db.js'
import type { RunContext } from './context.js'

/** Null, with a warning, where nobody can be asked: the rules then write. */
export async function openNarrativeAsker(
  ctx: RunContext,
  ledger: Database,
  step: 'tips' | 'letter',
): Promise<Asker | null> {
  try {
    const client = await openClient(ctx.config.narrative, ctx.config, 'narrative')
    return await openAsker(client, ledger, ctx, ctx.config.facets.max_cost_usd)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    ctx.emit({ step, action: 'warn', message: `${error.message}; the rules write. ${error.hint}` })
    return null
  }
}

/** Rules ask nobody; every other provider's requests are kept within the budget and recorded in the ledger. */
export async function openFacetsAsker(
  ctx: RunContext,
  config: Config,
  ledger: Database,
): Promise<Asker | null> {
  if (config.facets.provider === 'rules') return null
  const client = await openClient(config.facets, config, 'facets')
  return openAsker(client, ledger, ctx, config.facets.max_cost_usd)
}
