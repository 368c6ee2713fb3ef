// Log files of which something is kept out: known by a digest of their path, so that they are not read each time.
import type { Config } from '../config.js'
import type { Database } from '../warehouse/db.js'
import { rulesDigest, sha256, withHomeAsTilde } from '../warehouse/withheld-rules.js'
import type { FoundFile, LogFormat } from './formats/format.js'

interface WithheldFile {
  readonly path_sha256: string
  readonly size_bytes: number
  readonly modified_ms: number
  readonly parser_version: number
  readonly rules: string
  /** Whether the settings are still those that it was kept out under. */
  readonly isCurrent: boolean
}

export interface WithheldFiles {
  find(path: string): WithheldFile | undefined
}

export async function readWithheldFiles(db: Database, config: Config): Promise<WithheldFiles> {
  const rules = rulesDigest(config)
  const rows = await db.rows<Omit<WithheldFile, 'isCurrent'>>('select * from state.withheld_files')
  const byDigest = new Map(rows.map((row) => [row.path_sha256, { ...row, isCurrent: row.rules === rules }]))
  return {
    find: (path) =>
      byDigest.size === 0 ? undefined : byDigest.get(sha256(withHomeAsTilde(path, config.home))),
  }
}

export function isAsWithheld(kept: WithheldFile, file: FoundFile, format: LogFormat): boolean {
  return (
    kept.isCurrent &&
    kept.size_bytes === file.sizeBytes &&
    kept.modified_ms === file.modifiedMs &&
    kept.parser_version === format.parserVersion
  )
}
