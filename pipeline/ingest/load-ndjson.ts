// Loads a batch of newline-delimited JSON files into the ledger's raw tables.
import type { Config } from '../config.js'
import { type Database, sqlText } from '../warehouse/db.js'
import { readSql } from '../warehouse/read-sql.js'
import { type FoundFile, type LogFormat, rawTables, type SqlFormat } from './formats/format.js'
import { createKeptName, keptPath, keptRows } from './kept-names.js'
import { parsedTables, parsedViews, parseLines, stemOf } from './parse-lines.js'
import type { LineCounts } from './repair.js'

export interface FileToLoad extends FoundFile {
  readonly fileId: number
  /** False where the ledger holds nothing of the file yet, so that nothing need be deleted. */
  readonly isKnown: boolean
}

/** Takes out what must not be kept of these files; returns those of which nothing is left. */
export type Withhold = (fileIds: readonly number[]) => Promise<readonly number[]>

/**
 * Loads the files whole, replacing what the ledger held of them; returns line counts. The transaction is the caller's,
 * and the connection has the format's macros.
 */
export async function loadNdjsonFiles(
  db: Database,
  format: SqlFormat,
  files: readonly FileToLoad[],
  scratchFolder: string,
  loadedAt: Date,
  config: Config,
  withhold: Withhold = async () => [],
): Promise<Map<number, LineCounts>> {
  await createBatch(db, files)
  const counts = await parseLines(db, format, files, scratchFolder)
  await fillRawTables(db, format, files, config)
  await recordFiles(db, format, files, counts, loadedAt)
  for (const fileId of await withhold(files.map((file) => file.fileId))) counts.delete(fileId)
  await dropBatch(db, format)
  return counts
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
  format: SqlFormat,
  files: readonly FileToLoad[],
  config: Config,
): Promise<void> {
  for (const view of format.views)
    await db.run(`create or replace temp view ${view} as ${readSql('ingest', format.sqlFolder, view)}`)
  for (const step of format.steps)
    await db.run(`create or replace temp table ${step} as ${readSql('ingest', format.sqlFolder, step)}`)
  await createKeptName(db, readSql('ingest', format.sqlFolder, 'names'))
  const known = files.filter(({ isKnown }) => isKnown).map(({ fileId }) => fileId)
  for (const table of [...rawTables, 'rejects']) {
    if (known.length > 0) await db.run(`delete from raw.${table} where file_id in (${known.join(', ')})`)
    const select = table === 'rejects' ? 'select * from rejects' : readSql('ingest', format.sqlFolder, table)
    await db.run(`insert into raw.${table} by name ${keptRows(table, select, config)}`)
  }
}

async function recordFiles(
  db: Database,
  format: SqlFormat,
  files: readonly FileToLoad[],
  counts: ReadonlyMap<number, LineCounts>,
  loadedAt: Date,
): Promise<void> {
  const rows = files.map((file) => {
    const c = counts.get(file.fileId)!
    const numbers = [c.lineCount, c.loadedLineCount, c.blankLineCount, c.rejectedLineCount, c.objectCount]
    return `(${file.fileId}, ${sqlText(format.source)}, ${sqlText(keptPath(file.path))}, ${sqlText(file.kind)}, ${file.sizeBytes},
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
    await db.run(`insert into state.files values (${file.fileId}, ${sqlText(format.source)}, ${sqlText(keptPath(file.path))},
      ${sqlText(file.kind)}, 0, 0, ${format.parserVersion}, 0, 0, 0, 0, 0,
      timestamp ${sqlText(triedAt.toISOString())}, false, ${sqlText(reason)})`)
  return true
}

async function dropBatch(db: Database, format: SqlFormat): Promise<void> {
  for (const view of [...format.views, ...parsedViews]) await db.run(`drop view if exists temp.${view}`)
  for (const table of [...parsedTables, ...format.steps, 'batch_files'])
    await db.run(`drop table if exists temp.${table}`)
}
