// state.facets: what was extracted before, and what is now.

import { stableJson } from '../stable-json.js'
import type { Database } from '../warehouse/db.js'
import { type Facets, facetsSchema } from './schema.js'

/** Why rules stand in for who was asked. */
export type StandInReason = 'refused' | 'unusable' | 'unavailable' | 'over_budget'

export interface StoredKey {
  readonly session_id: string
  readonly extractor: string
  readonly model: string | null
  readonly prompt_version: number
  /** Of what was judged; where it stands in for an answer, followed by / and a digest of who was asked what. */
  readonly content_sha256: string
  /** Null where that is the extractor. */
  readonly asked_extractor: string | null
  readonly stand_in_reason: StandInReason | null
}

export interface StoredFacets extends StoredKey {
  readonly extracted_at: Date
  readonly cost_usd: number | string
  readonly facets: Facets
}

const keyColumns = [
  'session_id',
  'extractor',
  'model',
  'prompt_version',
  'content_sha256',
  'asked_extractor',
  'stand_in_reason',
] as const satisfies readonly (keyof StoredKey)[]

export async function storedKeys(db: Database): Promise<Map<string, StoredKey>> {
  const rows = await db.rows<StoredKey>(`select ${keyColumns.join(', ')} from state.facets`)
  return new Map(rows.map((row) => [row.session_id, row]))
}

/** Writes all rows or none. */
export async function storeFacets(db: Database, rows: readonly StoredFacets[]): Promise<void> {
  if (rows.length === 0) return
  const tuple = '(?, ?, ?, ?, ?, ?, ?, cast(? as timestamp), cast(? as decimal(18, 6)), cast(? as json))'
  await db.run(
    `insert or replace into state.facets (${keyColumns.join(', ')}, extracted_at, cost_usd, facets)
      values ${rows.map(() => tuple).join(', ')}`,
    rows.flatMap((row) => [
      ...keyColumns.map((column) => row[column]),
      row.extracted_at.toISOString().replace('Z', ''),
      String(row.cost_usd),
      stableJson(row.facets),
    ]),
  )
}

/** Facets that stay, though who was asked now had no answer: why is remembered beside them. */
export async function recordNoAnswer(db: Database, key: StoredKey): Promise<void> {
  await db.run(
    'update state.facets set content_sha256 = ?, asked_extractor = ?, stand_in_reason = ? where session_id = ?',
    [key.content_sha256, key.asked_extractor, key.stand_in_reason, key.session_id],
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
