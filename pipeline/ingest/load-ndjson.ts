// Reads a batch of newline-delimited JSON files into the ledger's raw tables, in one transaction.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, sqlText } from '../warehouse/db.js'
import { readSql } from '../warehouse/read-sql.js'
import { type FoundFile, type LogFormat, rawTables } from './formats/format.js'
import { type LineCounts, type Repaired, repairFile } from './repair.js'

export interface FileToLoad extends FoundFile {
  readonly fileId: number
  /** False where the ledger holds nothing of the file yet, so that nothing need be deleted. */
  readonly isKnown: boolean
}

/** Loads the files whole, replacing what the ledger held of them; returns the line counts of each. */
export async function loadNdjsonFiles(
  db: Database,
  format: LogFormat,
  files: readonly FileToLoad[],
  scratchFolder: string,
  loadedAt: Date,
): Promise<Map<number, LineCounts>> {
  await db.run('begin transaction')
  try {
    await createBatch(db, format, files)
    const { counts, suspects } = await parseFiles(db, format, files)
    if (suspects.length > 0) await lookAgain(db, format, suspects, counts, scratchFolder)
    await numberLines(db, format)
    await fillRawTables(db, format, files)
    await recordFiles(db, format, files, counts, loadedAt)
    await db.run('commit')
    return counts
  } catch (error) {
    await db.run('rollback').catch(() => {})
    throw error
  } finally {
    await dropBatch(db, format)
  }
}

async function createBatch(db: Database, format: LogFormat, files: readonly FileToLoad[]): Promise<void> {
  for (const macro of format.macros) await db.run(`create or replace temp macro ${macro}`)
  const rows = files.map(({ fileId, path, kind }) => {
    const stem = path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')
    return `(${fileId}, ${sqlText(path)}, ${sqlText(kind)}, ${sqlText(stem)}, null::bigint)`
  })
  await db.run(`
    create temp table batch_files as
      select * from (values ${rows.join(', ')}) as f (file_id, path, file_kind, file_stem, first_row);
    create temp table rejects (file_id integer, line_number bigint, reason varchar);
    create temp table parsed as ${parsedSql(format, objectsSql([]))};
    create temp table recovered_lines as ${keyedSql(format, objectsSql([]))}`)
}

/** A longer line makes DuckDB refuse the batch; then each file gets a look of its own. */
const usualLongestBytes = 64 * 1024 * 1024

interface Suspect {
  readonly file: FileToLoad
  /** How many lines were seen, null where the file could not be read in bulk. */
  readonly seenLineCount: number | null
  /** Positions among these of the lines that are no object. */
  readonly unread: readonly number[]
}

interface Parsed {
  /** Line counts of the files that were read whole. */
  readonly counts: Map<number, LineCounts>
  readonly suspects: readonly Suspect[]
}

/** Parses the files in bulk; one with a line that is no object, or whose bytes do not add up, is a suspect. */
async function parseFiles(db: Database, format: LogFormat, files: readonly FileToLoad[]): Promise<Parsed> {
  const readable = files.filter(({ sizeBytes }) => sizeBytes > 0)
  const empty = files.filter(({ sizeBytes }) => sizeBytes === 0)
  const counts = new Map<number, LineCounts>(empty.map(({ fileId }) => [fileId, wholeFile(0)]))
  try {
    const paths = readable.map(({ path }) => path)
    if (paths.length > 0)
      await db.run(`create or replace temp table parsed as ${parsedSql(format, objectsSql(paths))}`)
  } catch {
    // One of them cannot be read in bulk; each gets a look of its own.
    return { counts, suspects: readable.map((file) => ({ file, seenLineCount: null, unread: [] })) }
  }
  const tallies = await db.rows<{
    path: string
    lines: number
    bytes: number
    unread: number
  }>(`
    select path, count(*) as lines, sum(line_bytes)::bigint as bytes,
      count(*) filter (where not is_object) as unread
    from parsed group by path`)
  const byPath = new Map(tallies.map((tally) => [tally.path, tally]))
  const unreadRows = await unreadLines(
    db,
    tallies.some(({ unread }) => unread > 0),
  )
  const suspects: Suspect[] = []
  for (const file of readable) {
    const { lines, bytes, unread } = byPath.get(file.path) ?? nothingSeen
    const lineEnds = lines - (endsWithNewline(file.path) ? 0 : 1)
    if (unread === 0 && bytes + lineEnds === file.sizeBytes) counts.set(file.fileId, wholeFile(lines))
    else suspects.push({ file, seenLineCount: lines, unread: unreadRows.get(file.path) ?? [] })
  }
  return { counts, suspects }
}

const nothingSeen = { lines: 0, bytes: 0, unread: 0 }

/** Positions from 1 of the lines that are no object, by path. */
async function unreadLines(db: Database, hasAny: boolean): Promise<Map<string, number[]>> {
  if (!hasAny) return new Map()
  // Row numbers of an open transaction are beyond 2^53: only their differences leave the database.
  const rows = await db.rows<{ path: string; positions: number[] }>(`
    with firsts as (select path, min(rowid) as first_row from parsed group by path)
    select path, list(p.rowid - f.first_row + 1 order by p.rowid) as positions
    from parsed as p join firsts as f using (path)
    where not p.is_object
    group by path`)
  return new Map(rows.map(({ path, positions }) => [path, positions]))
}

