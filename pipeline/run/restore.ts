// `restore`: both databases made again from a snapshot, beside what is there, and only then put in its place.
import { existsSync, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { LedgerHeld, messageOf, UserError } from '../errors.js'
import { mendingAlone } from '../mending-lock.js'
import { replayJournal } from '../own-ledger.js'
import type { RestoreResult } from '../snapshot/restore.js'
import { carryForgotten, fillLedger, verifySnapshot } from '../stages.js'
import { buildWarehouse } from '../warehouse/build.js'
import { ledgerSchemaVersion, openLedger } from '../warehouse/ledger.js'
import { type RunContext, realEffects } from './context.js'
import { finishRemovals, removeAll } from './removals.js'
import { withLedger } from './with-ledger.js'

/** `restore`: makes both databases again from a snapshot alone; what was forgotten since stays forgotten. */
export async function runRestore(
  ctx: RunContext,
  options: { readonly from: string | undefined; readonly isForced: boolean },
): Promise<RestoreResult & { aside: string | null }> {
  const from = options.from ?? ctx.config.paths.parquet
  await verifySnapshot(from, ledgerSchemaVersion)
  const result = await mendingAlone(ctx, () => restoreLedger(ctx, from, options.isForced))
  await withLedger(ctx, async (restored) => {
    await buildWarehouse(ctx, restored)
    await finishRemovals(ctx, restored, realEffects)
  })
  return result
}

/** Alone: a ledger that is there is set aside only when the new one is whole. */
async function restoreLedger(
  ctx: RunContext,
  from: string,
  isForced: boolean,
): Promise<RestoreResult & { aside: string | null }> {
  const { out, ledger: path, parquet, warehouse } = ctx.config.paths
  if (existsSync(path) && !isForced)
    throw new UserError(
      `${path} is already there: expected an out folder without a ledger`,
      'Move it aside, name another folder with --out, or set it aside with --force.',
    )
  const fresh = join(out, '.restoring', 'ledger.duckdb')
  await rm(dirname(fresh), { recursive: true, force: true })
  const former = existsSync(path) ? await formerLedger(ctx) : null
  const ledger = await openLedger(fresh)
  let result: RestoreResult
  try {
    result = await fillLedger(ctx, ledger, from)
    await carryForgotten(ledger, former, parquet)
    await replayJournal(ctx, ledger, from)
    await removeAll(ctx, ledger)
  } finally {
    ledger.close()
  }
  const aside = existsSync(path) ? await setAside(path) : null
  rmSync(warehouse, { force: true })
  await rename(fresh, path)
  await rm(dirname(fresh), { recursive: true, force: true })
  return { ...result, aside }
}

/** The ledger in place, brought up to date, so that its memory can be read; null where it is broken. */
async function formerLedger(ctx: RunContext): Promise<string | null> {
  const { ledger } = ctx.config.paths
  try {
    ;(await openLedger(ledger)).close()
    return ledger
  } catch (error) {
    if (error instanceof LedgerHeld) throw error
    const message = `what was forgotten there is not known: ${messageOf(error)}`
    ctx.emit({ step: 'restore', action: 'warn', subject: ledger, message })
    return null
  }
}

/** Nothing that was set aside before is written over. */
async function setAside(path: string): Promise<string> {
  let aside = `${path}.before-restore`
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.before-restore-${n}`
  await rename(path, aside)
  if (existsSync(`${path}.wal`)) await rename(`${path}.wal`, `${aside}.wal`)
  return aside
}
