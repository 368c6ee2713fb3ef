// `forget`: sessions leave ledger, marts, Parquet, pages and bucket.
import { type ExitCode, exitCodes } from '../errors.js'
import type { Forgotten } from '../forget/forget.js'
import type { Selection } from '../forget/selection.js'
import type { Withdrawal } from '../publish/withdraw.js'
import { forgetSessions } from '../stages.js'
import { buildWarehouse } from '../warehouse/build.js'
import { type RunContext, realEffects } from './context.js'
import { clearJournalsOf, finishRemovals, withdraw } from './removals.js'
import { requireLedger, withLedgerUntil } from './with-ledger.js'

/** What `forget` did, or with `isDryRun` would do. */
export interface ForgetResult extends Forgotten {
  readonly bucket: Withdrawal | null
}

/** `forget`: removes sessions from ledger, marts, Parquet, pages and bucket; a dry run only says which. */
export async function runForget(
  ctx: RunContext,
  options: { readonly selection: Selection; readonly isDryRun: boolean },
  effects = realEffects,
): Promise<ForgetResult> {
  requireLedger(ctx)
  return withLedgerUntil(ctx, forgetCode, async (ledger) => {
    await buildWarehouse(ctx, ledger)
    const forgotten = await forgetSessions(ctx, ledger, options.selection, options.isDryRun)
    if (options.isDryRun) return { ...forgotten, bucket: null }
    await clearJournalsOf(ctx, forgotten.removed)
    await finishRemovals(ctx, ledger, effects)
    return { ...forgotten, bucket: await withdraw(ctx, ledger, effects.publish) }
  })
}

/** What the bucket still holds is withdrawn before the next upload. */
export function forgetCode({ bucket }: ForgetResult): ExitCode {
  return bucket?.status === 'failed' ? exitCodes.undelivered : exitCodes.done
}
