// Reads a fixture the way a user's logs are read, and takes the totals that its expected.json names.
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { PipelineEvent } from '../../pipeline/events.js'
import type { Source } from '../../pipeline/ingest/formats/format.js'
import { packageRoot } from '../../pipeline/root.js'
import { runSync } from '../../pipeline/run.js'
import { openDatabase, type Row } from '../../pipeline/warehouse/db.js'
import { createWorkspace, queryFile } from '../support/workspace.js'

export interface Fixture {
  readonly source: Source
  readonly folder: string
  /** What a reader must be told, or must do, beside reading the files. */
  readonly given: {
    readonly timezone?: string
    readonly deleted_after_first_read?: readonly string[]
    /** Places below home, for an agent whose logs have no usual one. */
    readonly paths?: readonly string[]
  }
  readonly expected: Readonly<Record<string, unknown>>
}

export interface FixtureRun {
  readonly totals: Readonly<Record<string, unknown>>
  readonly failures: readonly PipelineEvent[]
}

/** Numbers: SQL that gives one row with one value. */
const numbers: Readonly<Record<string, string>> = {
  llm_calls: 'select count(*) from llm_calls',
  input_tokens: 'select coalesce(sum(input_tokens), 0) from llm_calls',
  output_tokens: 'select coalesce(sum(output_tokens), 0) from llm_calls',
  cache_read_tokens: 'select coalesce(sum(cache_read_tokens), 0) from llm_calls',
  cache_write_tokens: 'select coalesce(sum(cache_write_tokens), 0) from llm_calls',
  cache_write_5m_tokens: 'select coalesce(sum(cache_write_5m_tokens), 0) from llm_calls',
  cache_write_1h_tokens: 'select coalesce(sum(cache_write_1h_tokens), 0) from llm_calls',
  web_searches: 'select coalesce(sum(web_search_count), 0) from llm_calls',
  cost_usd: 'select sum(cost_usd) from llm_calls',
  logged_cost_usd: `select rtrim(rtrim(sum(logged_cost_usd)::decimal(24, 12)::varchar, '0'), '.') as usd from llm_calls`,
  unpriced_calls: 'select count(*) from llm_calls where cost_usd is null',
  sessions: 'select count(*) from sessions where not is_subagent',
  subagent_sessions: 'select count(*) from sessions where is_subagent',
  headline_sessions: `select sum(session_count) from period_metrics where period_kind = 'monthly'`,
  headline_active_seconds: `select sum(active_union_seconds) from period_metrics where period_kind = 'monthly'`,
  prompts: 'select count(*) from prompts',
  abandoned_prompts: 'select count(*) from prompts where is_abandoned',
  compactions: 'select sum(compaction_count) from sessions',
  interruptions: 'select sum(interruption_count) from sessions',
  tool_calls: 'select count(*) from tool_calls',
  tool_errors: 'select count(*) from tool_calls where is_error',
  file_edits: 'select count(*) from file_edits',
  lines_added: 'select coalesce(sum(lines_added), 0) from file_edits',
  lines_deleted: 'select coalesce(sum(lines_deleted), 0) from file_edits',
  rejections: 'select sum(rejection_count) from sessions',
  rejects: 'select count(*) from rejects',
  lines: 'select sum(line_count) from files',
  blank_lines: 'select sum(blank_line_count) from files',
  loaded_lines: 'select sum(loaded_line_count) from files',
  todo_lists: `select count(*) from session_documents where document_kind = 'todo_list'`,
  open_todos: 'select coalesce(sum(open_count), 0) from session_documents',
  completed_todos: 'select coalesce(sum(completed_count), 0) from session_documents',
  unlogged_prompts: 'select coalesce(sum(unlogged_prompt_count), 0) from activity_floor',
  files_gone: 'select count(*) from files where is_gone',
}

/** Lists: SQL that gives one sorted column, `item`. */
const lists: Readonly<Record<string, string>> = {
  projects: 'select distinct project as item from sessions order by item',
  unpriced_models: 'select distinct model as item from llm_calls where cost_usd is null order by item',
}

