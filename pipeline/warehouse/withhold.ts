// Takes out of the ledger what must not be in it: forgotten, excluded and outlived sessions, with every trace of them.
import type { Config } from '../config.js'
import { type Database, openDatabase, sqlHomeAsTilde, sqlText } from './db.js'
import { readSql } from './read-sql.js'
import { isExcluded, isForgotten, isOutlived, matchesProject, rulesDigest, sha256 } from './withheld-rules.js'
import { removeWithheldTips } from './withheld-tips.js'
import { isAnythingWithheld, removeWithheldHistory } from './withhold-history.js'

export interface Removed {
  readonly sessionIds: readonly string[]
  /** Of the files that hold nothing else: the ledger does not know them any more. */
  readonly paths: readonly string[]
  readonly fileIds: readonly number[]
  /** Of agents' own histories of prompts. */
  readonly historyRowCount: number
  /** Weeks and months, as `weekly 2026-W07`, in which the sessions were active. */
  readonly periods: readonly string[]
}

interface LedgerTable {
  readonly name: string
  readonly columns: readonly string[]
}

const nothing: Removed = { sessionIds: [], paths: [], fileIds: [], historyRowCount: 0, periods: [] }
/** So many rows of one transaction may reach the file before it ends. */
const rowsThatReachTheFile = 100_000

/** Takes out what must not stay of these files, or of all; to be called within a transaction. */
export async function removeWithheld(
  db: Database,
  config: Config,
  now: Date,
  fileIds: readonly number[] | null,
): Promise<Removed> {
  if (fileIds !== null) await forgetFileMarks(db, config, fileIds)
  if (!(await isAnythingWithheld(db, config))) return nothing
  await db.run(readSql('macros'))
  const tables = await ledgerTables(db)
  await createFamilies(db, config, now, fileIds)
  const marked = await removeMarked(db, config, tables)
  // What is loaded of it later is judged before it is kept.
  const historyRowCount = fileIds === null ? await removeWithheldHistory(db, config, now) : 0
  const removed = historyRowCount > 0 ? { ...marked, historyRowCount } : marked
  if (removed !== nothing && (fileIds === null || (await isLarge(db, fileIds))))
    await recordRemoval(db, now, removed, fileIds !== null)
  await db.run('drop table families; drop table withheld; drop table withheld_places')
  return removed
}

/** Settings that changed keep nothing out any more: what they kept out is read again. */
export async function dropOldRules(db: Database, config: Config): Promise<void> {
  const rules = [rulesDigest(config)]
  await db.run('delete from state.withheld_sessions where rules <> ?', rules)
  await db.run('delete from state.withheld_events where rules <> ?', rules)
}

/**
 * A fork may be shown under another project than the one in which the history that it repeats began. What the finished
 * marts show of an excluded project is remembered, so that the next removal takes it; returns whether there is any.
 */
export async function rememberShown(ledger: Database, config: Config): Promise<boolean> {
  const { projects } = config.privacy.exclude
  if (projects.length === 0) return false
  const marts = await openDatabase(config.paths.warehouse, { readOnly: true })
  try {
    await marts.run(readSql('macros'))
    const shown = await marts.rows<{ id: string }>(
      `select distinct coalesce(parent_session_id, session_id) as id from marts.sessions
       where ${matchesProject('project', projects, config.home)}`,
    )
    for (const { id } of shown)
      await ledger.run('insert into state.withheld_sessions values (?, ?)', [sha256(id), rulesDigest(config)])
    return shown.length > 0
  } finally {
    marts.close()
  }
}

/** A file that is read again may hold nothing to keep out now. */
async function forgetFileMarks(db: Database, { home }: Config, fileIds: readonly number[]): Promise<void> {
  await db.run(`delete from state.withheld_files where path_sha256 in (
    select sha256(${sqlHomeAsTilde('path', home)}) from state.files where file_id in (${idList(fileIds)}))`)
}

/** All tables of facts, and which of them say of what session or file they speak: new ones are found by themselves. */
async function ledgerTables(db: Database): Promise<LedgerTable[]> {
  return db.rows<{ name: string; columns: string[] }>(`
    select schema_name || '.' || table_name as name, list(column_name) as columns
    from duckdb_columns()
    where database_name = 'ledger' and schema_name in ('raw', 'state') and table_name not like 'withheld%'
    group by all order by name`)
}

/**
 * `families`: each session with the beginning, end and project of the main session that it belongs to; a sub-agent's
 * also under its own id. `withheld`: the sessions to take out.
 */
