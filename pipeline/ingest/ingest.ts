// Finds the logs of every agent and loads what is new or changed into the ledger.
import { existsSync } from 'node:fs'
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import type { Transcript } from '../transcript.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { removeWithheld } from '../warehouse/withhold.js'
import { type FoundFile, type LogFormat, type Source, sources } from './formats/format.js'
import { formats } from './formats/registry.js'
import { keptPath } from './kept-names.js'
import { type FileToLoad, loadNdjsonFiles, recordUnreadable } from './load-ndjson.js'
import { keepOwnRecords } from './own-records.js'
import { readErrorReason } from './read-error.js'
import { noteRepositories } from './repositories.js'
import { isAsWithheld, readWithheldFiles } from './withheld-files.js'

export interface IngestResult {
  readonly filesFound: number
  readonly filesRead: number
  readonly filesUnreadable: number
  readonly bytesRead: number
  readonly linesRead: number
  readonly rejectedLines: number
  /** True where anything in the ledger changed. */
  readonly hasChanged: boolean
}

/** One source as configured: its format and the places to look into. */
export interface SourcePlaces {
  readonly format: LogFormat
  readonly places: readonly string[]
}

interface KnownFile {
  readonly file_id: number
  readonly path: string
  readonly size_bytes: number
  readonly modified_ms: number
  readonly parser_version: number
  readonly is_gone: boolean
  readonly read_error: string | null
}

/** How much a lane parses at once, in memory, and how much it writes in one transaction. */
const batchBytes = { most: 128 * 1024 * 1024, fewest: 16 * 1024 * 1024 }
const batchFiles = 400
const transactionBytes = 512 * 1024 * 1024
const laneCount = Math.min(4, availableParallelism())

/** Loads new and changed files of every source. A source that fails is reported and stops only itself. */
export async function ingestLogs(ctx: StageContext<Config>, db: Database): Promise<IngestResult> {
  const results: IngestResult[] = []
  for (const source of configuredSources(ctx.config)) {
    try {
      results.push(await ingestSource(ctx, db, source))
    } catch (error) {
      ctx.emit({ step: 'ingest', action: 'fail', subject: source.format.source, message: messageOf(error) })
    }
  }
  const read = results.reduce(addResults, nothingRead)
  if (read.filesRead > 0) await noteRepositories(db, ctx.config.home, ctx.now())
  return read
}

/** The enabled sources and where their logs are looked for. */
export function configuredSources(config: Config): SourcePlaces[] {
  const specs = config.sources ?? sources.map((source) => ({ source, enabled: true, paths: null }))
  return specs
    .filter(({ enabled }) => enabled)
    .map(({ source, paths }) => {
      const format = formats[source as Source]
      if (!format)
        throw new UserError(`sources: unknown source "${source}"`, `Expected one of: ${sources.join(', ')}.`)
      return { format, places: paths ?? format.usualPlaces(config) }
    })
}

/** Whether any enabled source has a log file at all. */
export async function hasLogs(config: Config): Promise<boolean> {
  for (const { format, places } of configuredSources(config))
    if ((await format.findFiles(places, () => {})).length > 0) return true
  return false
}

/** The conversation of one session, read again from the files that hold it; null where they are gone. */
export async function readSessionTranscript(db: Database, sessionId: string): Promise<Transcript | null> {
  const files = await db.rows<{ source: Source; path: string }>(
    `select distinct f.source, f.path from raw.events as e join state.files as f using (file_id)
     where e.session_id = ? and not e.is_mirror order by f.path`,
    [sessionId],
  )
  const present = files.filter(({ path }) => existsSync(path))
  if (present.length === 0) return null
  return formats[present[0]!.source].readTranscript(
    present.map(({ path }) => path),
    sessionId,
  )
}

async function ingestSource(
  ctx: StageContext<Config>,
  db: Database,
  { format, places }: SourcePlaces,
): Promise<IngestResult> {
  const found = await format.findFiles(places, (subject, message) =>
    ctx.emit({ step: 'ingest', action: 'fail', subject, message }),
  )
  const known = await db.rows<KnownFile>(
    'select file_id, path, size_bytes, modified_ms, parser_version, is_gone, read_error from state.files where source = ?',
    [format.source],
  )
  const hasGone = await markGone(db, known, found)
  const changed = await changedFiles(ctx.config, db, format, found, known)
  const read = await loadInBatches(ctx, db, format, changed)
  await keepOwnRecords(ctx, db, format, places)
  return { ...read, filesFound: found.length, hasChanged: hasGone || read.hasChanged }
}

