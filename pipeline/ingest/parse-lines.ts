// Types the lines of a batch of newline-delimited JSON files: in bulk, then again and with care where a line is bad.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Database, sqlText } from '../warehouse/db.js'
import { readSql } from '../warehouse/read-sql.js'
import type { SqlFormat } from './formats/format.js'
import type { FileToLoad } from './load-files.js'
import {
  type LineCounts,
  type Reject,
  type Repaired,
  repairFile,
  repairPlaced,
  type UnreadLine,
} from './repair.js'

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
  format: SqlFormat,
  files: readonly FileToLoad[],
  scratchFolder: string,
): Promise<Map<number, LineCounts>> {
  await db.run('create temp table rejects (file_id integer, line_number bigint, reason varchar)')
  const { counts, suspects } = await parseFiles(db, format, files)
  await db.run(`
    create temp table recovered_lines as from parsed limit 0;
    create temp table nested as from parsed limit 0`)
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
  /** What was seen of it; null where it could not be read in bulk. */
  readonly seen: { readonly lines: number; readonly bytes: number } | null
  /** Of the lines seen those that are no object, or one with a problem. */
  readonly unread: readonly UnreadLine[]
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
  /** Whether that is the last line alone, as where the agent is writing it or was killed. */
  readonly is_last_unread: boolean
  readonly is_together: boolean
}

