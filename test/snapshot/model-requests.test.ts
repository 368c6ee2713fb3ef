import { join } from 'node:path'
import { expect, it } from 'vitest'
import { packageRoot } from '../../pipeline/root.js'
import { runRestore } from '../../pipeline/run/restore.js'
import { runFacets, runSnapshot, runSync } from '../../pipeline/run.js'
import { openLedger } from '../../pipeline/warehouse/ledger.js'
import { createWorkspace, queryFile } from '../support/workspace.js'

it('a snapshot carries what was asked of models, what waits in a batch, and where rules stood in', async () => {
  const home = join(packageRoot, 'fixtures/logs/claude-code/warm-ups/home')
  const { ctx } = createWorkspace({ home })
  await runSync(ctx)
  await runFacets(ctx, {})
  const ledger = await openLedger(ctx.config.paths.ledger)
  await ledger.run(`
    update state.facets set asked_extractor = 'anthropic', stand_in_reason = 'refused';
    insert into state.model_requests by name select 'r1' as request_id, 'facets' as purpose, session_id as subject,
      'anthropic' as provider, 'm1' as model, false as is_batch, timestamp '2026-02-10' as requested_at,
      'refused' as status, 1200 as input_tokens, 0.001234 as cost_usd from state.facets;
    insert into state.batch_requests by name select 'b1' as batch_id, 'r2' as request_id, session_id, 'anthropic' as provider,
      'm1' as model, 1 as prompt_version, 'x' as content_sha256, timestamp '2026-02-10' as submitted_at from state.facets`)
  ledger.close()
  await runSnapshot(ctx)

  const fresh = createWorkspace({ home })
  await runRestore(fresh.ctx, { from: ctx.config.paths.parquet, isForced: false })
  for (const table of ['facets', 'model_requests', 'batch_requests']) {
    const rows = await queryFile(fresh.ctx.config.paths.ledger, `from state.${table}`)
    expect(rows, table).toHaveLength(1)
    expect(rows, table).toEqual(await queryFile(ctx.config.paths.ledger, `from state.${table}`))
  }
})
