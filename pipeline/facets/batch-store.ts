// state.batch_requests: which sessions were handed in together, so that a later run collects what was paid for.
import { type Database, inTransaction } from '../warehouse/db.js'

export interface BatchRequest {
  readonly request_id: string
  readonly session_id: string
  readonly provider: string
  readonly model: string
  readonly prompt_version: number
  readonly content_sha256: string
}

export interface NewBatchRequest extends BatchRequest {
  /** Counts against the budget until it is collected; a decimal, null where not known. */
  readonly expected_cost_usd: string | null
}

export interface OpenBatch {
  readonly batch_id: string
  readonly submitted_at: string
  readonly requests: readonly BatchRequest[]
}

/** A batch whose id is not known yet: it is being handed in, or was when a run was cut off. */
const unnamed = 'unnamed'

/** Before the batch is handed in: a crash in between leaves rows that say so. */
export async function recordHandIn(
  db: Database,
  requests: readonly NewBatchRequest[],
  at: Date,
): Promise<void> {
  await inTransaction(db, async () => {
    for (const row of requests)
      await db.run(
        `insert into state.batch_requests
           (batch_id, request_id, session_id, provider, model, prompt_version, content_sha256, submitted_at,
            expected_cost_usd)
         values (?, ?, ?, ?, ?, ?, ?, ?::timestamp, cast(? as decimal(18, 6)))`,
        [
          unnamed,
          row.request_id,
          row.session_id,
          row.provider,
          row.model,
          row.prompt_version,
          row.content_sha256,
          at.toISOString(),
          row.expected_cost_usd,
        ],
      )
  })
}

export async function nameBatch(db: Database, batchId: string): Promise<void> {
  await db.run('update state.batch_requests set batch_id = ? where batch_id = ?', [batchId, unnamed])
}

/** What was not handed in after all, or nobody knows whether it was; returns how many requests. */
export async function dropUnnamed(db: Database): Promise<number> {
  const rows = await db.rows('select 1 from state.batch_requests where batch_id = ?', [unnamed])
  if (rows.length > 0) await db.run('delete from state.batch_requests where batch_id = ?', [unnamed])
  return rows.length
}

export async function openBatches(db: Database, provider: string): Promise<OpenBatch[]> {
  const rows = await db.rows<BatchRequest & { batch_id: string; submitted_at: string }>(
    `select batch_id, request_id, session_id, provider, model, prompt_version, content_sha256, submitted_at
     from state.batch_requests where collected_at is null and provider = ? and batch_id <> ?
     order by submitted_at, batch_id, request_id`,
    [provider, unnamed],
  )
  const ids = [...new Set(rows.map(({ batch_id }) => batch_id))]
  return ids.map((batch_id) => {
    const requests = rows.filter((row) => row.batch_id === batch_id)
    return { batch_id, submitted_at: requests[0]?.submitted_at ?? '', requests }
  })
}

export async function closeRequest(
  db: Database,
  batchId: string,
  requestId: string,
  at: Date,
): Promise<void> {
  await db.run(
    'update state.batch_requests set collected_at = ?::timestamp where batch_id = ? and request_id = ?',
    [at.toISOString(), batchId, requestId],
  )
}
