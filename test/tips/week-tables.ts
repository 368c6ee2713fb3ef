// Marts filled by hand for one week, so that a rule's SQL can be judged on rows that a test names.

import { type Measure, readMeasure } from '../../pipeline/tips/measure.js'
import type { Database } from '../../pipeline/warehouse/db.js'
import { readSql } from '../../pipeline/warehouse/read-sql.js'

/** A row of a mart: the columns that matter; the rest are null. */
export type MartRow = Readonly<Record<string, string | number | boolean | null>>

/** The mart of each list of rows; `sessions` that other rows name are added by themselves. */
export type WeekTables = Readonly<Record<string, readonly MartRow[]>>

export const periodSql = `select 'weekly' as period_kind, '2026-W07' as period, date '2026-02-09' as period_start,
  date '2026-02-16' as period_end, timestamp '2026-02-09' as starts_at, timestamp '2026-02-16' as ends_at,
  '2026-W06' as previous_period, date '2026-02-02' as previous_start, date '2026-02-09' as previous_end,
  1 as first_weekday, false as is_so_far, timestamp '2026-02-16' as as_of`

/** So many rows, each with the number of its place. */
export function times(count: number, row: (i: number) => MartRow): MartRow[] {
  return Array.from({ length: count }, (_, i) => row(i))
}

/** What the rule measures over these tables, which are gone again afterwards. */
export async function measureTables(db: Database, rule: string, tables: WeekTables): Promise<Measure | null> {
  await db.run('begin')
  try {
    for (const [table, rows] of Object.entries(withSessions(tables))) await insertRows(db, table, rows)
    const [row] = await db.rows(readSql('tips', rule))
    return row === undefined ? null : readMeasure(rule, row)
  } finally {
    await db.run('rollback')
  }
}

const usual: Readonly<Record<string, MartRow>> = {
  sessions: {
    is_subagent: false,
    is_extraction: false,
    local_date: '2026-02-10',
    source: 'claude-code',
    prompt_count: 3,
    correction_count: 0,
    interruption_count: 0,
    tool_call_count: 20,
    files_touched_count: 1,
    compaction_count: 0,
    completion_status: 'completed',
    ending: 'completed',
  },
  tool_calls: {
    source: 'claude-code',
    local_date: '2026-02-10',
    is_error: false,
    is_delegation: false,
    is_commit: false,
    is_test_run: false,
    is_retry: false,
    is_subagent: false,
  },
  llm_calls: {
    source: 'claude-code',
    local_date: '2026-02-10',
    is_subagent: false,
    model: 'claude-a',
    output_tokens: 0,
  },
  prompts: {
    local_date: '2026-02-10',
    local_hour: 10,
    is_abandoned: false,
    is_correction: false,
    prompt_source: 'typed',
  },
  session_days: {
    local_date: '2026-02-10',
    is_subagent: false,
    is_extraction: false,
    correction_count: 0,
    interruption_count: 0,
  },
  file_edits: { local_date: '2026-02-10' },
}
const ids: Readonly<Record<string, string>> = {
  tool_calls: 'tool_call_id',
  llm_calls: 'llm_call_id',
  prompts: 'prompt_id',
}

function withSessions(tables: WeekTables): WeekTables {
  const given = new Set((tables.sessions ?? []).map((row) => row.session_id))
  const named = new Set(Object.values(tables).flatMap((rows) => rows.map((row) => row.session_id ?? 's1')))
  const added = [...named].filter((id) => !given.has(id)).map((session_id) => ({ session_id }))
  return { ...tables, sessions: [...(tables.sessions ?? []), ...added] }
}

async function insertRows(db: Database, table: string, rows: readonly MartRow[]): Promise<void> {
  const id = ids[table]
  const minute = (i: number) =>
    `2026-02-10 08:${String(Math.floor(i / 60) % 60).padStart(2, '0')}:${String(i % 60).padStart(2, '0')}`
  const instants: Readonly<Record<string, string>> = {
    tool_calls: 'called_at',
    llm_calls: 'called_at',
    prompts: 'prompted_at',
  }
  const full = rows.map((row, i) => ({
    session_id: 's1',
    ...usual[table],
    ...(id ? { [id]: `${table}-${String(i).padStart(5, '0')}` } : {}),
    ...(instants[table] ? { [instants[table]!]: minute(i) } : {}),
    ...row,
  }))
  for (const row of full) {
    const names = Object.keys(row)
    const values = names.map((_, i) => `$${i + 1}`).join(', ')
    await db.run(`insert into marts.${table} (${names.join(', ')}) values (${values})`, Object.values(row))
  }
}
