// What a snapshot says of itself: its files with rows, bytes and digest.
import { readFileSync } from 'node:fs'

export interface Manifest {
  readonly schema: string
  /** Of everything the files were made from: equal means nothing to do. */
  readonly inputs: string
  readonly price_digest: string
  readonly files: Readonly<Record<string, ManifestFile>>
}

export interface ManifestFile {
  readonly rows: number
  readonly bytes: number
  readonly sha256: string
}

export const manifestSchema = 'debrief.snapshot/1'

/** Null where there is none, or none that can be read. */
export function readManifest(path: string): Manifest | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Manifest
  } catch {
    return null
  }
}
