// The seam between a step that asks a language model and whoever answers: facets, letter and tips all ask through it.
import type * as z from '../zod.js'

/** One question. Only `system` is an instruction; `user` is data, cleared of secrets before it comes here. */
export interface LlmRequest {
  readonly system: string
  readonly user: string
  /** The shape of a JSON answer, which the provider is told; null where text is wanted. The asker validates again. */
  readonly schema: z.ZodType | null
  readonly maxOutputTokens: number
}

/** Null where the provider does not say. */
export interface LlmUsage {
  /** Neither read from a cache nor written to one. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
}

export interface LlmAnswer {
  readonly text: string
  /** As the provider names it. */
  readonly model: string
  readonly usage: LlmUsage
  /** As the provider itself says, a decimal as text; null where it says nothing and the price table is to be asked. */
  readonly reportedCostUsd: string | null
}

/**
 * Why there is no answer to use. `unavailable` may pass (overload, timeout, network, a stream cut off); `refused` and
 * `unusable` (cut at the token limit, empty) will not with the same question; `misconfigured` (no key, unknown model,
 * no such command) is for the user to mend; `over_budget`: it was not asked, for what it might have cost.
 */
export type LlmFailure = 'unavailable' | 'refused' | 'unusable' | 'misconfigured' | 'over_budget'

export class LlmError extends Error {
  constructor(
    readonly failure: LlmFailure,
    message: string,
    /** What was used all the same: a refusal and an answer that was cut off are billed. */
    readonly billed: Omit<LlmAnswer, 'text'> | null = null,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.name = 'LlmError'
  }
}

/** Requests handed in together, answered within a day at half the price. */
export interface LlmBatches {
  /** Returns the provider's id of the batch. */
  submit(requests: ReadonlyMap<string, LlmRequest>): Promise<string>
  /** Null while it is being worked on; then one answer or error for each request id, in no order. */
  collect(batchId: string): Promise<ReadonlyMap<string, LlmAnswer | LlmError> | null>
}

export interface LlmClient {
  /** `facets.provider` or `narrative.provider`. */
  readonly name: string
  readonly model: string
  /**
   * Retries what may pass within the timeout; throws LlmError, never anything else. Calls `onLost` for every attempt whose
   * answer never came whole: the provider may bill it all the same.
   */
  ask(request: LlmRequest, onLost?: () => void): Promise<LlmAnswer>
  /** Null where the provider has none. */
  readonly batches: LlmBatches | null
}

/** What a request is for, and of which session or period: so it stands in `state.model_requests`. */
export interface LlmMatter {
  readonly purpose: 'facets' | 'summary' | 'repair' | 'letter' | 'tips'
  /** A session's id, or <period_kind>/<period>. */
  readonly subject: string
}

/** A client whose requests are kept within `max_cost_usd`, priced, and recorded in the ledger: what steps are handed. */
export interface Asker {
  readonly name: string
  readonly model: string
  /** Throws LlmError alone; `over_budget` where it might cost more than is left. */
  ask(request: LlmRequest, matter: LlmMatter): Promise<PricedAnswer>
  /** As a decimal; null where the price table does not know the model. Asks nobody: for dry runs, and for batches. */
  estimateCostUsd(request: LlmRequest, purpose: LlmMatter['purpose'], isBatch?: boolean): string | null
  /**
   * `submit` throws `over_budget` where the whole batch might cost more than is left; request ids are 1 to 64 letters,
   * digits, _ and -, unlike any before. What `collect` returns is recorded by `settle`, one request at a time.
   */
  readonly batches: LlmBatches | null
  /**
   * Prices the answer to a request of a batch and records it, once for each request id, however often it is called;
   * throws the LlmError that it is given.
   */
  settle(requestId: string, matter: LlmMatter, answer: LlmAnswer | LlmError): Promise<PricedAnswer>
}

export interface PricedAnswer {
  readonly text: string
  /** A decimal; null where neither the provider nor the price table knows it. */
  readonly costUsd: string | null
}
