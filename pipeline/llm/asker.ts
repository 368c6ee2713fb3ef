// A client whose every request is kept within the budget, priced, and recorded in the ledger before its answer is used.
import { randomUUID } from 'node:crypto'
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import type { Database } from '../warehouse/db.js'
import { type Budget, type CostCaps, openBudget } from './budget.js'
import {
  type Asker,
  type LlmAnswer,
  type LlmBatches,
  type LlmClient,
  LlmError,
  type LlmMatter,
  type LlmRequest,
  type PricedAnswer,
} from './client.js'
import { usdOf } from './costs.js'
import { openPricer, type Pricer } from './pricer.js'
import { insertRequest, isRecorded } from './requests.js'

export interface AskerContext extends StageContext<Config> {
  readonly run: { readonly id: string }
}

interface Room {
  readonly client: LlmClient
  readonly ledger: Database
  readonly ctx: AskerContext
  readonly budget: Budget
  readonly pricer: Pricer
}

/** The ledger must stay open, and be in no transaction that may be rolled back, as long as the asker is used. */
export async function openAsker(
  client: LlmClient,
  ledger: Database,
  ctx: AskerContext,
  caps: CostCaps,
): Promise<Asker> {
  const scope = { runId: ctx.run.id, timezone: ctx.config.timezone, now: ctx.now() }
  const budget = await openBudget(ledger, caps, scope)
  const pricer = await openPricer(client, ledger, ctx)
  const room: Room = { client, ledger, ctx, budget, pricer }
  return {
    name: client.name,
    model: client.model,
    ask: (request, matter) => ask(room, request, matter),
    estimateCostUsd: (request, purpose, isBatch = false) =>
      usdOrNull(pricer.estimate(request, purpose, isBatch)),
    batches: client.batches === null ? null : withinBudget(client.batches, room),
    settle: async (requestId, matter, outcome) => {
      // Recorded before: its cost is among what the budget began with.
      const isKnown = await isRecorded(ledger, requestId)
      return isKnown ? reprice(room, matter, outcome) : record(room, requestId, matter, outcome, true)
    },
  }
}

async function ask(room: Room, request: LlmRequest, matter: LlmMatter): Promise<PricedAnswer> {
  const { client, budget, pricer } = room
  const requestId = randomUUID()
  const expected = pricer.estimate(request, matter.purpose, false)
  budget.reserve(new Map([[requestId, expected]]))
  let lostCount = 0
  const outcome = await client.ask(request, () => void lostCount++).catch(llmErrorOf)
  for (let i = 0; i < lostCount; i += 1) {
    // What was lost may be billed: the budget counts it as expected, the ledger only that it was.
    await insert(room, randomUUID(), matter, lost(client.model))
    budget.lose(expected ?? 0n)
  }
  return record(room, requestId, matter, outcome, false)
}

/** Writes down what was used, and only then hands the answer on. */
async function record(
  room: Room,
  requestId: string,
  matter: LlmMatter,
  outcome: LlmAnswer | LlmError,
  isBatch: boolean,
): Promise<PricedAnswer> {
  const billed = outcome instanceof LlmError ? outcome.billed : outcome
  const costMicros = billed && (await room.pricer.price(billed, matter.purpose, isBatch))
  const status = outcome instanceof LlmError ? outcome.failure : 'answered'
  if (billed) await insert(room, requestId, matter, { ...billed, status, isBatch, costMicros })
  room.budget.settle(requestId, costMicros ?? 0n)
  if (outcome instanceof LlmError) throw outcome
  return { text: outcome.text, costUsd: usdOrNull(costMicros) }
}

async function reprice(
  { pricer }: Room,
  { purpose }: LlmMatter,
  outcome: LlmAnswer | LlmError,
): Promise<PricedAnswer> {
  if (outcome instanceof LlmError) throw outcome
  return { text: outcome.text, costUsd: usdOrNull(await pricer.price(outcome, purpose, true)) }
}

/** Batches are of facets alone. */
function withinBudget(batches: LlmBatches, { budget, pricer }: Room): LlmBatches {
  return {
    submit: async (requests) => {
      budget.reserve(
        new Map([...requests].map(([id, request]) => [id, pricer.estimate(request, 'facets', true)])),
      )
      try {
        return await batches.submit(requests)
      } catch (error) {
        for (const id of requests.keys()) budget.settle(id, 0n)
        throw llmErrorOf(error)
      }
    },
    collect: (batchId) =>
      batches.collect(batchId).catch((error: unknown) => {
        throw llmErrorOf(error)
      }),
  }
}

interface Used {
  readonly model: string
  readonly usage: LlmAnswer['usage']
  readonly status: string
  readonly isBatch: boolean
  readonly costMicros: bigint | null
}

function lost(model: string): Used {
  const usage = { inputTokens: null, outputTokens: null, cacheReadTokens: null, cacheWriteTokens: null }
  return { model, usage, status: 'unavailable', isBatch: false, costMicros: null }
}

async function insert(
  { client, ledger, ctx }: Room,
  requestId: string,
  { purpose, subject }: LlmMatter,
  { model, usage, status, isBatch, costMicros }: Used,
): Promise<void> {
  await insertRequest(ledger, {
    request_id: requestId,
    run_id: ctx.run.id,
    purpose,
    subject,
    provider: client.name,
    model,
    is_batch: isBatch,
    requested_at: ctx.now(),
    status,
    usage,
    cost_usd: usdOrNull(costMicros),
  })
}

function usdOrNull(micros: bigint | null): string | null {
  return micros === null ? null : usdOf(micros)
}

/** A client throws nothing else; and a bug in one is not to end a run of a thousand sessions. */
function llmErrorOf(error: unknown): LlmError {
  if (error instanceof LlmError) return error
  return new LlmError('unavailable', 'the client failed in a way that it does not know', null, {
    cause: error,
  })
}