/** Looks into the lines that were not read; into every line of a file where it cannot be told which these are. */
async function lookAgain(
  db: Database,
  format: LogFormat,
  suspects: readonly Suspect[],
  counts: Map<number, LineCounts>,
  scratchFolder: string,
): Promise<void> {
  const targets: string[] = []
  const replaced: string[] = []
  try {
    for (const { file, seenLineCount, unread } of suspects) {
      const target = join(scratchFolder, `${file.fileId}.jsonl`)
      targets.push(target)
      const look = (lines: ReadonlySet<number> | 'all'): Promise<Repaired> =>
        repairFile({ path: file.path, target, suspects: lines, seenLineCount, isRecord: format.isRecord })
      let repaired = await look(seenLineCount === null ? 'all' : new Set(unread))
      if (!repaired.isAligned) {
        replaced.push(file.path)
        repaired = await look('all')
      }
      const { rejects, isAligned: _, ...lineCounts } = repaired
      counts.set(file.fileId, lineCounts)
      for (const { lineNumber, reason } of rejects)
        await db.run('insert into rejects values (?, ?, ?)', [file.fileId, lineNumber, reason])
    }
    if (replaced.length > 0)
      await db.run(`delete from parsed where path in (${replaced.map(sqlText).join(', ')})`)
    const recovered = `
      select concat(regexp_extract(path, '(\\d+)\\.jsonl$', 1), ' ', json ->> 'ordinal') as path,
        json -> 'object' as json
      from (${objectsSql(targets, Math.max(...targets.map((target) => statSync(target).size)))})`
    await db.run(`create or replace temp table recovered_lines as ${keyedSql(format, recovered)}`)
  } finally {
    await Promise.all(targets.map((target) => rm(target, { force: true })))
  }
}

/** The lines of files as `objects (path, json)`; json is null where a line is no whole object. */
function objectsSql(paths: readonly string[], longestBytes = 0): string {
  if (paths.length === 0) return `select ''::varchar as path, null::json as json limit 0`
  return `select path, json from read_ndjson_objects([${paths.map(sqlText).join(', ')}], filename = 'path',
    ignore_errors = true, maximum_object_size = ${Math.max(usualLongestBytes, longestBytes)})`
}

/** The format's typed lines over these objects. */
function parsedSql(format: LogFormat, objects: string): string {
  return `with objects as (${objects}) select * from (${readSql('ingest', format.sqlFolder, 'lines')})`
}

/**
 * Offers `lines` to the format's SQL: the parsed ones with file_id, and ordinal from 1 within the file; and
 * `nested_lines`, those that a line carries within it, under the ordinal of that line.
 */
async function numberLines(db: Database, format: LogFormat): Promise<void> {
  await db.run(`
    update batch_files set first_row = s.first_row
      from (select path, min(rowid) as first_row from parsed group by path) as s where s.path = batch_files.path;
    create or replace temp view lines as
      select f.file_id, p.rowid - f.first_row + 1 as ordinal, p.* exclude (path, line_bytes, is_object)
      from parsed as p join batch_files as f using (path)
      where p.is_object
      union all
      select * from recovered_lines`)
  const nested = `select concat(file_id, ' ', ordinal) as path, nested_json as json
    from lines where nested_json is not null`
  await db.run(`create or replace temp table nested_lines as ${keyedSql(format, nested)}`)
}

/** Typed lines whose `path` is a file's id and an ordinal, with these as columns. */
function keyedSql(format: LogFormat, objects: string): string {
  return `select cast(split_part(path, ' ', 1) as integer) as file_id,
      cast(split_part(path, ' ', 2) as bigint) as ordinal, * exclude (path, line_bytes, is_object)
    from (${parsedSql(format, objects)}) where is_object`
}

async function fillRawTables(db: Database, format: LogFormat, files: readonly FileToLoad[]): Promise<void> {
  for (const view of format.views)
    await db.run(`create or replace temp view ${view} as ${readSql('ingest', format.sqlFolder, view)}`)
  for (const step of format.steps)
    await db.run(`create or replace temp table ${step} as ${readSql('ingest', format.sqlFolder, step)}`)
  const known = files.filter(({ isKnown }) => isKnown)
  for (const table of [...rawTables, 'rejects']) {
    if (known.length > 0) await db.run(`delete from raw.${table} where file_id in (${idList(known)})`)
    const select = table === 'rejects' ? 'select * from rejects' : readSql('ingest', format.sqlFolder, table)
    await db.run(`insert into raw.${table} by name ${select}`)
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
    return `(${file.fileId}, ${sqlText(format.source)}, ${sqlText(file.path)}, ${sqlText(file.kind)}, ${file.sizeBytes},
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
    await db.run(`insert into state.files values (${file.fileId}, ${sqlText(format.source)}, ${sqlText(file.path)},
      ${sqlText(file.kind)}, 0, 0, ${format.parserVersion}, 0, 0, 0, 0, 0,
      timestamp ${sqlText(triedAt.toISOString())}, false, ${sqlText(reason)})`)
  return true
}

async function dropBatch(db: Database, format: LogFormat): Promise<void> {
  for (const view of [...format.views, 'lines']) await db.run(`drop view if exists temp.${view}`)
  for (const table of [
    'parsed',
    'recovered_lines',
    'nested_lines',
    'rejects',
    'batch_files',
    ...format.steps,
  ])
    await db.run(`drop table if exists temp.${table}`)
}

function wholeFile(lineCount: number): LineCounts {
  return {
    lineCount,
    loadedLineCount: lineCount,
    blankLineCount: 0,
    rejectedLineCount: 0,
    objectCount: lineCount,
  }
}

function endsWithNewline(path: string): boolean {
  const descriptor = openSync(path, 'r')
  try {
    const lastByte = Buffer.alloc(1)
    return readSync(descriptor, lastByte, 0, 1, fstatSync(descriptor).size - 1) === 1 && lastByte[0] === 10
  } finally {
    closeSync(descriptor)
  }
}

function idList(files: readonly FileToLoad[]): string {
  return files.map(({ fileId }) => fileId).join(', ')
}
