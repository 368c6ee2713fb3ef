// What a question to a model costs, in whole millionths of a USD, so that sums are exact.
import type { Config } from '../config.js'
import { withPriceTable } from '../warehouse/prices.js'
import { readSql } from '../warehouse/read-sql.js'
import type { LlmRequest, LlmUsage } from './client.js'
import { jsonSchemaOf } from './json-schema.js'

/** Picodollars a token, which are millionths of a USD per million tokens. */
export interface TokenRates {
  readonly input_rate: number
  readonly output_rate: number
  readonly cache_read_rate: number
  readonly cache_write_5m_rate: number
  readonly long_threshold_tokens: number | null
  readonly long_input_rate: number
  readonly long_output_rate: number
  readonly long_cache_read_rate: number
  readonly long_cache_write_5m_rate: number
}

const picosInMicro = 1_000_000n
const microsInUsd = 1_000_000n

/** As Anthropic gives it for English; other scripts have fewer letters a token, and more bytes a letter. */
const bytesPerToken = 3.5

/** The rates that hold for a model at an instant; null where the table does not know it. */
export async function readRates(config: Config, model: string, at: Date): Promise<TokenRates | null> {
  return withPriceTable(config, async (db) => {
    const [rates] = await db.rows<TokenRates>(
      `select * from (${readSql('staging', 'model_prices')}) as prices
       where model_key = price_key($1) and effective_from <= cast($2 as date)
       order by effective_from desc limit 1`,
      [model, at.toISOString().slice(0, 10)],
    )
    return rates ?? null
  })
}

/** In millionths of a USD, to the nearest; null where the provider does not say what was used. */
export function costOf(usage: LlmUsage, rates: TokenRates, isBatch: boolean): bigint | null {
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = usage
  if (inputTokens === null || outputTokens === null) return null
  const [read, written] = [cacheReadTokens ?? 0, cacheWriteTokens ?? 0]
  // The band is that of the whole request, not of what exceeds it.
  const isLong =
    rates.long_threshold_tokens !== null && inputTokens + read + written > rates.long_threshold_tokens
  const picos =
    product(inputTokens, isLong ? rates.long_input_rate : rates.input_rate) +
    product(outputTokens, isLong ? rates.long_output_rate : rates.output_rate) +
    product(read, isLong ? rates.long_cache_read_rate : rates.cache_read_rate) +
    product(written, isLong ? rates.long_cache_write_5m_rate : rates.cache_write_5m_rate)
  const unit = isBatch ? 2n * picosInMicro : picosInMicro
  return (picos + unit / 2n) / unit
}

function product(tokens: number, rate: number): bigint {
  return BigInt(tokens) * BigInt(rate)
}

/** How many tokens a request is likely to have, by its length and that of its schema. */
export function estimateInputTokens({ system, user, schema }: LlmRequest): number {
  const schemaText = schema === null ? '' : JSON.stringify(jsonSchemaOf(schema))
  const bytes = Buffer.byteLength(system) + Buffer.byteLength(user) + Buffer.byteLength(schemaText)
  return Math.ceil(bytes / bytesPerToken)
}

/** A decimal such as 0.0125 in millionths, to the nearest. */
export function microsOf(usd: string | number): bigint {
  const text = typeof usd === 'number' ? usd.toFixed(12) : usd
  const [whole = '0', fraction = ''] = text.split('.')
  const picos = BigInt(whole) * 10n ** 12n + BigInt(fraction.padEnd(12, '0').slice(0, 12))
  return (picos + picosInMicro / 2n) / picosInMicro
}

/** Millionths as the decimal that the ledger holds, such as 0.012500. */
export function usdOf(micros: bigint): string {
  return `${micros / microsInUsd}.${String(micros % microsInUsd).padStart(6, '0')}`
}
