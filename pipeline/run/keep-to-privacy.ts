// Privacy as it is set now, for what was kept before: where less may be kept, the rest is taken out.
import { limitKeptNames, readAllAgain } from '../ingest/kept-names.js'
import { limitKeptDocuments } from '../ingest/session-documents.js'
import { clearKeptJournals } from '../journal.js'
import { limitKeptFacets } from '../stages.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { contentChange, recordContent, recordLowering } from '../warehouse/kept-content.js'
import type { RunContext } from './context.js'

/** Where less may be kept than before, takes out what was kept; pages and Parquet follow with the removals. */
export async function keepToPrivacy(ctx: RunContext, ledger: Database): Promise<void> {
  const change = await contentChange(ledger, ctx.config)
  if (change === 'same') return
  await inTransaction(ledger, async () => {
    if (change !== 'other') await limitKeptDocuments(ledger, ctx.config)
    if (change === 'worded') await readAllAgain(ledger)
    if (change === 'lowered') {
      await limitKeptFacets(ctx, ledger)
      await limitKeptNames(ledger, ctx.config)
      await recordLowering(ledger, ctx.now())
    }
    await recordContent(ledger, ctx.config)
  })
  const { runs, logs } = ctx.config.paths
  if (change === 'lowered') for (const folder of [runs, logs]) await clearKeptJournals(folder, ctx.config)
}
