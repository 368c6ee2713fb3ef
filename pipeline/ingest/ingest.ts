// Finds the logs of every agent and loads what is new or changed into the ledger.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { StageContext } from '../events.js'
import type { Transcript } from '../transcript.js'
import type { Database } from '../warehouse/db.js'
import type { FoundFile, LogFormat, Source } from './formats/format.js'
import { formats } from './formats/registry.js'
import { keptPaths } from './kept-names.js'
import { addResults, type IngestResult, loadInBatches, nothingRead } from './lanes.js'
import type { FileToLoad } from './load-files.js'
import { keepOwnRecords } from './own-records.js'
import { readEntryTranscript } from './read-entries.js'
import { noteRepositories } from './repositories.js'
import { sourceSpecs } from './source-specs.js'
import { isAsWithheld, readWithheldFiles } from './withheld-files.js'

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
  return sourceSpecs(config)
    .filter(({ enabled }) => enabled)
    .map(({ source, paths }) => {
      const format = formats[source]
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
  const format = formats[present[0]!.source]
  const paths = present.map(({ path }) => path)
  return format.reading === 'sql'
    ? format.readTranscript(paths, sessionId)
    : readEntryTranscript(format, paths, sessionId)
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
  const kept = keptPaths(found.flatMap(({ path, fullerPaths = [] }) => [path, ...fullerPaths]))
  const hasGone = await markGone(db, known, new Set(found.map(({ path }) => kept(path))))
  const changed = found.length === 0 ? [] : await changedFiles(ctx.config, db, format, found, known, kept)
  const read = await loadInBatches(ctx, db, format, changed)
  await keepOwnRecords(ctx, db, format, places)
  return { ...read, filesFound: found.length, hasChanged: hasGone || read.hasChanged }
}

/** Files that disappeared keep their rows: what was once read outlives its log. */
async function markGone(
  db: Database,
  known: readonly KnownFile[],
  present: ReadonlySet<string>,
): Promise<boolean> {
  const gone = known.filter(({ path, is_gone }) => !is_gone && !present.has(path) && !existsSync(path))
  if (gone.length === 0) return false
  await db.run(
    `update state.files set is_gone = true where file_id in (${gone.map((f) => f.file_id).join(', ')})`,
  )
  return true
}

function isAsRead(file: FoundFile, before: KnownFile): boolean {
  return before.size_bytes === file.sizeBytes && before.modified_ms === file.modifiedMs
}

/** Of a log of several files one was deleted, and nothing written since: what was once read of it stays too. */
function hasLostPart({ members, sizeBytes, modifiedMs }: FoundFile, before: KnownFile): boolean {
  return members !== undefined && sizeBytes < before.size_bytes && modifiedMs <= before.modified_ms
}

async function changedFiles(
  config: Config,
  db: Database,
  format: LogFormat,
  found: readonly FoundFile[],
  known: readonly KnownFile[],
  keptPathOf: (path: string) => string,
): Promise<FileToLoad[]> {
  const byPath = new Map(known.map((file) => [file.path, file]))
  const [{ next_id }] = (await db.rows<{ next_id: number }>(
    'select coalesce(max(file_id), 0) + 1 as next_id from state.files',
  )) as [{ next_id: number }]
  let nextId = next_id
  const withheld = await readWithheldFiles(db, config)
  return found.flatMap((file) => {
    const keptPath = keptPathOf(file.path)
    const before = byPath.get(keptPath)
    const kept = withheld.find(file.path)
    const fuller = file.fullerPaths
      ?.map((path) => byPath.get(keptPathOf(path)))
      .find((known) => known !== undefined)
    if (before === undefined && fuller !== undefined && hasLostPart(file, fuller)) return []
    const isSame =
      before === undefined
        ? kept !== undefined && isAsWithheld(kept, file, format)
        : !before.is_gone &&
          before.read_error === null &&
          (isAsRead(file, before) || hasLostPart(file, before)) &&
          before.parser_version === format.parserVersion &&
          (kept === undefined || isAsWithheld(kept, file, format))
    return isSame
      ? []
      : [{ ...file, keptPath, fileId: before?.file_id ?? nextId++, isKnown: before !== undefined }]
  })
}
