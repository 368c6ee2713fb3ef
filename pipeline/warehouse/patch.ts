// Brings marts up to date where a few logs changed: makes the rows of the sessions concerned anew, and keeps the others.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { buildModels, type ModelReader } from './build-models.js'
import { type Database, inTransaction } from './db.js'
import { type OrderedModel, upstreamOf } from './order.js'
import { equip } from './workbench.js'

/** Of the bytes of all logs; beyond it to build all is no slower. */
const mostStaleShare = 0.3

/** What is kept with the warehouse of the logs that it was built from, to tell later what changed, and what goes with it. */
const memories = {
  read_files: `select file_id, hash(loaded_at, size_bytes, modified_ms, parser_version, object_count, is_gone) as fingerprint
    from state.files`,
  repositories: 'select working_directory, repository_root from state.repositories',
  log_sessions: 'select file_id, session_id from intermediate.log_sessions',
  log_links: 'select file_id, linked_file_id from intermediate.log_links',
} as const
const memoriesByFile = ['log_sessions', 'log_links'] as const
const links = 'intermediate.log_links'
const keys = 'intermediate.log_keys'

/** Whether a mart's rows can be made anew session by session. */
export function isPatched({ patchedBy }: OrderedModel): boolean {
  return patchedBy !== null
}

/** The models to run over the logs in scope. */
export function patchModels(ordered: readonly OrderedModel[]): OrderedModel[] {
  return selectModels(ordered, [links, ...ordered.filter(isPatched).map(({ name }) => name)])
}

function selectModels(ordered: readonly OrderedModel[], wanted: readonly string[]): OrderedModel[] {
  const names = upstreamOf(new Set(wanted), ordered)
  return ordered.filter(({ name }) => names.has(name))
}

/** Remembers what a whole build was made from; late, so that nothing waits for it that others wait for. */
export const remembering: ModelReader = {
  reads: [...memoriesByFile.map((table) => `intermediate.${table}`), 'marts.sessions'],
  work: (db) =>
    inTransaction(db, async () => {
      for (const [table, select] of Object.entries(memories))
        await db.run(`create or replace table warehouse.internal.${table} as ${select}`)
    }),
}

/**
 * The log files whose facts changed since the warehouse was built, and those with a session, event or reply in common
 * with them, now or then: whatever happened in one of these decides nothing outside of them. Null where they are too
 * many to be worth it.
 */
export async function findStaleFiles(
  ctx: StageContext<Config>,
  db: Database,
  ordered: readonly OrderedModel[],
): Promise<readonly number[] | null> {
  await buildModels(ctx, db, selectModels(ordered, [keys]))
  const changed = await fileIds(db, changedFilesSql)
  if (changed.length === 0) return []
  const related = await fileIds(
    db,
    `with mine as (select distinct key_hash from ${keys} where file_id in (${changed.join(', ')}))
    select distinct file_id from ${keys} semi join mine using (key_hash)`,
  )
  const stale = await withLinked(db, new Set([...changed, ...related]))
  const [size] = await db.rows<{ share: number }>(
    `select sum(size_bytes) filter (where file_id in (${stale.join(', ')})) / sum(size_bytes) as share from state.files`,
  )
  return size!.share > mostStaleShare ? null : stale
}

/** Read since, gone from the ledger, in a repository that is known as another now, or of a session that was running. */
const changedFilesSql = `
  with now as (${memories.read_files}), now_repositories as (${memories.repositories}),
  moved as (
    (select * from now_repositories except select * from warehouse.internal.repositories)
    union all
    (select * from warehouse.internal.repositories except select * from now_repositories)
  )
  select coalesce(n.file_id, b.file_id) as file_id
  from now as n
  full join warehouse.internal.read_files as b using (file_id)
  where n.fingerprint is distinct from b.fingerprint
  union
  select file_id from staging.contexts semi join moved using (working_directory)
  union
  select l.file_id
  from warehouse.internal.log_sessions as l
  join warehouse.marts.sessions as s using (session_id)
  where s.completion_status = 'active'`

async function fileIds(db: Database, sql: string): Promise<number[]> {
  return (await db.rows<{ file_id: number }>(sql)).map(({ file_id }) => file_id)
}

/** With those that had something in common with one of them when the warehouse was built, and so on. */
async function withLinked(db: Database, files: ReadonlySet<number>): Promise<number[]> {
  const pairs = await db.rows<{ file_id: number; linked_file_id: number }>(
    'select file_id, linked_file_id from warehouse.internal.log_links',
  )
  const neighbours = new Map<number, number[]>()
  for (const { file_id, linked_file_id } of pairs) {
    neighbours.set(file_id, [...(neighbours.get(file_id) ?? []), linked_file_id])
    neighbours.set(linked_file_id, [...(neighbours.get(linked_file_id) ?? []), file_id])
  }
  const reached = new Set(files)
  for (const file of reached) for (const neighbour of neighbours.get(file) ?? []) reached.add(neighbour)
  return [...reached].sort((a, b) => a - b)
}

/**
 * Runs the models over these log files alone and puts the rows of their sessions in the place of those that were there.
 * False, with nothing done, where a row would be there twice: then the logs have in common what nobody foresaw.
 */
export async function patchMarts(
  ctx: StageContext<Config>,
  db: Database,
  ordered: readonly OrderedModel[],
  files: readonly number[],
): Promise<boolean> {
  const ids = files.join(', ')
  const models = patchModels(ordered)
  const rawTables = new Set(models.flatMap(({ reads }) => reads.filter((table) => table.startsWith('raw.'))))
  await db.run('create schema scratch.raw; create schema scratch.marts')
  for (const table of rawTables)
    await db.run(`create table scratch.${table} as select * from ledger.${table} where file_id in (${ids})`)
  await equip(db, ctx.config, 'some')
  await buildModels(ctx, db, models, 'some')
  const marts = models.filter(isPatched)
  await db.run(`create table scratch.raw.stale_sessions as
    select session_id from warehouse.internal.log_sessions where file_id in (${ids})
    union select session_id from intermediate.log_sessions`)
  const isPatchedWell = await inTransaction(db, async () => {
    let collisions = 0
    for (const mart of marts) {
      await db.run(
        `delete from warehouse.${mart.name} where ${mart.patchedBy} in (select session_id from scratch.raw.stale_sessions)`,
      )
      const [row] = await db.rows<{ rows: number }>(
        `select count(*) as rows from scratch.${mart.name} semi join warehouse.${mart.name} using (${mart.grain.join(', ')})`,
      )
      collisions += row!.rows
      await db.run(`insert into warehouse.${mart.name} by name select * from scratch.${mart.name}`)
    }
    for (const table of memoriesByFile)
      await db.run(`delete from warehouse.internal.${table} where file_id in (${ids});
        insert into warehouse.internal.${table} by name ${memories[table]}`)
    for (const table of ['read_files', 'repositories'] as const)
      await db.run(`create or replace table warehouse.internal.${table} as ${memories[table]}`)
    return collisions === 0
  })
  await db.run('drop schema scratch.raw cascade; drop schema scratch.marts cascade')
  await equip(db, ctx.config, 'all')
  return isPatchedWell
}
