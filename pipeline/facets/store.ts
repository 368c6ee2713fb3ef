// state.facets: what was extracted before, and what is now.

import { stableJson } from '../stable-json.js'
import type { Database } from '../warehouse/db.js'
import { type Facets, facetsSchema } from './schema.js'

export interface StoredKey {
  readonly session_id: string
  readonly extractor: string
  readonly model: string | null
  readonly prompt_version: number
  readonly content_sha256: string
}

export interface StoredFacets extends StoredKey {
  readonly extracted_at: Date
  readonly cost_usd: number | string
  readonly facets: Facets
}

export async function storedKeys(db: Database): Promise<Map<string, StoredKey>> {
  const rows = await db.rows<StoredKey>(
    'select session_id, extractor, model, prompt_version, content_sha256 from state.facets',
  )
  return new Map(rows.map((row) => [row.session_id, row]))
}

/** Writes all rows or none. */
export async function storeFacets(db: Database, rows: readonly StoredFacets[]): Promise<void> {
  if (rows.length === 0) return
  const tuples = rows.map((_row, i) => {
    const [id, extractor, model, version, sha256, at, cost, facets] = Array.from(
      { length: 8 },
      (_, j) => `$${i * 8 + j + 1}`,
    )
    return `(${id}, ${extractor}, ${model}, ${version}, ${sha256}, cast(${at} as timestamp), cast(${cost} as decimal(18, 6)), cast(${facets} as json))`
  })
  await db.run(
    `insert or replace into state.facets
      (session_id, extractor, model, prompt_version, content_sha256, extracted_at, cost_usd, facets)
      values ${tuples.join(', ')}`,
    rows.flatMap((row) => [
      row.session_id,
      row.extractor,
      row.model,
      row.prompt_version,
      row.content_sha256,
      row.extracted_at.toISOString().replace('Z', ''),
      String(row.cost_usd),
      stableJson(row.facets),
    ]),
  )
}

/** Rewrites the rows that `limit` changes, and drops those of a shape that it does not know; says how many. */
export async function limitStored(
  db: Database,
  limit: (facets: Facets, extractor: string) => Facets,
): Promise<number> {
  const rows = await db.rows<{ session_id: string; extractor: string; facets: string }>(
    'select session_id, extractor, cast(facets as varchar) as facets from state.facets order by session_id',
  )
  let changedCount = 0
  for (const row of rows) {
    const parsed = facetsSchema.safeParse(JSON.parse(row.facets))
    const limited = parsed.success ? stableJson(limit(parsed.data, row.extractor)) : null
    if (limited === row.facets) continue
    if (limited === null) await db.run('delete from state.facets where session_id = $1', [row.session_id])
    else
      await db.run('update state.facets set facets = cast($1 as json) where session_id = $2', [
        limited,
        row.session_id,
      ])
    changedCount += 1
  }
  return changedCount
}
