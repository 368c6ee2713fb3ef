// Types the lines of a batch of newline-delimited JSON files: in bulk, then again and with care where a line is bad.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, sqlText } from '../warehouse/db.js'
import { readSql } from '../warehouse/read-sql.js'
import type { LogFormat } from './formats/format.js'
import type { FileToLoad } from './load-ndjson.js'
import { type LineCounts, type Repaired, repairFile } from './repair.js'

/** What parsing leaves behind, for the format's SQL to read and the loader to drop. */
export const parsedViews = ['lines', 'nested_lines'] as const
export const parsedTables = ['parsed', 'firsts', 'recovered_lines', 'nested', 'rejects'] as const

/** A longer line makes DuckDB refuse the batch; then each file gets a look of its own. */
const usualLongestBytes = 64 * 1024 * 1024

/**
 * Offers the format's SQL `lines`, every whole object with file_id and its ordinal, and `nested_lines`, those that a
 * line carries within it, under that line's ordinal; and fills `rejects`. Needs `batch_files`. Returns the line counts
 * by file id.
 */
export async function parseLines(
  db: Database,
  format: LogFormat,
  files: readonly FileToLoad[],
  scratchFolder: string,
): Promise<Map<number, LineCounts>> {
  await db.run(`
    create temp table rejects (file_id integer, line_number bigint, reason varchar);
    create temp table parsed as ${typedSql(format, noObjects)};
    create temp table recovered_lines as from parsed;
    create temp table nested as from parsed`)
  const { counts, suspects } = await parseFiles(db, format, files)
  const blankLines = new Map<number, readonly number[]>()
  if (suspects.length > 0) {
    await lookAgain(db, format, suspects, counts, blankLines, scratchFolder)
    await rejectRecovered(db, counts)
  }
  await numberLines(db)
  await readNested(db, format)
  await rejectNested(db, blankLines)
  return counts
}

interface Suspect {
  readonly file: FileToLoad
  /** How many lines were seen, null where the file could not be read in bulk. */
  readonly seenLineCount: number | null
  /** Positions among these of the lines that are no object, or one with a problem. */
  readonly unread: readonly number[]
}

interface Parsed {
  /** Line counts of the files that were read whole. */
  readonly counts: Map<number, LineCounts>
  readonly suspects: readonly Suspect[]
}

interface Tally {
  readonly file_id: number
  readonly lines: number
  readonly bytes: number
  readonly unread: number
  readonly is_together: boolean
}

/** Parses the files in bulk; one with a line that is no object, or whose bytes do not add up, is a suspect. */
async function parseFiles(db: Database, format: LogFormat, files: readonly FileToLoad[]): Promise<Parsed> {
  const readable = files.filter(({ sizeBytes }) => sizeBytes > 0)
  const bulk = readable.filter(({ path }) => !hasWildcard(path))
  const empty = files.filter(({ sizeBytes }) => sizeBytes === 0)
  const counts = new Map<number, LineCounts>(empty.map(({ fileId }) => [fileId, wholeFile(0)]))
  const tallies = await parseInBulk(db, format, bulk)
  // One of them cannot be read in bulk; each gets a look of its own.
  if (tallies === null)
    return { counts, suspects: readable.map((file) => ({ file, seenLineCount: null, unread: [] })) }
  const byFile = new Map(tallies.map((tally) => [tally.file_id, tally]))
  const unreadRows = await unreadLines(
    db,
    tallies.some(({ unread }) => unread > 0),
  )
  const suspects: Suspect[] = []
  for (const file of readable.filter(({ path }) => hasWildcard(path)))
    suspects.push({ file, seenLineCount: null, unread: [] })
  for (const file of bulk) {
    const { lines, bytes, unread } = byFile.get(file.fileId) ?? nothingSeen
    const lineEnds = lines - (endsWithNewline(file.path) ? 0 : 1)
    if (unread === 0 && bytes + lineEnds === file.sizeBytes) counts.set(file.fileId, wholeFile(lines))
    else suspects.push({ file, seenLineCount: lines, unread: unreadRows.get(file.fileId) ?? [] })
  }
  return { counts, suspects }
}

