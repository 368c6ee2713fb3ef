// Loads a batch of logs into the ledger's raw tables.
import type { Config } from '../config.js'
import { type Database, sqlText } from '../warehouse/db.js'
import { readSql } from '../warehouse/read-sql.js'
import { type FoundFile, type LogFormat, rawTables, type SqlFormat } from './formats/format.js'
import { createKeptName, keptRows } from './kept-names.js'
import { readByEntries } from './load-entries.js'
import { parsedTables, parsedViews, parseLines, stemOf } from './parse-lines.js'
import type { LineCounts } from './repair.js'

export interface FileToLoad extends FoundFile {
  readonly fileId: number
  /** Its path as the ledger has it. */
  readonly keptPath: string
  /** False where the ledger holds nothing of the file yet, so that nothing need be deleted. */
  readonly isKnown: boolean
}

/** Takes out what must not be kept of these files; returns those of which nothing is left. */
export type Withhold = (fileIds: readonly number[]) => Promise<readonly number[]>

/**
 * Loads the logs whole, replacing what the ledger held of them; returns line counts. The transaction is the caller's,
 * and the connection has the format's macros.
 */
export async function loadFiles(
  db: Database,
  format: LogFormat,
  files: readonly FileToLoad[],
  scratchFolder: string,
  loadedAt: Date,
  config: Config,
  withhold: Withhold = async () => [],
): Promise<Map<number, LineCounts>> {
  const read = format.reading === 'sql' ? readBySql(format) : readByEntries(format)
  const counts = await read.prepare(db, files, scratchFolder)
  await createKeptName(db, read.names)
  await fillRawTables(db, read.rowsOf, files, config)
  await recordFiles(db, format, files, counts, loadedAt)
  for (const fileId of await withhold(files.map((file) => file.fileId))) counts.delete(fileId)
  await read.clean(db)
  return counts
}

/** A way to read a batch: into temporary tables, then a SELECT for each raw table over these. */
export interface BatchReader {
  prepare(db: Database, files: readonly FileToLoad[], scratchFolder: string): Promise<Map<number, LineCounts>>
  /** SELECT of every name that the rows give to anything. */
  readonly names: string
  rowsOf(table: (typeof rawTables)[number]): string
  clean(db: Database): Promise<void>
}

function readBySql(format: SqlFormat): BatchReader {
  const { sqlFolder, views, steps } = format
  return {
    prepare: async (db, files, scratchFolder) => {
      await createBatch(db, files)
      const counts = await parseLines(db, format, files, scratchFolder)
      for (const view of views)
        await db.run(`create or replace temp view ${view} as ${readSql('ingest', sqlFolder, view)}`)
      for (const step of steps)
        await db.run(`create or replace temp table ${step} as ${readSql('ingest', sqlFolder, step)}`)
      return counts
    },
    names: readSql('ingest', sqlFolder, 'names'),
    rowsOf: (table) => readSql('ingest', sqlFolder, table),
    clean: (db) => dropBatch(db, format),
  }
}

async function createBatch(db: Database, files: readonly FileToLoad[]): Promise<void> {
  const rows = files.map(
    ({ fileId, path, kind }) => `(${fileId}, ${sqlText(path)}, ${sqlText(kind)}, ${sqlText(stemOf(path))})`,
  )
  await db.run(`create temp table batch_files as
    select * from (values ${rows.join(', ')}) as f (file_id, path, file_kind, file_stem)`)
}

async function fillRawTables(
  db: Database,
  rowsOf: BatchReader['rowsOf'],
  files: readonly FileToLoad[],
  config: Config,
): Promise<void> {
  const known = files.filter(({ isKnown }) => isKnown).map(({ fileId }) => fileId)
  for (const table of [...rawTables, 'rejects'] as const) {
    if (known.length > 0) await db.run(`delete from raw.${table} where file_id in (${known.join(', ')})`)
    const select = table === 'rejects' ? 'select * from rejects' : rowsOf(table)
    await db.run(`insert into raw.${table} by name ${keptRows(table, select, config)}`)
  }
}

async function recordFiles(
  db: Database,
  format: LogFormat,
  files: readonly FileToLoad[],
  counts: ReadonlyMap<number, LineCounts>,
  loadedAt: Date,
): Promise<void> {
  const rows = files.map((file) => {
    const c = counts.get(file.fileId)!
    const numbers = [c.lineCount, c.loadedLineCount, c.blankLineCount, c.rejectedLineCount, c.objectCount]
    return `(${file.fileId}, ${sqlText(format.source)}, ${sqlText(file.keptPath)}, ${sqlText(file.kind)}, ${file.sizeBytes},
      ${file.modifiedMs}, ${format.parserVersion}, ${numbers.join(', ')}, timestamp ${sqlText(loadedAt.toISOString())}, false, null)`
  })
  await db.run(`insert or replace into state.files values ${rows.join(', ')}`)
}

/** Keeps what the ledger has of a file that cannot be read now, and says so; the next sync tries again. */
export async function recordUnreadable(
  db: Database,
  format: LogFormat,
  file: FileToLoad,
  reason: string,
  triedAt: Date,
): Promise<boolean> {
  const [known] = await db.rows<{ read_error: string | null }>(
    'select read_error from state.files where file_id = ?',
    [file.fileId],
  )
  if (known?.read_error === reason) return false
  if (known) await db.run('update state.files set read_error = ? where file_id = ?', [reason, file.fileId])
  else
    await db.run(`insert into state.files values (${file.fileId}, ${sqlText(format.source)}, ${sqlText(file.keptPath)},
      ${sqlText(file.kind)}, 0, 0, ${format.parserVersion}, 0, 0, 0, 0, 0,
      timestamp ${sqlText(triedAt.toISOString())}, false, ${sqlText(reason)})`)
  return true
}

async function dropBatch(db: Database, format: SqlFormat): Promise<void> {
  for (const view of [...format.views, ...parsedViews]) await db.run(`drop view if exists temp.${view}`)
  for (const table of [...parsedTables, ...format.steps, 'batch_files'])
    await db.run(`drop table if exists temp.${table}`)
}
