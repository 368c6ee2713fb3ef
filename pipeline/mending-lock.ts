// One command at a time makes the ledger again: the others wait for it, and then take what it made.
import { existsSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.js'
import type { StageContext } from './events.js'
import type { Database } from './warehouse/db.js'
import { openOrExplain, UnusableLedger } from './warehouse/ledger.js'
import { openWhenFree, type WaitOptions } from './warehouse/ledger-lock.js'

const lockPath = ({ paths }: Pick<Config, 'paths'>): string => join(paths.out, 'mending.duckdb')

/** Also where a command was killed over it: then nobody holds the lock, and who asks for it gets it at once. */
export function isBeingMended(config: Pick<Config, 'paths'>): boolean {
  return existsSync(lockPath(config))
}

/** Waits for another command that does so, then does the work alone; LedgerHeld where that takes too long. */
export async function mendingAlone<T>(ctx: StageContext<Config>, work: () => Promise<T>): Promise<T> {
  const path = lockPath(ctx.config)
  mkdirSync(ctx.config.paths.out, { recursive: true })
  const lock = await openWhenFree(path, () => openLock(path), waitingOf(ctx))
  try {
    return await work()
  } finally {
    // As long as it is held: who waits makes another.
    rmSync(path, { force: true })
    lock.close()
  }
}

export function waitingOf(ctx: StageContext<Config>): WaitOptions {
  const onWait = (holder: string) =>
    ctx.emit({ step: 'sync', action: 'warn', message: `waiting for ${holder}, which writes the ledger` })
  return { timeoutMs: ctx.config.wait_seconds * 1000, onWait }
}

/** A database with nothing in it: its lock is the operating system's, and ends with its process. */
async function openLock(path: string): Promise<Database> {
  try {
    return await openOrExplain(path)
  } catch (error) {
    if (!(error instanceof UnusableLedger)) throw error
    // A kill while it was made.
    rmSync(path, { force: true })
    return openOrExplain(path)
  }
}
