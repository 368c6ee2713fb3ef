// state.model_requests: every request that was answered, or may have been, with what it used and cost.
import type { Database } from '../warehouse/db.js'
import type { LlmMatter, LlmUsage } from './client.js'

export interface ModelRequest extends LlmMatter {
  readonly request_id: string
  readonly run_id: string
  readonly provider: string
  readonly model: string
  readonly is_batch: boolean
  readonly requested_at: Date
  readonly status: string
  readonly usage: LlmUsage
  /** A decimal. */
  readonly cost_usd: string | null
}

export async function insertRequest(ledger: Database, request: ModelRequest): Promise<void> {
  const { usage } = request
  await ledger.run(
    `insert into state.model_requests (request_id, run_id, purpose, subject, provider, model, is_batch, requested_at, status,
       input_tokens, output_tokens, cache_read_tokens, cache_write_tokens, cost_usd)
     values ($1, $2, $3, $4, $5, $6, $7, cast($8 as timestamp), $9, $10, $11, $12, $13, cast($14 as decimal(18, 6)))`,
    [
      request.request_id,
      request.run_id,
      request.purpose,
      request.subject,
      request.provider,
      request.model,
      request.is_batch,
      request.requested_at.toISOString().replace('Z', ''),
      request.status,
      usage.inputTokens,
      usage.outputTokens,
      usage.cacheReadTokens,
      usage.cacheWriteTokens,
      request.cost_usd,
    ],
  )
}

/** Batch answers may be collected twice, where the run that did so was cut off. */
export async function isRecorded(ledger: Database, requestId: string): Promise<boolean> {
  const rows = await ledger.rows('select 1 from state.model_requests where request_id = $1', [requestId])
  return rows.length > 0
}
