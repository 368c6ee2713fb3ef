// What there is to read, source by source, without reading it: places, files, and what keeps them from being read.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { FoundFile, Source } from './formats/format.js'
import { formats } from './formats/registry.js'
import { type SourceSpec, sourceSpecs } from './source-specs.js'

export interface InspectedSource {
  readonly source: Source
  /** usual: looked for where the agent puts its logs; paths: where the configuration says; needs_paths: neither. */
  readonly found_by: 'usual' | 'paths' | 'needs_paths' | 'off'
  /** Whether the configuration names it. */
  readonly is_listed: boolean
  readonly places: readonly { readonly path: string; readonly is_there: boolean }[]
  readonly file_count: number
  readonly size_bytes: number
  /** When an agent last wrote one of them. */
  readonly newest_log_at: string | null
  /** After so many days without a change the agent deletes a log; null where it does not, or is not known to. */
  readonly cleanup_days: number | null
  /** Folders and files that could not be looked at. */
  readonly unreadable: readonly { readonly path: string; readonly message: string }[]
}

export async function inspectSources(config: Config): Promise<InspectedSource[]> {
  return Promise.all(sourceSpecs(config).map((spec) => inspectSource(config, spec)))
}

async function inspectSource(config: Config, spec: SourceSpec): Promise<InspectedSource> {
  const format = formats[spec.source]
  const places = spec.enabled ? (spec.paths ?? format.usualPlaces(config)) : []
  const unreadable: { path: string; message: string }[] = []
  const report = (path: string, message: string) => void unreadable.push({ path, message })
  let files: readonly FoundFile[] = []
  try {
    files = await format.findFiles(places, report)
  } catch (error) {
    report(places.join(', '), messageOf(error))
  }
  const newestMs = files.reduce((newest, file) => Math.max(newest, file.modifiedMs), 0)
  return {
    source: spec.source,
    found_by: foundBy(spec, places),
    is_listed: spec.isListed,
    places: places.map((path) => ({ path, is_there: existsSync(path) })),
    file_count: files.length,
    size_bytes: files.reduce((sum, file) => sum + file.sizeBytes, 0),
    newest_log_at: files.length === 0 ? null : new Date(newestMs).toISOString(),
    cleanup_days: await cleanupDays(spec.source, places),
    unreadable,
  }
}

/** The shortest of its places; settings that cannot be read are for `sync` to name. */
async function cleanupDays(source: Source, places: readonly string[]): Promise<number | null> {
  const { ownRecords } = formats[source]
  if (ownRecords === undefined) return null
  const days = await Promise.all(
    places.filter((place) => existsSync(place)).map((place) => ownRecords.readCleanupDays(place, () => {})),
  )
  const known = days.filter((value) => value !== null)
  return known.length === 0 ? null : Math.min(...known)
}

function foundBy({ enabled, paths }: SourceSpec, places: readonly string[]): InspectedSource['found_by'] {
  if (!enabled) return 'off'
  if (places.length === 0) return 'needs_paths'
  return paths === null ? 'usual' : 'paths'
}