/** Files that disappeared keep their rows: what was once read outlives its log. */
async function markGone(
  db: Database,
  known: readonly KnownFile[],
  found: readonly FoundFile[],
): Promise<boolean> {
  const present = new Set(found.map(({ path }) => keptPath(path)))
  const gone = known.filter(({ path, is_gone }) => !is_gone && !present.has(path) && !existsSync(path))
  if (gone.length === 0) return false
  await db.run(
    `update state.files set is_gone = true where file_id in (${gone.map((f) => f.file_id).join(', ')})`,
  )
  return true
}

async function changedFiles(
  config: Config,
  db: Database,
  format: LogFormat,
  found: readonly FoundFile[],
  known: readonly KnownFile[],
): Promise<FileToLoad[]> {
  const byPath = new Map(known.map((file) => [file.path, file]))
  const [{ next_id }] = (await db.rows<{ next_id: number }>(
    'select coalesce(max(file_id), 0) + 1 as next_id from state.files',
  )) as [{ next_id: number }]
  let nextId = next_id
  const withheld = await readWithheldFiles(db, config)
  return found.flatMap((file) => {
    const before = byPath.get(keptPath(file.path))
    const kept = withheld.find(file.path)
    const isSame =
      before === undefined
        ? kept !== undefined && isAsWithheld(kept, file, format)
        : !before.is_gone &&
          before.read_error === null &&
          before.size_bytes === file.sizeBytes &&
          before.modified_ms === file.modifiedMs &&
          before.parser_version === format.parserVersion &&
          (kept === undefined || isAsWithheld(kept, file, format))
    return isSame ? [] : [{ ...file, fileId: before?.file_id ?? nextId++, isKnown: before !== undefined }]
  })
}

/** What loading needs besides the files. */
interface Loading {
  readonly ctx: StageContext<Config>
  readonly format: LogFormat
  readonly scratch: string
  readonly onLoaded: (more: IngestResult) => void
}

/**
 * Loads the batches in lanes, each with one thread of its own: they never wait for each other, and the order of lines is
 * kept for nothing, where threads that share a file would have to put it right again.
 */
async function loadInBatches(
  ctx: StageContext<Config>,
  db: Database,
  format: LogFormat,
  files: readonly FileToLoad[],
): Promise<IngestResult> {
  if (files.length === 0) return nothingRead
  const scratch = join(ctx.config.paths.out, '.scratch')
  const loading = { ctx, format, scratch, onLoaded: progressOf(ctx, format, files) }
  const waiting = intoBatches(files)
  const beside = await Promise.all(waiting.slice(1, laneCount).map(() => db.connect()))
  await mkdir(scratch, { recursive: true })
  await db.run('set threads = 1')
  try {
    const lanes = await Promise.all([db, ...beside].map((lane) => workThrough(loading, lane, waiting)))
    let read = lanes.map((lane) => lane.read).reduce(addResults, nothingRead)
    for (const batch of lanes.flatMap((lane) => lane.failed))
      read = addResults(read, await loadOrSplit(loading, db, batch))
    return read
  } finally {
    await db.run('reset threads')
    for (const lane of beside) lane.close()
    await rm(scratch, { recursive: true, force: true })
  }
}

/** Tells how far all lanes have come together. */
function progressOf(
  ctx: StageContext<Config>,
  { source }: LogFormat,
  files: readonly FileToLoad[],
): Loading['onLoaded'] {
  const totalBytes = sum(files.map(({ sizeBytes }) => sizeBytes))
  let read = nothingRead
  const tell = (more: IngestResult): void => {
    read = addResults(read, more)
    ctx.emit({
      step: 'ingest',
      action: 'progress',
      subject: source,
      done: Math.min(read.filesRead + read.filesUnreadable, files.length),
      total: files.length,
      bytes: Math.min(read.bytesRead, totalBytes),
      totalBytes,
    })
  }
  tell(nothingRead)
  return tell
}

/** What one lane did, and the batches that are to be loaded again by themselves. */
interface Lane {
  readonly read: IngestResult
  readonly failed: readonly FileToLoad[][]
}

