// A period freezes at its first report after its end: its figures stay as they were first told.
import type { Config } from '../config.js'
import { type Database, inTransaction, sqlText } from '../warehouse/db.js'
import { sqlMidnightUtc } from '../warehouse/period-table.js'
import { isEmpty } from './figures.js'
import type { RenderedReport } from './render.js'

/**
 * Records a complete period that has sessions, once; later calls change nothing. With it goes what each session came
 * to, by which sql/marts/restatements.sql explains a later difference; it measures as this does.
 */
export async function freezePeriod(
  config: Config,
  ledger: Database,
  report: RenderedReport,
  now: Date,
): Promise<void> {
  if (isEmpty(report.figures) || (await isFrozen(ledger, report))) return
  await ledger.run(`attach ${sqlText(config.paths.warehouse)} as reported (read_only)`)
  try {
    await inTransaction(ledger, async () => {
      await insertPeriod(config, ledger, report, now)
      await insertSessions(ledger, report)
    })
  } finally {
    await ledger.run('detach reported')
  }
}

async function isFrozen(ledger: Database, { period }: RenderedReport): Promise<boolean> {
  const rows = await ledger.rows('select 1 from state.periods where period_kind = ? and period = ?', [
    period.kind,
    period.label,
  ])
  return rows.length > 0
}

async function insertPeriod(
  config: Config,
  ledger: Database,
  { period, figures, narrative }: RenderedReport,
  now: Date,
): Promise<void> {
  const { timezone } = config
  await ledger.run(
    `insert into state.periods by name
     select $1 as period_kind, $2 as period, $3::timestamp as frozen_at, $4 as figures, $5 as narrative,
       $6 as timezone, ${sqlMidnightUtc(period.startDate, timezone)} as starts_at,
       ${sqlMidnightUtc(period.endDate, timezone)} as ends_at,
       (select fingerprint from reported.internal.fingerprints where input = 'seeds.model_prices') as price_digest,
       (select max(file_id) from state.files) as last_file_id,
       (select max(loaded_at) from state.files) as files_read_at`,
    [period.kind, period.label, now.toISOString(), JSON.stringify(figures), narrative, timezone],
  )
}

async function insertSessions(ledger: Database, { period }: RenderedReport): Promise<void> {
  await ledger.run(
    `insert into state.period_sessions by name
     with span as (
       select period_kind, period, starts_at, ends_at from state.periods where period_kind = $1 and period = $2
     ),
     measured as (
       select session_id, called_at as measured_at, coalesce(cost_usd, 0) as cost_usd,
         coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
         + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0) as total_tokens,
         0 as prompt_count, 0 as tool_call_count
       from reported.marts.llm_calls
       union all select session_id, prompted_at, 0, 0, 1, 0 from reported.marts.prompts
       union all select session_id, called_at, 0, 0, 0, 1 from reported.marts.tool_calls
     ),
     logs as (
       select session_id, sum(size_bytes) as log_bytes, max(parser_version) as parser_version
       from (
         select session_id, file_id from raw.calls union select session_id, file_id from raw.prompts
       ) join state.files using (file_id)
       group by session_id
     )
     select span.period_kind, span.period, measured.session_id, sum(cost_usd) as cost_usd,
       sum(total_tokens) as total_tokens, sum(prompt_count) as prompt_count, sum(tool_call_count) as tool_call_count,
       coalesce(any_value(log_bytes), 0) as log_bytes, coalesce(any_value(parser_version), 0) as parser_version
     from span
     join measured on measured_at >= starts_at and measured_at < ends_at
     left join logs on logs.session_id = measured.session_id
     group by all`,
    [period.kind, period.label],
  )
}
