// Rewrites the ledger's file: DuckDB frees the pages of deleted rows without clearing them, so their bytes stay.
import { rename, rm } from 'node:fs/promises'
import { messageOf } from '../errors.js'
import { type Database, openDatabase, sqlText, storageVersion } from './db.js'

/**
 * Copies what the closed ledger at `path` holds into a new file, which takes its place. After that no byte of a deleted
 * row is left. A crash leaves the old file or the new one, never neither.
 */
export async function rewriteLedger(path: string): Promise<void> {
  const aside = `${path}.rewriting`
  await removeFiles(aside)
  try {
    await replaceDatabase(path, aside)
  } catch (error) {
    // A command that had waited has it now: the next one that finds it free rewrites it.
    if (!/could not set lock|conflicting lock/i.test(messageOf(error))) throw error
  } finally {
    await removeFiles(aside)
  }
}

/** Whether rows were taken out since the file was written last. */
export async function hasFreedRows(ledger: Database): Promise<boolean> {
  return (await ledger.rows('select 1 from state.removals where not is_rewritten limit 1')).length > 0
}

/** The old file stays locked until the new one is in its place: a command that waits must not write into the old one. */
async function replaceDatabase(from: string, to: string): Promise<void> {
  const db = await openDatabase(':memory:')
  try {
    await db.run(`attach ${sqlText(from)} as ledger;
      attach ${sqlText(to)} as rewritten (storage_version '${storageVersion}')`)
    await db.run('copy from database ledger to rewritten')
    await db.run('update rewritten.state.removals set is_rewritten = true where not is_rewritten')
    await db.run('checkpoint ledger; checkpoint rewritten; detach rewritten')
    await rename(to, from)
    await rm(`${from}.wal`, { force: true })
  } finally {
    db.close()
  }
}

async function removeFiles(path: string): Promise<void> {
  await Promise.all([path, `${path}.wal`].map((file) => rm(file, { force: true })))
}
