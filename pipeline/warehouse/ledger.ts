// The ledger: the one database that cannot be made again. One writer at a time.
import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, UserError } from '../errors.js'
import { type Database, openDatabase } from './db.js'
import { readSql } from './read-sql.js'

/** Raise it with every change of sql/ledger.sql that an existing ledger must be brought to. */
export const ledgerSchemaVersion = 1

/** Opens the ledger for writing and creates what is missing; UserError where another command holds it. */
export async function openLedger(path: string): Promise<Database> {
  await mkdir(dirname(path), { recursive: true })
  const db = await openOrExplain(path)
  try {
    await db.run(readSql('ledger'))
    await checkVersion(db, path)
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

async function openOrExplain(path: string): Promise<Database> {
  try {
    return await openDatabase(path)
  } catch (cause) {
    const message = messageOf(cause)
    if (/lock/i.test(message))
      throw new UserError(
        `another debrief command is writing ${path}`,
        'Wait for it to end, then try again.',
        { cause },
      )
    if (/permission|read-only/i.test(message))
      throw new UserError(
        `${path} may not be written: ${message}`,
        'Check who owns the file and its folder.',
        { cause },
      )
    throw new UserError(
      `${path} cannot be opened: ${message}`,
      'Expected a ledger written by this or an earlier version. Move the file aside; the logs are read again.',
      { cause },
    )
  }
}

async function checkVersion(db: Database, path: string): Promise<void> {
  const [row] = await db.rows<{ schema_version: number }>('select schema_version from state.meta')
  if (row === undefined) await db.run('insert into state.meta values (?)', [ledgerSchemaVersion])
  else if (row.schema_version !== ledgerSchemaVersion)
    throw new UserError(
      `${path} has schema version ${row.schema_version}, expected ${ledgerSchemaVersion}`,
      'Use the version of debrief that wrote it.',
    )
}
