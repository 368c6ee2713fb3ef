// Loads files in batches, several at a time, and puts what came of them together.
import { mkdir, rm } from 'node:fs/promises'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { type Database, inTransaction } from '../warehouse/db.js'
import { removeWithheld } from '../warehouse/withhold.js'
import type { LogFormat } from './formats/format.js'
import { type FileToLoad, loadFiles, recordUnreadable } from './load-files.js'
import { readErrorReason } from './read-error.js'

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

const laneCount = Math.min(4, availableParallelism())

/** How much a lane parses and writes in one transaction: until its end even dropped tables take up memory. */
const transactionBytes = Math.round((1088 * 1024 * 1024) / laneCount)
const fewestBytes = 4 * 1024 * 1024
const batchFiles = 400

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
export async function loadInBatches(
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
    for (const lane of [db, ...beside])
      for (const macro of format.reading === 'sql' ? format.macros : [])
        await lane.run(`create or replace temp macro ${macro}`)
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
  const totalBytes = sizeOf(files)
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
          while (
            waiting[0] &&
            (taken.length === 0 || loaded.bytesRead + sizeOf(waiting[0]) <= transactionBytes)
          ) {
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
  const counts = await loadFiles(db, format, batch, scratch, ctx.now(), ctx.config, async (fileIds) => {
    return (await removeWithheld(db, ctx.config, ctx.now(), fileIds)).fileIds
  })
  const all = [...counts.values()]
  reportRejects(ctx, batch, counts)
  const read = {
    filesFound: 0,
    filesRead: batch.length,
    filesUnreadable: 0,
    bytesRead: sizeOf(batch),
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

/** Equal shares, as few as fit into a transaction: each has a fixed cost, and no lane waits while the other does a rest. */
function intoBatches(files: readonly FileToLoad[]): FileToLoad[][] {
  const share = sizeOf(files) / laneCount
  const rounds = Math.max(1, Math.ceil(share / transactionBytes))
  const enoughBytes = Math.max(fewestBytes, share / rounds)
  const batches: FileToLoad[][] = []
  let bytes = 0
  for (const file of files) {
    const batch = batches.at(-1)
    const isFull = bytes >= enoughBytes || bytes + file.sizeBytes > transactionBytes
    if (batch === undefined || isFull || batch.length >= batchFiles) {
      batches.push([file])
      bytes = 0
    } else batch.push(file)
    bytes += file.sizeBytes
  }
  return batches
}

export const nothingRead: IngestResult = {
  filesFound: 0,
  filesRead: 0,
  filesUnreadable: 0,
  bytesRead: 0,
  linesRead: 0,
  rejectedLines: 0,
  hasChanged: false,
}

export function addResults(a: IngestResult, b: IngestResult): IngestResult {
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

function sizeOf(files: readonly FileToLoad[]): number {
  return sum(files.map(({ sizeBytes }) => sizeBytes))
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, n) => total + n, 0)
}
