// The price table as it applies: the seeds, the user's own prices over them, and one digest of it all.
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { Config, PriceSpec } from '../config.js'
import { UserError } from '../errors.js'
import { type Database, sqlText } from './db.js'
import { seedFile } from './read-sql.js'

/** The seeds that say what things cost, with the types of their columns. */
export const priceSeeds = {
  model_prices: `model: 'varchar', effective_from: 'date', input: 'decimal(18, 6)', output: 'decimal(18, 6)',
    cache_write_5m: 'decimal(18, 6)', cache_write_1h: 'decimal(18, 6)', cache_read: 'decimal(18, 6)',
    long_threshold_tokens: 'bigint', long_input: 'decimal(18, 6)', long_output: 'decimal(18, 6)',
    fast_multiplier: 'decimal(9, 3)'`,
  inference_regions: `inference_geo: 'varchar', multiplier: 'decimal(9, 3)'`,
  server_tools: `server_tool: 'varchar', usd_per_use: 'decimal(18, 6)'`,
} as const

/** SHA-256 of every price there is: equal digests price equal calls equally. */
export function priceDigest({ prices }: Pick<Config, 'prices'>): string {
  const hash = createHash('sha256')
  for (const name of Object.keys(priceSeeds)) hash.update(readFileSync(seedFile(name)))
  return hash.update(JSON.stringify(prices)).digest('hex')
}

/** Fills the tables of `priceSeeds` in `scratch.seeds`; `price_key` of sql/macros.sql must be there. */
export async function loadPrices(db: Database, { prices, configFile }: Config): Promise<void> {
  for (const [name, columns] of Object.entries(priceSeeds)) {
    const file = sqlText(seedFile(name))
    await db.run(`create table scratch.seeds.${name} as
      from read_csv(${file}, header = true, columns = {${columns}})`)
  }
  await db.run('alter table scratch.seeds.model_prices add column is_own boolean default false')
  for (const price of prices) await dropOverruled(db, price)
  for (const price of prices) await insertOwn(db, price)
  await refuseRepeated(db, configFile)
}

/** A user's price holds from its date on, whatever the seeds say of that model for later. */
async function dropOverruled(db: Database, { model, from }: PriceSpec): Promise<void> {
  const later = from === null ? 'true' : `effective_from >= date ${sqlText(from)}`
  await db.run(`delete from scratch.seeds.model_prices
    where price_key(model) = price_key(${sqlText(model)}) and ${later}`)
}

async function insertOwn(db: Database, price: PriceSpec): Promise<void> {
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
  await db.run(`insert into scratch.seeds.model_prices
    values (${sqlText(price.model)}, ${from}, ${values.join(', ')}, true)`)
}

async function refuseRepeated(db: Database, configFile: string | null): Promise<void> {
  const [repeated] = await db.rows<{ models: string; date: string | null }>(
    `select string_agg(model, ' and ' order by model) as models, any_value(effective_from) as date
     from scratch.seeds.model_prices where is_own
     group by price_key(model), effective_from having count(*) > 1 order by models limit 1`,
  )
  if (!repeated) return
  const { models, date } = repeated
  throw new UserError(
    `${configFile ?? 'prices'}: expected one price for a model and date, got two: ${models}, from ${date ?? 'the beginning'}`,
    'Remove one of them under prices, or give it another date in `from`.',
  )
}