/** Parses the files in bulk; one with a line that is no object, or whose bytes do not add up, is a suspect. */
async function parseFiles(db: Database, format: SqlFormat, files: readonly FileToLoad[]): Promise<Parsed> {
  const readable = files.filter(({ sizeBytes }) => sizeBytes > 0)
  const bulk = readable.filter(({ path }) => !hasWildcard(path))
  const empty = files.filter(({ sizeBytes }) => sizeBytes === 0)
  const counts = new Map<number, LineCounts>(empty.map(({ fileId }) => [fileId, wholeFile(0)]))
  const tallies = await parseInBulk(db, format, bulk)
  // One of them cannot be read in bulk; each gets a look of its own.
  if (tallies === null)
    return { counts, suspects: readable.map((file) => ({ file, seen: null, unread: [] })) }
  const byFile = new Map(tallies.map((tally) => [tally.file_id, tally]))
  const unreadRows = await unreadLines(db, tallies)
  const suspects: Suspect[] = []
  for (const file of readable.filter(({ path }) => hasWildcard(path)))
    suspects.push({ file, seen: null, unread: [] })
  for (const file of bulk) {
    const { lines, bytes, unread } = byFile.get(file.fileId) ?? nothingSeen
    const lineEnds = lines - (endsWithNewline(file.path) ? 0 : 1)
    if (unread === 0 && bytes + lineEnds === file.sizeBytes) counts.set(file.fileId, wholeFile(lines))
    else suspects.push({ file, seen: { lines, bytes }, unread: unreadRows.get(file.fileId) ?? [] })
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
  format: SqlFormat,
  files: readonly FileToLoad[],
): Promise<Tally[] | null> {
  try {
    await db.run(
      `create temp table parsed as ${typedSql(format, files.length > 0 ? objectsSql(files) : noObjects)}`,
    )
  } catch {
    await db.run(`create temp table parsed as ${typedSql(format, noObjects)}`)
    return null
  }
  if (files.length === 0) return []
  const tallies = await db.rows<Tally>(`
    select file_id, count(*) as lines, sum(line_bytes)::bigint as bytes,
      count(*) filter (where not is_object or problem is not null) as unread,
      unread = 1 and coalesce(max(rowid) filter (where line_bytes is null) = max(rowid), false) as is_last_unread,
      max(rowid) - min(rowid) + 1 = count(*) as is_together
    from parsed group by file_id`)
  if (!tallies.every(({ is_together }) => is_together))
    throw new Error('expected the lines of a file one after the other, got them mixed with those of others')
  return tallies
}

/** The lines that were not read, in order, by file id. */
async function unreadLines(db: Database, tallies: readonly Tally[]): Promise<Map<number, UnreadLine[]>> {
  const byFile = new Map<number, UnreadLine[]>()
  for (const { file_id, lines, bytes, is_last_unread } of tallies)
    if (is_last_unread) byFile.set(file_id, [{ position: lines, bytesBefore: bytes ?? 0, hasLength: false }])
  const others = tallies.filter(({ unread, is_last_unread }) => unread > 0 && !is_last_unread)
  if (others.length === 0) return byFile
  // Row numbers of an open transaction are beyond 2^53: they do not leave the database.
  const rows = await db.rows<UnreadLine & { file_id: number }>(`
    with candidates as (
      select file_id, rowid as row_place, line_bytes, not is_object or problem is not null as is_unread
      from parsed where file_id in (${others.map(({ file_id }) => file_id).join(', ')})
    ),
    unread as (
      select file_id, row_place, line_bytes is not null as "hasLength" from candidates where is_unread
    )
    select u.file_id, u."hasLength", count(c.row_place) + 1 as position,
      coalesce(sum(c.line_bytes), 0)::bigint as "bytesBefore"
    from unread as u
    left join candidates as c on c.file_id = u.file_id and c.row_place < u.row_place
    group by u.file_id, u.row_place, u."hasLength"
    order by u.file_id, position`)
  for (const { file_id, ...line } of rows) byFile.get(file_id)?.push(line) ?? byFile.set(file_id, [line])
  return byFile
}

/** Looks into the lines that were not read; into every line of a file where it cannot be told which these are. */
async function lookAgain(
  db: Database,
  format: SqlFormat,
  suspects: readonly Suspect[],
  counts: Map<number, LineCounts>,
  blankLines: Map<number, readonly number[]>,
  scratchFolder: string,
): Promise<void> {
  const targets: string[] = []
  const replaced: number[] = []
  const rejects: RejectRow[] = []
  try {
    for (const suspect of suspects) {
      const { fileId } = suspect.file
      const target = join(scratchFolder, `${fileId}.jsonl`)
      targets.push(target)
      let repaired = await repairSeen(format, suspect, target)
      if (!repaired?.isAligned) {
        replaced.push(fileId)
        repaired = await repairWhole(format, suspect.file, target)
      }
      const { rejects: found, isAligned: _, blankLineNumbers, ...lineCounts } = repaired
      counts.set(fileId, lineCounts)
      blankLines.set(fileId, blankLineNumbers)
      for (const reject of found) rejects.push({ fileId, ...reject })
    }
    await insertRejects(db, rejects)
    if (replaced.length > 0) await db.run(`delete from parsed where file_id in (${replaced.join(', ')})`)
    await db.run(`create or replace temp table recovered_lines as ${typedSql(format, recoveredSql(targets))}`)
  } finally {
    await Promise.all(targets.map((target) => rm(target, { force: true })))
  }
}

/** A look at the lines that were not read: by their places where the file adds up, else by counting lines. */
async function repairSeen(
  { isRecord }: SqlFormat,
  { file: { path, sizeBytes }, seen, unread }: Suspect,
  target: string,
): Promise<Repaired | null> {
  if (seen === null) return null
  const known = { path, target, isRecord, seenLineCount: seen.lines }
  const positions = new Set(unread.map(({ position }) => position))
  return (
    repairPlaced({ ...known, sizeBytes, seenBytes: seen.bytes, unread }) ??
    (await repairFile({ ...known, suspects: positions }))
  )
}

function repairWhole({ isRecord }: SqlFormat, { path }: FileToLoad, target: string): Promise<Repaired> {
  return repairFile({ path, target, isRecord, suspects: 'all', seenLineCount: null })
}

interface RejectRow extends Reject {
  readonly fileId: number
}

async function insertRejects(db: Database, rejects: readonly RejectRow[]): Promise<void> {
  for (let start = 0; start < rejects.length; start += 1000) {
    const rows = rejects
      .slice(start, start + 1000)
      .map(({ fileId, lineNumber, reason }) => `(${fileId}, ${lineNumber}, ${sqlText(reason)})`)
    await db.run(`insert into rejects values ${rows.join(', ')}`)
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
async function readNested(db: Database, format: SqlFormat): Promise<void> {
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
  const rows = rejects.map(({ file_id, line_number, ordinal, problem }) => {
    // An ordinal leaves out blank lines.
    let line = ordinal
    for (const blank of blankLines.get(file_id) ?? []) if (blank <= line) line += 1
    return {
      fileId: file_id,
      lineNumber: line_number ?? line,
      reason: `in the message that it carries: ${problem}`,
    }
  })
  await insertRejects(db, rows)
}

/** The format's typed lines over these objects: (file_id, file_kind, file_stem, ordinal, line_number, json). */
function typedSql(format: SqlFormat, objects: string): string {
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
