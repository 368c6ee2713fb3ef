// The ledger: the one database that cannot be made again. One writer at a time.
import { mkdir, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { messageOf, UserError } from '../errors.js'
import { type Database, inTransaction, openDatabase, smallRowGroup } from './db.js'
import { type LedgerOwner, openWhenFree, removeOwner, type WaitOptions, writeOwner } from './ledger-lock.js'
import { readSql } from './read-sql.js'

/** Raise it with every change of sql/ledger.sql; that file brings an older ledger up to it. */
export const ledgerSchemaVersion = 5

/** Why a ledger cannot be used as it is; it is set aside then, never written over. */
export class UnusableLedger extends Error {
  override readonly name = 'UnusableLedger'
  constructor(
    readonly kind: 'corrupt' | 'newer',
    message: string,
    options?: { cause?: unknown },
  ) {
    super(message, options)
  }
}

export interface OpenLedgerOptions {
  /** How long to wait for another command that writes it; by default not at all. */
  readonly wait?: WaitOptions
  /** Who holds it from then on, for those who wait. */
  readonly owner?: Omit<LedgerOwner, 'pid' | 'since'>
}

/** Opens the ledger for writing and creates what is missing; UserError where another command holds it too long. */
export async function openLedger(path: string, options: OpenLedgerOptions = {}): Promise<Database> {
  await mkdir(dirname(path), { recursive: true })
  const db = await openWhenFree(path, () => openOrExplain(path), options.wait)
  try {
    if (options.owner) writeOwner(path, options.owner)
    // What a load that was cut off had put aside there may be words of a log.
    await rm(`${path}.tmp`, { recursive: true, force: true })
    await bringUpToDate(db, path)
    return {
      ...db,
      close: () => {
        if (options.owner) removeOwner(path)
        db.close()
      },
    }
  } catch (error) {
    if (options.owner) removeOwner(path)
    db.close()
    if (isDamage(error)) throw new UnusableLedger('corrupt', `${path}: ${messageOf(error)}`, { cause: error })
    throw error
  }
}

/** What DuckDB says of a block that is not as it was written; opening a file does not look at all of them. */
export function isDamage(error: unknown): boolean {
  return /corrupt database file|stored checksum|failed to (?:read|load) .*block|serialization error/i.test(
    messageOf(error),
  )
}

/** The file as it is, or in words why not; a lock is told as DuckDB tells it. */
export async function openOrExplain(path: string): Promise<Database> {
  try {
    // Closing brings the log of writes into the file, once; on the way that would only be done again and again.
    return await openDatabase(path, {
      rowGroupSize: smallRowGroup,
      settings: { wal_autocheckpoint: '1GB', write_buffer_row_group_count: '1' },
    })
  } catch (cause) {
    const message = messageOf(cause)
    if (/could not set lock|conflicting lock|already (?:attached|open)/i.test(message)) throw cause
    if (/permission|read-only/i.test(message))
      throw new UserError(
        `${path} may not be written: ${message}`,
        'Check who owns the file and its folder.',
        { cause },
      )
    if (/no space|disk quota|too many open files|input\/output error/i.test(message))
      throw new UserError(`${path} cannot be opened: ${message}`, 'Make room on the disk, then try again.', {
        cause,
      })
    throw new UnusableLedger(
      /newer version/i.test(message) ? 'newer' : 'corrupt',
      `${path} cannot be opened: ${message}`,
      { cause },
    )
  }
}

/** Runs the DDL, which creates what is missing; a ledger of a later version is not touched. */
async function bringUpToDate(db: Database, path: string): Promise<void> {
  const version = await readVersion(db)
  if (version !== null && version > ledgerSchemaVersion)
    throw new UnusableLedger(
      'newer',
      `${path} has schema version ${version}, expected at most ${ledgerSchemaVersion}`,
    )
  if (version === ledgerSchemaVersion) return
  await inTransaction(db, () => db.run(readSql('ledger')))
  if (version === 1) await moveFromFirst(db)
  await db.run(
    version === null ? 'insert into state.meta values (?)' : 'update state.meta set schema_version = ?',
    [ledgerSchemaVersion],
  )
}

/** The column that is moved from goes first of all that go, so that a crash in between moves nothing twice. */
async function moveFromFirst(db: Database): Promise<void> {
  const columns = await db.rows(
    `select 1 from duckdb_columns() where table_name = 'events' and column_name = 'working_directory'`,
  )
  if (columns.length > 0) await inTransaction(db, () => db.run(readSql('ledger-from-1')))
  for (const column of ['events.working_directory', ...outdatedColumns]) {
    const [table, name] = column.split('.')
    await db.run(`alter table raw.${table} drop column if exists ${name}`)
  }
}

const outdatedColumns = [
  'events.parent_session_id',
  'events.git_branch',
  'events.agent_version',
  'events.entrypoint',
  'calls.parent_session_id',
  'tool_uses.parent_session_id',
]

/** The schema version of the ledger; null where it is a new file. */
async function readVersion(db: Database): Promise<number | null> {
  const tables = await db.rows(
    `select 1 from duckdb_tables() where schema_name = 'state' and table_name = 'meta'`,
  )
  if (tables.length === 0) return null
  const [row] = await db.rows<{ schema_version: number }>('select schema_version from state.meta')
  return row?.schema_version ?? null
}
