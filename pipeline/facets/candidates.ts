// The sessions that are to have facets, as the mart facet_coverage tells, with what the other marts know of them.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { openDatabase } from '../warehouse/db.js'
import type { SessionFacts } from './provider.js'

/** Newest first. */
export async function readCandidates(config: Config): Promise<SessionFacts[]> {
  return readSessions(config, 'is_eligible')
}

/** Every main session, eligible or not: others may have judged it. */
export async function readMainSessions(config: Config): Promise<SessionFacts[]> {
  return readSessions(config, 'not is_subagent')
}

async function readSessions(config: Config, condition: string): Promise<SessionFacts[]> {
  if (!existsSync(config.paths.warehouse)) return []
  const db = await openDatabase(config.paths.warehouse, { readOnly: true })
  try {
    return await db.rows<SessionFacts>(
      `select
         session_id, source, project, started_at, ended_at, local_date, prompt_count, turn_count, tool_call_count,
         error_count, interruption_count, files_touched_count, lines_added, lines_deleted, completion_status,
         null as primary_task_category, is_subagent, entrypoint,
         md5(concat_ws('|', ended_at, assistant_message_count, prompt_count, tool_call_count, total_tokens,
           error_count, interruption_count)) as content_key
       from marts.sessions
       join marts.facet_coverage using (session_id)
       where ${condition}
       order by ended_at desc, session_id`,
    )
  } finally {
    db.close()
  }
}
