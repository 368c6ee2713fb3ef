// What things cost and what has no price: the table as it applies, and the models of the ledger that it lacks.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { type Database, openDatabase } from './db.js'
import { loadPrices, priceDigest } from './price-table.js'
import { readSql } from './read-sql.js'

/** USD per million tokens. */
export interface Rates {
  readonly input: number
  readonly output: number
  readonly cache_write_5m: number
  readonly cache_write_1h: number
  readonly cache_read: number
}

export interface ModelPrice extends Rates {
  readonly model: string
  /** Null: from the beginning. */
  readonly effective_from: string | null
  /** From the user's configuration. */
  readonly is_own: boolean
  readonly long_threshold_tokens: number | null
  /** What the whole request costs above the threshold; null without one. */
  readonly long: Rates | null
  readonly fast_multiplier: number | null
}

export interface UnpricedModel {
  readonly model: string
  readonly call_count: number
  readonly total_tokens: number
}

export interface PriceList {
  readonly digest: string
  readonly models: readonly ModelPrice[]
  readonly regions: readonly { readonly inference_geo: string; readonly multiplier: number }[]
  readonly server_tools: readonly { readonly server_tool: string; readonly usd_per_use: number }[]
  /** Null where nothing is loaded yet. */
  readonly unpriced: readonly UnpricedModel[] | null
  /** Whether the loaded costs are of these prices; null where nothing is loaded. */
  readonly is_applied: boolean | null
}

/** Reads the seeds and the configuration, and of the warehouse, where there is one, what they do not price. */
export async function readPriceList(config: Config): Promise<PriceList> {
  const digest = priceDigest(config)
  return { digest, ...(await readTable(config)), ...(await readLoaded(config, digest)) }
}

async function readTable(config: Config): Promise<Pick<PriceList, 'models' | 'regions' | 'server_tools'>> {
  return withPriceTable(config, async (db) => ({
    models: await readModelPrices(db),
    regions: await db.rows('select * from seeds.inference_regions order by multiplier desc, inference_geo'),
    server_tools: await db.rows('select * from seeds.server_tools order by server_tool'),
  }))
}

/** Runs `work` over a database that holds nothing but the price table, as seeds. */
export async function withPriceTable<T>(config: Config, work: (db: Database) => Promise<T>): Promise<T> {
  const db = await openDatabase(':memory:')
  try {
    await db.run(`attach ':memory:' as scratch; create schema scratch.seeds; use scratch`)
    await db.run(readSql('macros'))
    await loadPrices(db, config)
    return await work(db)
  } finally {
    db.close()
  }
}

const rateNames = ['input', 'output', 'cache_write_5m', 'cache_write_1h', 'cache_read'] as const
type StoredRow = Omit<ModelPrice, 'long'> & Record<`long_${keyof Rates}`, number>

/** Own prices first; rates that the table leaves out are those that calls are priced with. */
async function readModelPrices(db: Database): Promise<ModelPrice[]> {
  const rates = rateNames.flatMap((name) => [name, `long_${name}`] as const)
  const rows = await db.rows<StoredRow>(`
    select price_model as model, nullif(effective_from, date '1970-01-01') as effective_from, is_own,
      ${rates.map((name) => `${name}_rate / 1000000 as ${name}`).join(', ')},
      long_threshold_tokens, fast_thousandths / 1000 as fast_multiplier
    from (${readSql('staging', 'model_prices')}) as prices
    order by not is_own, model_key, effective_from nulls first`)
  return rows.map((row) => ({
    model: row.model,
    effective_from: row.effective_from,
    is_own: row.is_own,
    ...ratesOf(row, ''),
    long_threshold_tokens: row.long_threshold_tokens,
    long: row.long_threshold_tokens === null ? null : ratesOf(row, 'long_'),
    fast_multiplier: row.fast_multiplier,
  }))
}

function ratesOf(row: StoredRow, prefix: '' | 'long_'): Rates {
  return {
    input: row[`${prefix}input`],
    output: row[`${prefix}output`],
    cache_write_5m: row[`${prefix}cache_write_5m`],
    cache_write_1h: row[`${prefix}cache_write_1h`],
    cache_read: row[`${prefix}cache_read`],
  }
}

async function readLoaded(
  { paths }: Config,
  digest: string,
): Promise<Pick<PriceList, 'unpriced' | 'is_applied'>> {
  if (!existsSync(paths.warehouse)) return { unpriced: null, is_applied: null }
  const db = await openDatabase(paths.warehouse, { readOnly: true })
  try {
    const unpriced = await db.rows<UnpricedModel>(`
      select coalesce(model, '(no model)') as model, count(*) as call_count,
        sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
          + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)) as total_tokens
      from marts.llm_calls where cost_usd is null
      group by model order by total_tokens desc, model`)
    return { unpriced, is_applied: (await readPriceDigest(db)) === digest }
  } finally {
    db.close()
  }
}

/** The digest of the prices that an open warehouse was built with; null where it does not say. */
export async function readPriceDigest(warehouse: Database): Promise<string | null> {
  const [row] = await warehouse.rows<{ fingerprint: string }>(
    `select fingerprint from internal.fingerprints where input = 'seeds.model_prices'`,
  )
  return row?.fingerprint ?? null
}
