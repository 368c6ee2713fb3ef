// What the warehouse was built from, told by fingerprints of its inputs, so that only what changed is built again.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import { type Database, sqlText } from './db.js'
import { priceDigest, priceSeeds } from './price-table.js'
import { seedFile, sqlRoot } from './read-sql.js'
import { textSeeds } from './seeds.js'

/** What each input of the models looked like, by table; `models` and `removals` are no tables. */
export type Fingerprints = Readonly<Record<string, string>>

/** The journals `state.runs` and `state.deliveries` move with every command, so runs alone build nothing. */
export async function takeFingerprints(config: Config, ledger: Database): Promise<Fingerprints> {
  const [
    files,
    removals,
    facets,
    periods,
    deliveries,
    repositories,
    agentSettings,
    agentTotals,
    history,
    documents,
    tips,
    tipFeedback,
    tipEffects,
    targets,
    modelRequests,
  ] = await Promise.all(
    [
      `select count(*), max(loaded_at), sum(hash(file_id, size_bytes, modified_ms, parser_version, is_gone, read_error)) from state.files`,
      `select count(*) from state.removals`,
      `select count(*), sum(hash(session_id, content_sha256, prompt_version, extractor, extracted_at, asked_extractor, stand_in_reason, cost_usd, facets::varchar)) from state.facets`,
      `select count(*), sum(hash(period_kind, period, frozen_at, report_link, starts_at, ends_at, figures::varchar)) from state.periods`,
      `select count(*), sum(hash(delivery_id, status, remote_id, settled_at)) from state.deliveries`,
      `select count(*), sum(hash(working_directory, repository_root)) from state.repositories`,
      `select count(*), sum(hash(source, place, cleanup_days, totals_from, totals_until)) from state.agent_settings`,
      `select count(*), sum(hash(source, place, local_date, measure, model, amount)) from state.agent_totals`,
      `select count(*), sum(hash(source, place, quarter_at, project, session_id, prompt_count)) from state.prompt_history`,
      `select count(*), sum(hash(source, place, document_id, session_id, path, title, pending_count, in_progress_count, completed_count, modified_ms)) from state.session_documents`,
      `select count(*), sum(hash(tip_id, generated_at, observation, metric_value, metric_values::varchar, session_ids::varchar, extractor)) from state.tips`,
      `select count(*), sum(hash(tip_id, feedback, given_at)) from state.tip_feedback`,
      `select count(*), sum(hash(tip_id, period, metric_before, metric_after, metric_latest, sample_count)) from state.tip_effects`,
      `select count(*), sum(hash(target_id, target_rank, baseline_value, target_value, reference_period, made_at)) from state.targets`,
      `select count(*), sum(hash(request_id, subject, status, cost_usd)) from state.model_requests`,
    ].map(async (sql) => JSON.stringify(await ledger.rows(sql))),
  )
  const { user, machine, timezone, week_starts_on, privacy, facets: extraction, home } = config
  const redact = privacy.redact_paths ? home : null
  const settings = JSON.stringify({
    user,
    machine,
    timezone,
    week_starts_on,
    redact,
    content: privacy.content,
    min_prompts: extraction.min_prompts,
  })
  const rawTables = await ledger.rows<{ table_name: string }>(
    `select table_name from duckdb_tables() where database_name = 'ledger' and schema_name = 'raw'`,
  )
  return {
    ...Object.fromEntries(rawTables.map(({ table_name }) => [`raw.${table_name}`, files])),
    'state.files': files!,
    removals: removals!,
    'state.facets': facets!,
    'state.periods': periods!,
    'state.period_sessions': periods!, // Written together, and never apart.
    'state.deliveries': deliveries!,
    'state.repositories': repositories!,
    'state.agent_settings': agentSettings!,
    'state.agent_totals': agentTotals!,
    'state.prompt_history': history!,
    'state.session_documents': documents!,
    'state.tips': tips!,
    'state.tip_feedback': tipFeedback!,
    'state.tip_effects': tipEffects!,
    'state.targets': targets!,
    'state.model_requests': modelRequests!,
    'seeds.settings': settings,
    ...Object.fromEntries(Object.keys(priceSeeds).map((seed) => [`seeds.${seed}`, priceDigest(config)])),
    ...Object.fromEntries(textSeeds.map((seed) => [`seeds.${seed}`, digest(readFileSync(seedFile(seed)))])),
    models: modelsDigest(),
  }
}

/** Names the SQL of this version. */
export function modelsDigest(): string {
  return digest(...sqlFiles())
}

function sqlFiles(): string[] {
  return readdirSync(sqlRoot, { recursive: true, encoding: 'utf8' })
    .filter((file) => /^(staging|intermediate|marts|checks)[\\/].*\.sql$|^macros\.sql$/.test(file))
    .sort()
    .map((file) => `${file}\n${readFileSync(join(sqlRoot, file), 'utf8')}`)
}

function digest(...parts: readonly unknown[]): string {
  const hash = createHash('sha256')
  for (const part of parts)
    hash.update(Buffer.isBuffer(part) || typeof part === 'string' ? part : JSON.stringify(part))
  return hash.digest('hex')
}

/** The fingerprints of the warehouse in place; null where there is none that can be read. */
export async function readFingerprints(ledger: Database, warehouse: string): Promise<Fingerprints | null> {
  if (!existsSync(warehouse)) return null
  try {
    await ledger.run(`attach ${sqlText(warehouse)} as built (read_only)`)
    const rows = await ledger.rows<{ input: string; fingerprint: string }>(
      'select * from built.internal.fingerprints',
    )
    return Object.fromEntries(rows.map(({ input, fingerprint }) => [input, fingerprint]))
  } catch {
    return null
  } finally {
    await ledger.run('detach database if exists built')
  }
}

export async function recordFingerprints(db: Database, fingerprints: Fingerprints): Promise<void> {
  const rows = Object.entries(fingerprints).map(([input, value]) => `(${sqlText(input)}, ${sqlText(value)})`)
  await db.run(`delete from warehouse.internal.fingerprints;
    insert into warehouse.internal.fingerprints values ${rows.sort().join(', ')}`)
}
