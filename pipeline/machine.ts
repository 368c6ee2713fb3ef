// What the machine itself is like, as far as Debrief depends on it: room on the disk, clock, versions.
import { existsSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Config } from './config.js'
import { readPackageVersion } from './root.js'
import { version as duckdbVersion } from './warehouse/duckdb.js'

export interface MachineState {
  readonly free_bytes: number | null
  readonly now: string
  readonly debrief_version: string
  readonly node_version: string
  readonly duckdb_version: string
}

export async function readMachineState({ paths }: Config, now: Date): Promise<MachineState> {
  return {
    free_bytes: await freeBytes(paths.out),
    now: now.toISOString(),
    debrief_version: readPackageVersion(),
    node_version: process.version,
    duckdb_version: duckdbVersion(),
  }
}

/** Where the out folder lies, or will. */
async function freeBytes(folder: string): Promise<number | null> {
  if (!existsSync(folder) && dirname(folder) !== folder) return freeBytes(dirname(folder))
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}
