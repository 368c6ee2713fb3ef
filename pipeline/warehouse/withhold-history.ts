// Takes out of an agent's history of prompts what must not be in the ledger: it also names sessions of which no log was ever read.
import type { Config } from '../config.js'
import type { Database } from './db.js'
import { readSql } from './read-sql.js'
import { hasRules, isExcluded, isForgotten, isOutlived } from './withheld-rules.js'

/** Whether settings, or what was forgotten, keep anything out. */
export async function isAnythingWithheld(db: Database, config: Config): Promise<boolean> {
  if (hasRules(config)) return true
  const rows = await db.rows(
    'select 1 from state.forgotten union all select 1 from state.withheld_sessions limit 1',
  )
  return rows.length > 0
}

/**
 * Returns how many rows went. A session is judged as in the logs, by where and when it began, and by each place of its
 * first quarter of an hour, since rows know no finer time; a prompt that names none by its own place and time. To be
 * called within a transaction.
 */
export async function removeWithheldHistory(
  db: Database,
  config: Config,
  now: Date,
  table = 'state.prompt_history',
): Promise<number> {
  if (!(await isAnythingWithheld(db, config))) return 0
  await db.run(readSql('macros'))
  const gone = await db.rows(`
    with placed as (
      select rowid as row_id, session_id as root_id, quarter_at,
        project_root(coalesce(project, '(unknown)')) as own_project,
        coalesce(session_id, rowid::varchar) as course
      from ${table}
    ),
    courses as (
      select row_id, root_id, course, own_project as project,
        min(quarter_at) over (partition by course) as started_at,
        max(quarter_at) over (partition by course) as ended_at,
        quarter_at = started_at as is_at_its_start
      from placed
    ),
    judged as (
      select row_id,
        bool_or(is_at_its_start
          and (${isForgotten(config)} or ${isExcluded(config)} or ${isOutlived(config, now)}))
          over (partition by course) as is_withheld
      from courses
    )
    delete from ${table} where rowid in (select row_id from judged where is_withheld) returning 1`)
  return gone.length
}
