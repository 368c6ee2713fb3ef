// Loads the facts kept by hand (sql/seeds) and what the configuration adds to them.
import { join } from 'node:path'
import type { Config } from '../config.js'
import { type Database, sqlHomeAsTilde, sqlText } from './db.js'
import { sqlRoot } from './read-sql.js'

/** Fills the schema `scratch.seeds`; a user's price replaces the seed's of the same model and date. */
export async function loadSeeds(db: Database, config: Config): Promise<void> {
  const { user, machine, timezone, week_starts_on, privacy, prices } = config
  const prices_csv = sqlText(join(sqlRoot, 'seeds', 'model_prices.csv'))
  await db.run(`
    create table scratch.seeds.settings as select ${sqlText(user)} as user_id, ${sqlText(machine)} as machine_id,
      ${sqlText(timezone)} as timezone, ${sqlText(week_starts_on)} as week_starts_on,
      ${privacy.redact_paths} as redact_paths;
    create table scratch.seeds.tool_kinds as
      from read_csv(${sqlText(join(sqlRoot, 'seeds', 'tool_kinds.csv'))}, header = true, all_varchar = true);
    create table scratch.seeds.model_prices as from read_csv(${prices_csv}, header = true, columns = {
      model: 'varchar', effective_from: 'date', input: 'decimal(18, 6)', output: 'decimal(18, 6)',
      cache_write_5m: 'decimal(18, 6)', cache_write_1h: 'decimal(18, 6)', cache_read: 'decimal(18, 6)',
      long_threshold_tokens: 'bigint', long_input: 'decimal(18, 6)', long_output: 'decimal(18, 6)',
      fast_multiplier: 'decimal(9, 3)'})`)
  for (const price of prices) {
    const from = price.from === null ? 'null' : `date ${sqlText(price.from)}`
    const values = [
      price.input,
      price.output,
      price.cache_write_5m,
      price.cache_write_1h,
      price.cache_read,
      price.long_threshold_tokens,
      price.long_input,
      price.long_output,
      price.fast_multiplier,
    ].map((value) => value ?? 'null')
    await db.run(`
      delete from scratch.seeds.model_prices
        where model = ${sqlText(price.model)} and effective_from is not distinct from ${from};
      insert into scratch.seeds.model_prices values (${sqlText(price.model)}, ${from}, ${values.join(', ')})`)
  }
}

/** This machine's home becomes ~ wherever it lies, and so do homes at the usual places. */
export function shortenedPathMacro({ privacy, home }: Config): string {
  const shortened = privacy.redact_paths ? sqlHomeAsTilde('path', home, 'without_home(path)') : 'path'
  return `create or replace temp macro shortened_path(path) as ${shortened}`
}
