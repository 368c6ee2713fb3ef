// Rewrites the ledger's file: DuckDB frees the pages of deleted rows without clearing them, so their bytes stay.
import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { type Database, openDatabase, sqlText } from './db.js'

/**
 * Copies what the closed ledger at `path` holds into a new file, which takes its place. After that no byte of a deleted
 * row is left. A crash leaves the old file or the new one, never neither.
 */
export async function rewriteLedger(path: string): Promise<void> {
  const aside = `${path}.rewriting`
  await removeFiles(aside)
  try {
    await copyDatabase(path, aside)
    await rename(aside, path)
    await rm(`${path}.wal`, { force: true })
  } finally {
    await removeFiles(aside)
  }
}

/** Whether rows were taken out since the file was written last. */
export async function hasFreedRows(ledger: Database): Promise<boolean> {
  return (await ledger.rows('select 1 from state.removals where not is_rewritten limit 1')).length > 0
}

async function copyDatabase(from: string, to: string): Promise<void> {
  const db = await openDatabase(':memory:')
  try {
    // A log of writes that a crash left behind can be taken in only by a writer.
    const mode = existsSync(`${from}.wal`) ? '' : ' (read_only)'
    await db.run(`attach ${sqlText(from)} as ledger${mode}; attach ${sqlText(to)} as rewritten`)
    await db.run('copy from database ledger to rewritten')
    await db.run('update rewritten.state.removals set is_rewritten = true where not is_rewritten')
    await db.run('checkpoint rewritten; detach rewritten; detach ledger')
  } finally {
    db.close()
  }
}

async function removeFiles(path: string): Promise<void> {
  await Promise.all([path, `${path}.wal`].map((file) => rm(file, { force: true })))
}
