// Keeps what a run and a month cost within their limits: what was paid, and what may yet come of questions under way.
import { localDate } from '../period.js'
import type { Database } from '../warehouse/db.js'
import { LlmError } from './client.js'
import { microsOf, usdOf } from './costs.js'

export interface CostCaps {
  /** USD; null for no limit. */
  readonly run: number | null
  readonly month: number | null
}

export interface Budget {
  /** Sets aside what these requests are expected to cost; throws LlmError `over_budget` where that is too much. */
  reserve(expected: ReadonlyMap<string, bigint | null>): void
  /** Replaces what was set aside for a request by what it did cost; the run's limit counts only what this run asked. */
  settle(requestId: string, costMicros: bigint): void
  /** Counts an answer that was lost on the way. */
  lose(expectedMicros: bigint): void
}

export interface BudgetScope {
  readonly runId: string
  readonly timezone: string
  readonly now: Date
}

/** Reads what the ledger holds of this run and of this month, in the user's time zone. */
export async function openBudget(ledger: Database, caps: CostCaps, scope: BudgetScope): Promise<Budget> {
  const spent = await readSpent(ledger, scope)
  const pending = await readPending(ledger, scope)
  const reserved = new Map<string, bigint>()

  const paid = { run: spent.run, month: spent.month }
  const total = (span: 'run' | 'month') =>
    paid[span] + sum(reserved.values()) + (span === 'month' ? sum(pending.values()) : 0n)

  return {
    reserve: (expected) => {
      const more = sum([...expected.values()].map((micros) => micros ?? 0n))
      for (const span of ['run', 'month'] as const) {
        const cap = caps[span] === null ? null : microsOf(caps[span])
        const used = total(span)
        // Where nobody knows the price, the limit holds as soon as it is reached.
        if (cap !== null && (used + more > cap || (more === 0n && used > 0n && used >= cap)))
          throw overBudget(span, cap, used, more)
      }
      for (const [id, micros] of expected) reserved.set(id, micros ?? 0n)
    },
    settle: (requestId, costMicros) => {
      pending.delete(requestId)
      if (reserved.delete(requestId)) paid.run += costMicros
      paid.month += costMicros
    },
    lose: (expectedMicros) => {
      paid.run += expectedMicros
      paid.month += expectedMicros
    },
  }
}

function overBudget(span: 'run' | 'month', cap: bigint, used: bigint, more: bigint): LlmError {
  return new LlmError(
    'over_budget',
    `a ${span} may cost ${usdOf(cap)} USD (max_cost_usd.${span}); it has come to ${usdOf(used)}, ` +
      `and this might cost ${usdOf(more)}`,
  )
}

/** The local month of an instant that is kept in UTC. */
const isInMonth = (column: string) => `strftime(timezone($1, timezone('UTC', ${column})), '%Y-%m') = $2`

/** A batch was set against the limit of the run that submitted it, and is recorded by the run that collects it. */
async function readSpent(
  ledger: Database,
  { runId, timezone, now }: BudgetScope,
): Promise<{ run: bigint; month: bigint }> {
  const [row] = await ledger.rows<{ run: string; month: string }>(
    `select cast(coalesce(sum(cost_usd) filter (where run_id = $3 and not is_batch), 0) as varchar) as run,
       cast(coalesce(sum(cost_usd) filter (where ${isInMonth('requested_at')}), 0) as varchar) as month
     from state.model_requests`,
    [timezone, localDate(now, timezone).slice(0, 7), runId],
  )
  return { run: microsOf(row?.run ?? '0'), month: microsOf(row?.month ?? '0') }
}

/** Requests of earlier runs' batches that are paid for and not collected yet. */
async function readPending(ledger: Database, { timezone, now }: BudgetScope): Promise<Map<string, bigint>> {
  const rows = await ledger.rows<{ request_id: string; usd: string }>(
    `select request_id, cast(expected_cost_usd as varchar) as usd
     from state.batch_requests
     where collected_at is null and expected_cost_usd is not null and ${isInMonth('submitted_at')}
       and request_id not in (select request_id from state.model_requests)`,
    [timezone, localDate(now, timezone).slice(0, 7)],
  )
  return new Map(rows.map(({ request_id, usd }) => [request_id, microsOf(usd)]))
}

function sum(values: Iterable<bigint>): bigint {
  let total = 0n
  for (const value of values) total += value
  return total
}