/** Objects: SQL that gives the columns `key` and `measure`. */
const groups: Readonly<Record<string, string>> = {
  output_tokens_by_local_date:
    'select cast(local_date as varchar) as key, sum(output_tokens) as measure from llm_calls group by key',
  output_tokens_by_model: 'select model as key, sum(output_tokens) as measure from llm_calls group by key',
  history_prompts_by_local_date:
    'select cast(local_date as varchar) as key, sum(prompt_count) as measure from activity_floor group by key',
  unlogged_prompts_by_project:
    'select project as key, sum(unlogged_prompt_count) as measure from activity_floor group by key',
  sessions_by_plan: `select title as key, session_id as measure from session_documents where document_kind = 'plan'`,
  sessions_by_todo_list: `select regexp_extract(path, '[^/]*$') as key, session_id as measure
    from session_documents where document_kind = 'todo_list'`,
  prompts_by_source: 'select prompt_source as key, count(*) as measure from prompts group by key',
  tool_errors_by_kind:
    'select error_kind as key, count(*) as measure from tool_calls where is_error group by key',
}

/** What `sessions_by_id` may name of a session: SQL over a row of the table sessions. */
const sessionMeasures: Readonly<Record<string, string>> = {
  project: 'project',
  repos: 'repos_accessed_count',
  started_at: 'started_at',
  active_seconds: 'active_seconds',
  prompts: 'prompt_count',
  abandoned_prompts: 'abandoned_prompt_count',
  turns: 'turn_count',
  llm_calls: 'llm_call_count',
  output_tokens: 'output_tokens',
  tool_calls: 'tool_call_count',
  tags: 'tags',
}

export function readFixture(source: Source, name: string): Fixture {
  const folder = join(packageRoot, 'fixtures', 'logs', source, name)
  const { why: _, given = {}, ...expected } = JSON.parse(readFileSync(join(folder, 'expected.json'), 'utf8'))
  return { source, folder, given, expected }
}

/** Loads the fixture into an empty workspace and takes every total that it expects. */
export async function runFixture({ source, folder, given, expected }: Fixture): Promise<FixtureRun> {
  const logs = join(folder, 'home')
  const deleted = given.deleted_after_first_read
  const paths = given.paths?.map((path) => join(logs, path))
  const sources = paths === undefined ? null : [{ source, enabled: true, paths }]
  const { ctx, events, home } = createWorkspace({
    ...(deleted ? {} : { home: logs }),
    change: (config) => ({ ...config, timezone: given.timezone ?? 'UTC', sources }),
  })
  if (deleted) cpSync(logs, home, { recursive: true })
  await runSync(ctx)
  if (deleted) {
    for (const file of deleted) rmSync(join(home, '.claude', 'projects', file))
    await runSync(ctx)
  }
  const marts = await openDatabase(ctx.config.paths.warehouse, { readOnly: true })
  const totals: Record<string, unknown> = {}
  for (const [key, value] of Object.entries(expected))
    totals[key] =
      key === 'line_types'
        ? await readLineTypes(ctx.config.paths.ledger)
        : await readTotal(key, value, (sql) => marts.rows(sql))
  marts.close()
  return { totals, failures: events.filter(({ action }) => action === 'fail') }
}

type Query = (sql: string) => Promise<Row[]>

async function readTotal(key: string, expected: unknown, query: Query): Promise<unknown> {
  if (key === 'sessions_by_id') return readSessions(expected as SessionTotals, query)
  if (key in lists) return (await query(lists[key]!)).map(({ item }) => item)
  if (key in groups) return asObject(await query(groups[key]!))
  const sql = numbers[key]
  if (sql === undefined) throw new Error(`expected.json names ${key}, which no reader knows`)
  const [row] = await query(sql)
  return Object.values(row!)[0]
}

type SessionTotals = Readonly<Record<string, Readonly<Record<string, unknown>>>>

/** Of every session that was loaded, the measures that are expected of it. */
async function readSessions(expected: SessionTotals, query: Query): Promise<unknown> {
  const measures = [...new Set(Object.values(expected).flatMap(Object.keys))]
  const columns = measures.map((measure) => `${sessionMeasures[measure] ?? measure} as ${measure}`)
  const rows = await query(`select session_id, ${columns.join(', ')} from sessions`)
  return Object.fromEntries(
    rows.map(({ session_id, ...all }) => {
      const named = Object.keys(expected[String(session_id)] ?? all)
      return [session_id, Object.fromEntries(named.map((measure) => [measure, all[measure]]))]
    }),
  )
}

async function readLineTypes(ledger: string): Promise<unknown> {
  return asObject(
    await queryFile(
      ledger,
      'select line_type as key, sum(line_count) as measure from raw.line_types group by key',
    ),
  )
}

function asObject(rows: readonly Row[]): unknown {
  return Object.fromEntries(rows.map(({ key, measure }) => [key, measure]))
}
