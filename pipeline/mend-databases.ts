// Damage inside a database that was found on the way: the ledger is made again, the warehouse simply built anew.
import { rmSync } from 'node:fs'
import type { Config } from './config.js'
import { messageOf } from './errors.js'
import type { StageContext } from './events.js'
import { mendingAlone, waitingOf } from './mending-lock.js'
import { rebuildLedger } from './own-ledger.js'
import { openDatabase, sqlText } from './warehouse/db.js'
import { isDamage } from './warehouse/ledger.js'
import { isLocked, openWhenFree } from './warehouse/ledger-lock.js'

interface OwnContext extends StageContext<Config> {
  readonly run: { readonly id: string; readonly command: string }
}

/** Does the work, and where a block of a database turns out to be damaged mends that and does it once more. */
export async function mendingDamage<T>(ctx: OwnContext, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!isDamage(error)) throw error
    await mendingAlone(ctx, () => mend(ctx, messageOf(error)))
    return work()
  }
}

/** The error does not say which file it is in; another command may have mended it, or be at work in it. */
async function mend(ctx: OwnContext, message: string): Promise<void> {
  const { ledger, warehouse } = ctx.config.paths
  const problem = await openWhenFree(ledger, () => readWhole(ledger), waitingOf(ctx))
  rmSync(warehouse, { force: true })
  if (problem !== null) return rebuildLedger(ctx, { kind: 'corrupt', message: problem })
  const text = `the warehouse is damaged (${message.split('\n')[0]}): it is built anew`
  ctx.emit({ step: 'restore', action: 'warn', subject: warehouse, message: text })
}

/** Why a database cannot be read to its end, or null. */
async function readWhole(path: string): Promise<string | null> {
  try {
    const db = await openDatabase(':memory:')
    try {
      await db.run(`attach ${sqlText(path)} as whole (read_only)`)
      const tables = await db.rows<{ name: string }>(
        `select schema_name || '.' || table_name as name from duckdb_tables() where database_name = 'whole'`,
      )
      for (const { name } of tables) await db.rows(`select sum(hash(t)) from whole.${name} as t`)
      return null
    } finally {
      db.close()
    }
  } catch (error) {
    if (isLocked(error)) throw error
    return messageOf(error)
  }
}