/** DuckDB would look for other files by such a name. */
function hasWildcard(path: string): boolean {
  return /[*?[]/.test(path)
}

const nothingSeen = { lines: 0, bytes: 0, unread: 0 }

/** What each file came to; null where DuckDB refuses one of them. */
async function parseInBulk(
  db: Database,
  format: LogFormat,
  files: readonly FileToLoad[],
): Promise<Tally[] | null> {
  if (files.length === 0) return []
  try {
    await db.run(`create or replace temp table parsed as ${typedSql(format, objectsSql(files))}`)
  } catch {
    return null
  }
  const tallies = await db.rows<Tally>(`
    select file_id, count(*) as lines, sum(line_bytes)::bigint as bytes,
      count(*) filter (where not is_object or problem is not null) as unread,
      max(rowid) - min(rowid) + 1 = count(*) as is_together
    from parsed group by file_id`)
  if (!tallies.every(({ is_together }) => is_together))
    throw new Error('expected the lines of a file one after the other, got them mixed with those of others')
  return tallies
}

/** Positions from 1 of the lines that were not read, by file id. */
async function unreadLines(db: Database, hasAny: boolean): Promise<Map<number, number[]>> {
  if (!hasAny) return new Map()
  // Row numbers of an open transaction are beyond 2^53: only their differences leave the database.
  const rows = await db.rows<{ file_id: number; positions: number[] }>(`
    with firsts as (select file_id, min(rowid) as first_row from parsed group by file_id)
    select file_id, list(p.rowid - f.first_row + 1 order by p.rowid) as positions
    from parsed as p join firsts as f using (file_id)
    where not p.is_object or p.problem is not null
    group by file_id`)
  return new Map(rows.map(({ file_id, positions }) => [file_id, positions]))
}

/** Looks into the lines that were not read; into every line of a file where it cannot be told which these are. */
async function lookAgain(
  db: Database,
  format: LogFormat,
  suspects: readonly Suspect[],
  counts: Map<number, LineCounts>,
  blankLines: Map<number, readonly number[]>,
  scratchFolder: string,
): Promise<void> {
  const targets: string[] = []
  const replaced: number[] = []
  try {
    for (const { file, seenLineCount, unread } of suspects) {
      const target = join(scratchFolder, `${file.fileId}.jsonl`)
      targets.push(target)
      const look = (lines: ReadonlySet<number> | 'all'): Promise<Repaired> =>
        repairFile({ path: file.path, target, suspects: lines, seenLineCount, isRecord: format.isRecord })
      let repaired = await look(seenLineCount === null ? 'all' : new Set(unread))
      if (!repaired.isAligned) {
        replaced.push(file.fileId)
        repaired = await look('all')
      }
      const { rejects, isAligned: _, blankLineNumbers, ...lineCounts } = repaired
      counts.set(file.fileId, lineCounts)
      blankLines.set(file.fileId, blankLineNumbers)
      for (const { lineNumber, reason } of rejects)
        await db.run('insert into rejects values (?, ?, ?)', [file.fileId, lineNumber, reason])
    }
    if (replaced.length > 0) await db.run(`delete from parsed where file_id in (${replaced.join(', ')})`)
    await db.run(`create or replace temp table recovered_lines as ${typedSql(format, recoveredSql(targets))}`)
  } finally {
    await Promise.all(targets.map((target) => rm(target, { force: true })))
  }
}

/** A whole object may still have a problem: then it is rejected with its line, or, glued to another, as part of it. */
async function rejectRecovered(db: Database, counts: Map<number, LineCounts>): Promise<void> {
  await db.run(
    'insert into rejects select file_id, line_number, problem from recovered_lines where problem is not null',
  )
  const lines = await db.rows<{ file_id: number; bad: number; is_whole_line: boolean }>(`
    select file_id, count(*) filter (where problem is not null) as bad,
      count(*) filter (where problem is null) = 0 as is_whole_line
    from recovered_lines group by file_id, line_number having bad > 0`)
  for (const { file_id, bad, is_whole_line } of lines) {
    const before = counts.get(file_id)!
    const lost = is_whole_line ? 1 : 0
    counts.set(file_id, {
      ...before,
      loadedLineCount: before.loadedLineCount - lost,
      rejectedLineCount: before.rejectedLineCount + lost,
      objectCount: before.objectCount - bad,
    })
  }
}

async function numberLines(db: Database): Promise<void> {
  await db.run(`
    create or replace temp table firsts as
      select file_id, min(rowid) as first_row from parsed group by file_id;
    create or replace temp view lines as
      select p.* exclude (line_bytes, is_object, problem) replace (p.rowid - f.first_row + 1 as ordinal)
      from parsed as p join firsts as f using (file_id)
      where p.is_object and p.problem is null
      union all
      select * exclude (line_bytes, is_object, problem)
      from recovered_lines
      where problem is null;
    create or replace temp view nested_lines as
      select * exclude (line_bytes, is_object, problem) from nested where problem is null`)
}

/** Few logs carry lines within lines. */
async function readNested(db: Database, format: LogFormat): Promise<void> {
  const carrying = await db.rows('select 1 from lines where nested_json is not null limit 1')
  if (carrying.length > 0)
    await db.run(`create or replace temp table nested as ${typedSql(format, nestedObjects)}`)
}

/** A message that a line carries may have a problem of its own: the line is loaded without it, and told. */
async function rejectNested(db: Database, blankLines: ReadonlyMap<number, readonly number[]>): Promise<void> {
  const rejects = await db.rows<{
    file_id: number
    line_number: number | null
    ordinal: number
    problem: string
  }>('select file_id, line_number, ordinal, problem from nested where problem is not null')
  for (const { file_id, line_number, ordinal, problem } of rejects) {
    // An ordinal leaves out blank lines.
    let line = ordinal
    for (const blank of blankLines.get(file_id) ?? []) if (blank <= line) line += 1
    await db.run('insert into rejects values (?, ?, ?)', [
      file_id,
      line_number ?? line,
      `in the message that it carries: ${problem}`,
    ])
  }
}

/** The format's typed lines over these objects: (file_id, file_kind, file_stem, ordinal, line_number, json). */
function typedSql(format: LogFormat, objects: string): string {
  return `with objects as (${objects}) select * from (${readSql('ingest', format.sqlFolder, 'lines')})`
}

/** The lines of files; json is null where a line is no whole object, ordinal and line_number are not known yet. */
function objectsSql(files: readonly FileToLoad[]): string {
  // No join: behind one, small chunks are saved up and given later, so that lines leave their order. Else a single
  // thread keeps it.
  const ofFile = (values: readonly (string | number)[]): string =>
    `([${values.join(', ')}])[cast(file_index as bigint) + 1]`
  return `select ${ofFile(files.map(({ fileId }) => fileId))} as file_id,
      ${ofFile(files.map(({ kind }) => sqlText(kind)))} as file_kind,
      ${ofFile(files.map(({ path }) => sqlText(stemOf(path))))} as file_stem,
      null::bigint as ordinal, null::bigint as line_number, json
    from ${readerSql(files.map(({ path }) => path))}`
}

/** What the second look wrote to these files, whose names are file ids. */
function recoveredSql(targets: readonly string[]): string {
  const longestBytes = Math.max(...targets.map((target) => statSync(target).size))
  return `select f.file_id, f.file_kind, f.file_stem, cast(o.json ->> 'ordinal' as bigint) as ordinal,
      cast(o.json ->> 'line' as bigint) as line_number, o.json -> 'object' as json
    from ${readerSql(targets, longestBytes)} as o
    join batch_files as f on f.file_id = cast(regexp_extract(o.path, '(\\d+)\\.jsonl$', 1) as integer)`
}

/** The name of a file without its folder and ending. */
export function stemOf(path: string): string {
  return path.replace(/^.*[\\/]/, '').replace(/\.[^.]*$/, '')
}

function readerSql(paths: readonly string[], longestBytes = 0): string {
  return `read_ndjson_objects([${paths.map(sqlText).join(', ')}], filename = 'path', ignore_errors = true,
    maximum_object_size = ${Math.max(usualLongestBytes, longestBytes)})`
}

const noObjects = `select 0 as file_id, '' as file_kind, '' as file_stem, null::bigint as ordinal,
  null::bigint as line_number, null::json as json limit 0`

const nestedObjects = `select file_id, file_kind, file_stem, ordinal, line_number, nested_json as json
  from lines join batch_files using (file_id) where nested_json is not null`

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