async function createFamilies(
  db: Database,
  config: Config,
  now: Date,
  fileIds: readonly number[] | null,
): Promise<void> {
  const touched = fileIds === null ? 'true' : `file_id in (${idList(fileIds)})`
  const root = 'coalesce(parent_session_id, session_id)'
  const placeless = ['calls', 'tool_uses', 'prompts'].map(
    (table) => `select session_id from raw.${table} where ${touched}`,
  )
  await db.run(`
    create or replace temp table families as
      with known as (select distinct ${root} as root_id, session_id from raw.contexts where ${touched}),
      members as (
        from known union
        select session_id, session_id from (${placeless.join(' union ')}) anti join known using (session_id)
      ),
      courses as (
        select
          ${root} as root_id,
          arg_min(working_directory, (first_at, file_id, working_directory)) filter (
            where working_directory is not null and parent_session_id is null) as own_directory,
          arg_min(working_directory, (first_at, file_id, working_directory)) filter (
            where working_directory is not null) as any_directory,
          coalesce(min(first_at) filter (where parent_session_id is null), min(first_at)) as started_at,
          max(last_at) as ended_at
        from raw.contexts
        where ${root} in (select root_id from members)
        group by all
      ),
      placed as (
        select m.root_id, m.session_id, c.started_at, c.ended_at,
          project_root(coalesce(c.own_directory, c.any_directory, '(unknown)')) as project
        from members as m left join courses as c using (root_id)
      )
      select * from placed
      union all
      select * replace (session_id as root_id) from placed where session_id <> root_id;
    create or replace temp table withheld as
      with judged as (
        select session_id, project, ${isForgotten(config)} as is_forgotten, ${isExcluded(config)} as is_excluded,
          ${isOutlived(config, now)} as is_outlived
        from families
      )
      select session_id, any_value(project) as project, bool_or(is_forgotten) as is_forgotten,
        bool_or(is_forgotten or is_excluded) as is_lasting
      from judged where is_forgotten or is_excluded or is_outlived group by session_id`)
}

/** Deletes the sessions of `withheld`, what forks repeat of them, and the files that hold nothing else. */
async function removeMarked(db: Database, config: Config, tables: readonly LedgerTable[]): Promise<Removed> {
  await db.run(
    'create or replace temp table withheld_places (file_id integer, ordinal bigint, is_session boolean)',
  )
  const sessions = await db.rows<{ session_id: string }>(
    'select session_id from withheld order by session_id',
  )
  if (sessions.length > 0) await rememberWithheld(db, config)
  await db.run(`insert into withheld_places
    select file_id, ordinal, false from raw.events where event_uuid in (select event_uuid from state.withheld_events)`)
  const facts = tables.filter(({ columns }) =>
    ['session_id', 'file_id', 'ordinal'].every((name) => columns.includes(name)),
  )
  for (const { name } of facts)
    await db.run(`insert into withheld_places
      select distinct file_id, null, true from ${name} semi join withheld using (session_id)`)
  const [places] = await db.rows<{ count: number }>('select count(*) as count from withheld_places')
  if (places!.count === 0) return nothing
  const periods = await dropFrozenPeriods(db, config)
  for (const { name } of tables.filter(({ columns }) => columns.includes('session_id')))
    await db.run(`delete from ${name} where session_id in (select session_id from withheld)`)
  // What was spent on them stays spent: only whose it was is forgotten.
  await db.run(`update state.model_requests set subject = '(forgotten)'
    where subject in (select session_id from withheld)`)
  for (const { name } of facts)
    await db.run(`delete from ${name} as t using withheld_places as p
      where not p.is_session and t.file_id = p.file_id and t.ordinal = p.ordinal`)
  await removeWithheldTips(db)
  await db.run(`delete from state.repositories
    where working_directory not in (select working_directory from raw.contexts where working_directory is not null)`)
  const files = await removeEmptiedFiles(db, config, tables, facts)
  return { ...nothing, sessionIds: sessions.map(({ session_id }) => session_id), periods, ...files }
}

/**
 * Remembers the sessions, and the events that were theirs first: a copied one belongs to the session that had events of
 * its own before the others did, as in intermediate.session_claims.
 */
async function rememberWithheld(db: Database, config: Config): Promise<void> {
  const rules = sqlText(rulesDigest(config))
  await db.run(`
    insert into state.withheld_sessions
      select distinct sha256(session_id), ${rules} from withheld
      where is_lasting and not is_forgotten
        and sha256(session_id) not in (select session_sha256 from state.withheld_sessions);
    insert into state.withheld_events
      with own as (
        select distinct event_uuid, session_id, is_forgotten
        from raw.events join withheld using (session_id) where event_uuid is not null and is_lasting
      ),
      shared as (
        select distinct event_uuid from raw.events semi join own using (event_uuid) anti join withheld using (session_id)
      ),
      held as (
        select session_id, event_uuid, min(happened_at) as happened_at from raw.events
        where session_id in (select session_id from raw.events semi join shared using (event_uuid))
          and event_uuid is not null
        group by all
      ),
      copied as (select event_uuid from held group by event_uuid having count(*) > 1),
      claims as (select session_id, min(happened_at) as claimed_at from held anti join copied using (event_uuid) group by all),
      owners as (
        select h.event_uuid,
          arg_min(h.session_id, (coalesce(c.claimed_at, timestamp '0001-01-01'), h.session_id)) as session_id
        from held as h semi join shared using (event_uuid) left join claims as c on c.session_id = h.session_id
        group by h.event_uuid
      )
      select o.event_uuid, case when bool_or(o.is_forgotten) then null else ${rules} end
      from own as o left join owners as w using (event_uuid)
      where (w.session_id is null or w.session_id in (select session_id from withheld))
        and o.event_uuid not in (select event_uuid from state.withheld_events)
      group by o.event_uuid`)
}

