// Loads the facts kept by hand (sql/seeds) and what the configuration adds to them.
import type { Config } from '../config.js'
import { type Database, sqlHomeAsTilde, sqlText } from './db.js'
import { loadPrices, priceDigest } from './price-table.js'
import { seedFile } from './read-sql.js'

/** Seeds that are loaded as they stand, every column a text. */
export const textSeeds = [
  'tool_kinds',
  'line_types',
  'known_undercounts',
  'session_tags',
  'growth_metrics',
] as const

/** Fills the schema `scratch.seeds`. */
export async function loadSeeds(db: Database, config: Config): Promise<void> {
  const { user, machine, timezone, week_starts_on, privacy, facets } = config
  await db.run(`
    create table scratch.seeds.settings as select ${sqlText(user)} as user_id, ${sqlText(machine)} as machine_id,
      ${sqlText(timezone)} as timezone, ${sqlText(week_starts_on)} as week_starts_on,
      ${privacy.redact_paths} as redact_paths, ${facets.min_prompts}::integer as min_prompts,
      ${sqlText(priceDigest(config))} as price_digest;
    ${textSeeds.map(textSeedSql).join('')}`)
  await loadPrices(db, config)
}

function textSeedSql(table: string): string {
  return `create table scratch.seeds.${table} as
    from read_csv(${sqlText(seedFile(table))}, header = true, all_varchar = true, nullstr = '');\n`
}

/** This machine's home becomes ~ wherever it lies, and so do homes at the usual places. */
export function shortenedPathMacro({ privacy, home }: Config): string {
  const shortened = privacy.redact_paths ? sqlHomeAsTilde('path', home, 'without_home(path)') : 'path'
  return `create or replace temp macro shortened_path(path) as ${shortened}`
}
