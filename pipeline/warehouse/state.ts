// What the two databases hold, looked at without changing them; one that is missing, locked or broken says so.
import { existsSync, statSync } from 'node:fs'
import type { Config } from '../config.js'
import type { Coverage } from '../coverage.js'
import { messageOf } from '../errors.js'
import { readCoverage } from './coverage.js'
import { type Database, openDatabase } from './db.js'
import { modelsDigest } from './fingerprints.js'
import { ledgerSchemaVersion } from './ledger.js'

export interface LedgerState {
  readonly path: string
  readonly is_there: boolean
  readonly schema_version: number | null
  /** What this version of the program writes. */
  readonly expected_schema_version: number
  readonly file_count: number | null
  readonly last_run: {
    readonly command: string
    readonly started_at: string
    readonly exit_code: number | null
  } | null
  /** What the schedule's memory says; null where it was never kept, or cannot be read. */
  readonly schedule: ScheduleState | null
  /** Another command is writing it at the moment. */
  readonly is_in_use: boolean
  /** Why it could not be read; null where it could. */
  readonly error: string | null
}

export interface ScheduleState {
  readonly is_running: boolean
  readonly last_run: {
    readonly job: string
    readonly ended_at: string
    readonly exit_code: number | null
  } | null
}

/** What was loaded of one source. */
export interface LoadedSource {
  readonly source: string
  readonly session_count: number
  readonly newest_session_at: string | null
  /** Of the agent, as logged, each with the sessions in which it was the latest. */
  readonly agent_versions: readonly string[]
  readonly loaded_file_count: number
  readonly unread_file_count: number
  readonly rejected_line_count: number
  readonly unknown_line_count: number
  readonly unknown_line_types: readonly string[]
}

export interface WarehouseState {
  readonly path: string
  readonly is_there: boolean
  readonly built_at: string | null
  /** Names the SQL that it was built with. */
  readonly models_digest: string | null
  /** Whether that is the SQL of this version. */
  readonly is_current: boolean | null
  readonly session_count: number | null
  /** Which sessions have facets; null where the warehouse does not tell. */
  readonly coverage: Coverage | null
  readonly sources: readonly LoadedSource[]
  readonly error: string | null
}

export async function readLedgerState({ paths }: Config): Promise<LedgerState> {
  const none = {
    path: paths.ledger,
    is_there: existsSync(paths.ledger),
    schema_version: null,
    expected_schema_version: ledgerSchemaVersion,
    file_count: null,
    last_run: null,
    schedule: null,
    is_in_use: false,
    error: null,
  }
  if (!none.is_there) return none
  try {
    return await reading(paths.ledger, async (db) => {
      const [meta] = await db.rows<{ schema_version: number }>('select schema_version from state.meta')
      const [files] = await db.rows<{ file_count: number }>('select count(*) as file_count from state.files')
      const [run] = await db.rows<NonNullable<LedgerState['last_run']>>(
        'select command, started_at, exit_code from state.runs order by started_at desc, run_id limit 1',
      )
      return {
        ...none,
        schema_version: meta?.schema_version ?? null,
        file_count: files?.file_count ?? 0,
        last_run: run ?? null,
        schedule: await readScheduleState(db).catch(() => null), // One of an earlier version has no such table.
      }
    })
  } catch (error) {
    const message = messageOf(error)
    return /lock/i.test(message) ? { ...none, is_in_use: true } : { ...none, error: message }
  }
}

async function readScheduleState(db: Database): Promise<ScheduleState | null> {
  const [keeper] = await db.rows<{ process_id: number | null }>(
    `select process_id from state.scheduled_runs where job = 'schedule'`,
  )
  const [last] = await db.rows<NonNullable<ScheduleState['last_run']>>(
    `select job, ended_at, exit_code from state.scheduled_runs
     where job <> 'schedule' and ended_at is not null order by ended_at desc, job limit 1`,
  )
  return keeper ? { is_running: isAlive(keeper.process_id), last_run: last ?? null } : null
}

function isAlive(processId: number | null): boolean {
  try {
    return processId !== null && process.kill(processId, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

export async function readWarehouseState({ paths }: Config): Promise<WarehouseState> {
  const none = {
    path: paths.warehouse,
    is_there: existsSync(paths.warehouse),
    built_at: null,
    models_digest: null,
    is_current: null,
    session_count: null,
    coverage: null,
    sources: [],
    error: null,
  }
  if (!none.is_there) return none
  try {
    return await reading(paths.warehouse, async (db) => {
      const [models] = await db.rows<{ fingerprint: string }>(
        `select fingerprint from internal.fingerprints where input = 'models'`,
      )
      const sources = await db.rows<LoadedSource>(loadedSql)
      return {
        ...none,
        built_at: statSync(paths.warehouse).mtime.toISOString(),
        models_digest: models?.fingerprint ?? null,
        is_current: models?.fingerprint === modelsDigest(),
        // One of an earlier version may lack the mart.
        coverage: await readCoverage(db).catch(() => null),
        session_count: sources.reduce((sum, row) => sum + row.session_count, 0),
        sources: sources.map((row) => ({ ...row, agent_versions: [...row.agent_versions].sort(byVersion) })),
      }
    })
  } catch (error) {
    return { ...none, error: messageOf(error) }
  }
}

async function reading<T>(path: string, use: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(path, { readOnly: true })
  try {
    return await use(db)
  } finally {
    db.close()
  }
}

const loadedSql = `
  with files as (
    select source, count(*) as loaded_file_count, count(read_error) as unread_file_count,
      cast(sum(rejected_line_count) as bigint) as rejected_line_count
    from marts.files group by source
  ),
  sessions as (
    select source, count(*) filter (where not is_subagent) as session_count, max(ended_at) as newest_session_at,
      coalesce(list(distinct agent_version) filter (where agent_version is not null), []) as agent_versions
    from marts.sessions group by source
  ),
  unknown as (
    select source, cast(sum(line_count) as bigint) as unknown_line_count, list(line_type order by line_type) as unknown_line_types
    from marts.line_types where line_use = 'unknown' group by source
  )
  select source, coalesce(session_count, 0) as session_count, newest_session_at,
    coalesce(agent_versions, []) as agent_versions, loaded_file_count, unread_file_count, rejected_line_count,
    coalesce(unknown_line_count, 0) as unknown_line_count, coalesce(unknown_line_types, []) as unknown_line_types
  from files left join sessions using (source) left join unknown using (source) order by source`

/** 2.1.9 before 2.1.10. */
function byVersion(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true })
}