/** Takes batch after batch, several in one transaction, so that tables are written in large pieces and only once. */
async function workThrough(loading: Loading, db: Database, waiting: FileToLoad[][]): Promise<Lane> {
  let read = nothingRead
  const failed: FileToLoad[][] = []
  while (waiting.length > 0) {
    const taken: FileToLoad[][] = []
    try {
      read = addResults(
        read,
        await inTransaction(db, async () => {
          let loaded = nothingRead
          while (waiting.length > 0 && loaded.bytesRead < transactionBytes) {
            const batch = waiting.shift()!
            taken.push(batch)
            loaded = addResults(loaded, await loadWhole(loading, db, batch))
          }
          return loaded
        }),
      )
    } catch {
      failed.push(...taken)
    }
  }
  return { read, failed }
}

/** Loads a batch; where that fails, each file alone, so that one bad file stops only itself. */
async function loadOrSplit(
  loading: Loading,
  db: Database,
  batch: readonly FileToLoad[],
): Promise<IngestResult> {
  try {
    return await inTransaction(db, () => loadWhole(loading, db, batch))
  } catch (error) {
    if (batch.length > 1) {
      let read = nothingRead
      for (const file of batch) read = addResults(read, await loadOrSplit(loading, db, [file]))
      return read
    }
    const [file] = batch as readonly [FileToLoad]
    const { ctx, format } = loading
    const reason = readErrorReason(error, file.path)
    ctx.emit({ step: 'ingest', action: 'fail', subject: file.path, message: reason })
    const hasChanged = await recordUnreadable(db, format, file, reason, ctx.now())
    return { ...nothingRead, filesUnreadable: 1, hasChanged }
  }
}

async function loadWhole(
  { ctx, format, scratch, onLoaded }: Loading,
  db: Database,
  batch: readonly FileToLoad[],
): Promise<IngestResult> {
  const counts = await loadNdjsonFiles(db, format, batch, scratch, ctx.now(), ctx.config, async (fileIds) => {
    return (await removeWithheld(db, ctx.config, ctx.now(), fileIds)).fileIds
  })
  const all = [...counts.values()]
  reportRejects(ctx, batch, counts)
  const read = {
    filesFound: 0,
    filesRead: batch.length,
    filesUnreadable: 0,
    bytesRead: sum(batch.map((file) => file.sizeBytes)),
    linesRead: sum(all.map((count) => count.lineCount)),
    rejectedLines: sum(all.map((count) => count.rejectedLineCount)),
    hasChanged: true,
  }
  onLoaded(read)
  return read
}

function reportRejects(
  ctx: StageContext<Config>,
  batch: readonly FileToLoad[],
  counts: ReadonlyMap<number, { rejectedLineCount: number }>,
): void {
  for (const { fileId, path } of batch) {
    const rejected = counts.get(fileId)?.rejectedLineCount ?? 0
    if (rejected === 0) continue
    const lines = rejected === 1 ? '1 line' : `${rejected} lines`
    ctx.emit({
      step: 'ingest',
      action: 'warn',
      subject: path,
      message: `${lines} could not be read; see table rejects`,
    })
  }
}

/** Few enough bytes that every lane has something to do. */
function intoBatches(files: readonly FileToLoad[]): FileToLoad[][] {
  const share = sum(files.map(({ sizeBytes }) => sizeBytes)) / laneCount
  const mostBytes = Math.min(batchBytes.most, Math.max(batchBytes.fewest, share))
  const batches: FileToLoad[][] = []
  let bytes = 0
  for (const file of files) {
    const batch = batches.at(-1)
    if (batch === undefined || bytes + file.sizeBytes > mostBytes || batch.length >= batchFiles) {
      batches.push([file])
      bytes = 0
    } else batch.push(file)
    bytes += file.sizeBytes
  }
  return batches
}

const nothingRead: IngestResult = {
  filesFound: 0,
  filesRead: 0,
  filesUnreadable: 0,
  bytesRead: 0,
  linesRead: 0,
  rejectedLines: 0,
  hasChanged: false,
}

function addResults(a: IngestResult, b: IngestResult): IngestResult {
  return {
    filesFound: a.filesFound + b.filesFound,
    filesRead: a.filesRead + b.filesRead,
    filesUnreadable: a.filesUnreadable + b.filesUnreadable,
    bytesRead: a.bytesRead + b.bytesRead,
    linesRead: a.linesRead + b.linesRead,
    rejectedLines: a.rejectedLines + b.rejectedLines,
    hasChanged: a.hasChanged || b.hasChanged,
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
