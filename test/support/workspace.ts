// A folder of its own for each test: a HOME, an out/, and a context that keeps what was emitted.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Config, readConfig } from '../../pipeline/config.js'
import type { PipelineEvent } from '../../pipeline/events.js'
import type { RunContext } from '../../pipeline/run/context.js'
import { type Database, openDatabase, type Row } from '../../pipeline/warehouse/db.js'

let runs = 0

export interface Workspace {
  readonly folder: string
  readonly home: string
  readonly ctx: RunContext
  readonly events: PipelineEvent[]
}

export interface WorkspaceOptions {
  /** Where logs are looked for; by default an empty folder. */
  readonly home?: string
  readonly now?: string
  /** debrief.yaml's keys. */
  readonly change?: (config: Config) => Config
  readonly env?: Record<string, string>
}

export function createWorkspace(options: WorkspaceOptions = {}): Workspace {
  const folder = mkdtempSync(join(tmpdir(), 'debrief-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const home = options.home ?? join(folder, 'home')
  const read = readConfig({ out: join(folder, 'out'), cwd: folder }, { HOME: home, ...options.env })
  const base: Config = { ...read, user: 'tester', machine: 'bench', timezone: 'UTC', explore: false }
  const events: PipelineEvent[] = []
  const ctx: RunContext = {
    config: options.change?.(base) ?? base,
    now: () => new Date(options.now ?? '2026-03-01T00:00:00Z'),
    emit: (event) => void events.push(event),
    run: {
      get id() {
        runs += 1
        return `test-run-${runs}`
      },
      command: 'test',
      warningCount: () => 0,
    },
  }
  return { folder, home, ctx, events }
}

/** Rows of the warehouse, where the marts are. */
export async function queryMarts<T extends object = Row>(config: Config, sql: string): Promise<T[]> {
  return queryFile<T>(config.paths.warehouse, sql)
}

/** Rows of any database file, read-only. */
export async function queryFile<T extends object = Row>(file: string, sql: string): Promise<T[]> {
  const db: Database = await openDatabase(file, { readOnly: true })
  try {
    return await db.rows<T>(sql)
  } finally {
    db.close()
  }
}
