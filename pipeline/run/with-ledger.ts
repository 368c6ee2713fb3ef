// The ledger as a command works with it: opened, kept to what privacy allows, and told how the command ended.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { type ExitCode, exitCodeOf, exitCodes, LedgerHeld, UserError } from '../errors.js'
import { mendingDamage } from '../mend-databases.js'
import { hasSnapshot, openOwnLedger } from '../own-ledger.js'
import type { Database } from '../warehouse/db.js'
import { openLedger, UnusableLedger } from '../warehouse/ledger.js'
import { hasFreedRows, rewriteLedger } from '../warehouse/rewrite.js'
import type { RunContext } from './context.js'
import { keepToPrivacy } from './keep-to-privacy.js'

export function requireLedger(ctx: RunContext): void {
  if (!existsSync(ctx.config.paths.ledger))
    throw new UserError(
      `nothing is loaded yet: there is no ${ctx.config.paths.ledger}`,
      'Run `debrief sync` first.',
    )
}

/** Whether anything was ever loaded; it stays when the agent deletes its logs. */
export async function holdsSessions(config: Config): Promise<boolean> {
  const { paths } = config
  if (!existsSync(paths.ledger)) return hasSnapshot(config)
  const ledger = await openLedger(paths.ledger).catch((error: unknown) => {
    // One that cannot be used, or that another command holds, was made by somebody.
    if (error instanceof UnusableLedger || error instanceof LedgerHeld) return null
    throw error
  })
  if (ledger === null) return true
  try {
    return (await ledger.rows('select 1 as one from raw.events limit 1')).length > 0
  } finally {
    ledger.close()
  }
}

/** As below, for a command that is done once it has not failed. */
export function withLedger<T>(ctx: RunContext, use: (ledger: Database) => Promise<T>): Promise<T> {
  return withLedgerUntil(ctx, () => exitCodes.done, use)
}

/** As below; a database that turns out to be damaged is mended, and the command done once more. */
export function withLedgerUntil<T>(
  ctx: RunContext,
  codeOf: (result: T) => ExitCode,
  use: (ledger: Database) => Promise<T>,
): Promise<T> {
  return mendingDamage(ctx, () => useLedger(ctx, codeOf, use))
}

/** Opens the ledger for one command, and writes into it that the command ran and how it ended. */
async function useLedger<T>(
  ctx: RunContext,
  codeOf: (result: T) => ExitCode,
  use: (ledger: Database) => Promise<T>,
): Promise<T> {
  const ledger = await openOwnLedger(ctx)
  const { id, command, warningCount } = ctx.run
  const end = (code: ExitCode) =>
    ledger.run(
      'update state.runs set ended_at = ?::timestamp, exit_code = ?, warning_count = ? where run_id = ?',
      [ctx.now().toISOString(), code, warningCount(), id],
    )
  try {
    await ledger.run(
      'insert or replace into state.runs (run_id, command, started_at) values (?, ?, ?::timestamp)',
      [id, command, ctx.now().toISOString()],
    )
    await keepToPrivacy(ctx, ledger)
    const result = await use(ledger)
    await end(codeOf(result))
    return result
  } catch (error) {
    await end(exitCodeOf(error)).catch(() => {})
    throw error
  } finally {
    const hasFreed = await hasFreedRows(ledger).catch(() => false)
    ledger.close()
    if (hasFreed) await rewriteLedger(ctx.config.paths.ledger)
  }
}