/** A frozen period may name what goes, and the one after compares itself with it: both are told anew. */
async function dropFrozenPeriods(db: Database, config: Config): Promise<string[]> {
  const zone = sqlText(config.timezone)
  const toThursday = config.week_starts_on === 'sunday' ? '4 - isodow(d) % 7' : '4 - isodow(d)'
  const labels = (days: number, months: number) => `
    select 'weekly' as period_kind,
      strftime(d + cast(${toThursday} as integer) + ${days}, '%G-W%V') as period from days
    union select 'monthly', strftime(d + interval ${months} month, '%Y-%m') from days`
  await db.run(`
    create or replace temp table withheld_periods as
      with days as (
        select distinct cast(timezone(${zone}, timezone('UTC', happened_at)) as date) as d from raw.events
        where session_id in (select session_id from withheld)
          or event_uuid in (select event_uuid from state.withheld_events)
      ),
      own as (
        ${labels(0, 0)}
        union select period_kind, period from state.period_sessions semi join withheld using (session_id)
      )
      select *, true as is_own from own
      union all
      select *, false from (${labels(7, 1)}) anti join own using (period_kind, period);
    delete from state.periods as p using withheld_periods as w
      where w.period_kind = p.period_kind and w.period = p.period;
    delete from state.period_sessions as p using withheld_periods as w
      where w.period_kind = p.period_kind and w.period = p.period;
    delete from state.targets
      where period in (select period from withheld_periods where period_kind = 'monthly');
    delete from state.target_months
      where period in (select period from withheld_periods where period_kind = 'monthly')`)
  const rows = await db.rows<{ period: string }>(
    `select period_kind || ' ' || period as period from withheld_periods where is_own order by all`,
  )
  await db.run('drop table withheld_periods')
  return rows.map(({ period }) => period)
}

/**
 * Files of which something went are marked; those that hold no other session go, name and all. So do files without any
 * session in a folder of Claude Code's, named after the project, in which no other session is left.
 */
async function removeEmptiedFiles(
  db: Database,
  { home, ...config }: Config,
  tables: readonly LedgerTable[],
  facts: readonly LedgerTable[],
): Promise<Pick<Removed, 'paths' | 'fileIds'>> {
  const holders = facts.map(({ name }) => `select file_id from ${name}`).join(' union ')
  const folder = `'/' || regexp_replace(project, '[^A-Za-z0-9]', '-', 'g') || '/'`
  const files = await db.rows<{ file_id: number; path: string; is_emptied: boolean }>(`
    with holding as (${holders}),
    folders as (
      select distinct ${folder} as folder from withheld where project <> '(unknown)'
    ),
    kept_folders as (
      select d.folder from folders as d
      join (select path from state.files semi join holding using (file_id)) as f on contains(f.path, d.folder)
    ),
    touched as (
      select file_id from withheld_places
      union
      select f.file_id from state.files as f
      join (from folders anti join kept_folders using (folder)) as d on contains(f.path, d.folder)
    )
    select f.file_id, f.path, f.file_id not in (select file_id from holding) as is_emptied
    from state.files as f semi join touched using (file_id)`)
  if (files.length === 0) return { paths: [], fileIds: [] }
  const marked = sqlHomeAsTilde('path', home)
  await db.run(`
    delete from state.withheld_files where path_sha256 in (
      select sha256(${marked}) from state.files where file_id in (${idList(files.map(({ file_id }) => file_id))}));
    insert into state.withheld_files
      select sha256(${marked}), source, size_bytes, modified_ms, parser_version,
        ${sqlText(rulesDigest({ home, ...config }))}
      from state.files where file_id in (${idList(files.map(({ file_id }) => file_id))})`)
  const emptied = files.filter(({ is_emptied }) => is_emptied)
  const fileIds = emptied.map(({ file_id }) => file_id)
  if (fileIds.length > 0)
    for (const { name } of tables.filter(({ columns }) => columns.includes('file_id')))
      await db.run(`delete from ${name} where file_id in (${idList(fileIds)})`)
  return { paths: emptied.map(({ path }) => path), fileIds }
}

/** A session that was kept out while its file was loaded was never on a page. */
async function recordRemoval(
  db: Database,
  now: Date,
  { sessionIds }: Removed,
  isCleaned: boolean,
): Promise<void> {
  await db.run('insert into state.removals values (?::timestamp, ?, ?, ?, false)', [
    now.toISOString(),
    sessionIds.length,
    isCleaned,
    isCleaned,
  ])
}

async function isLarge(db: Database, fileIds: readonly number[]): Promise<boolean> {
  const [loaded] = await db.rows<{ lines: number }>(
    `select coalesce(sum(object_count), 0)::bigint as lines from state.files where file_id in (${idList(fileIds)})`,
  )
  return loaded!.lines >= rowsThatReachTheFile
}

function idList(fileIds: readonly number[]): string {
  return fileIds.length === 0 ? 'null' : fileIds.join(', ')
}
