// How many sessions have facets, and what was spent on models this month, read from the finished warehouse.
import { existsSync } from 'node:fs'
import type { Config } from '../config.js'
import { type Coverage, type CoverageRow, coverageOf, type Spending } from '../coverage.js'
import { localDate } from '../period.js'
import { type Database, openDatabase } from './db.js'

export interface FacetStanding {
  readonly coverage: Coverage
  /** Of the month in which `now` lies, by provider. */
  readonly spending: readonly Spending[]
}

export async function readFacetStanding(config: Config, now: Date): Promise<FacetStanding> {
  if (!existsSync(config.paths.warehouse)) return { coverage: coverageOf([]), spending: [] }
  const db = await openDatabase(config.paths.warehouse, { readOnly: true })
  try {
    const month = localDate(now, config.timezone).slice(0, 7)
    const spending = await db.rows<Spending>(spendingSql, [month])
    return { coverage: await readCoverage(db), spending }
  } finally {
    db.close()
  }
}

export async function readCoverage(db: Database): Promise<Coverage> {
  return coverageOf(
    await db.rows<CoverageRow>(`
      select ineligible_reason, extractor, asked_extractor, stand_in_reason, count(*) as session_count,
        cast(sum(evidence_count) as bigint) as evidence_count,
        cast(sum(verified_evidence_count) as bigint) as verified_evidence_count
      from marts.facet_coverage group by all order by all`),
  )
}

const spendingSql = `
  select month, provider,
    count(*) as request_count,
    count(distinct subject) filter (where purpose in ('facets', 'summary', 'repair')) as session_count,
    cast(coalesce(sum(coalesce(input_tokens, 0) + coalesce(output_tokens, 0) + coalesce(cache_read_tokens, 0)
      + coalesce(cache_write_tokens, 0)), 0) as bigint) as total_tokens,
    coalesce(sum(cost_usd), 0) as cost_usd,
    count(*) filter (where cost_usd is null) as unpriced_count
  from marts.model_requests
  where month = ?
  group by all
  order by all`
