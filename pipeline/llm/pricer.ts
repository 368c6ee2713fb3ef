// What one client's requests are expected to cost and did cost, by the provider's own word or by the price table.
import type { Config } from '../config.js'
import type { Emit, Step } from '../events.js'
import type { Database } from '../warehouse/db.js'
import type { LlmAnswer, LlmClient, LlmMatter, LlmRequest } from './client.js'
import { costOf, estimateInputTokens, microsOf, readRates, type TokenRates } from './costs.js'
import { readExpectedOutput } from './expected-output.js'

type Purpose = LlmMatter['purpose']

export interface Pricer {
  /** Millionths of a USD; null where the model has no price. */
  estimate(request: LlmRequest, purpose: Purpose, isBatch: boolean): bigint | null
  /** Millionths of a USD; null, with a warning for each model, where nobody knows. */
  price(billed: Omit<LlmAnswer, 'text'>, purpose: Purpose, isBatch: boolean): Promise<bigint | null>
}

export interface PricerContext {
  readonly config: Config
  readonly emit: Emit
  readonly now: () => Date
}

const stepOf: Readonly<Record<Purpose, Step>> = {
  facets: 'facets',
  summary: 'facets',
  repair: 'facets',
  letter: 'letter',
  tips: 'tips',
}

export async function openPricer(
  { name, model: asked }: LlmClient,
  ledger: Database,
  { config, emit, now }: PricerContext,
): Promise<Pricer> {
  const expectedOutput = await readExpectedOutput(ledger, name)
  const ratesOf = rememberRates(config, now())
  const askedRates = await ratesOf(asked)
  const warned = new Set<string>()

  function warnOnce(model: string, purpose: Purpose, reason: string): void {
    if (warned.has(model)) return
    warned.add(model)
    const message = `what ${model} costs is not known, so that max_cost_usd does not hold it: ${reason}`
    emit({ step: stepOf[purpose], action: 'warn', subject: model, message })
  }

  return {
    estimate: (request, purpose, isBatch) => {
      if (askedRates === null) return null
      const inputTokens = estimateInputTokens(request)
      const outputTokens = Math.min(request.maxOutputTokens, expectedOutput[purpose])
      return costOf(
        { inputTokens, outputTokens, cacheReadTokens: 0, cacheWriteTokens: 0 },
        askedRates,
        isBatch,
      )
    },
    price: async ({ model, usage, reportedCostUsd }, purpose, isBatch) => {
      if (reportedCostUsd !== null) return microsOf(reportedCostUsd)
      // Under the name that the provider gives it, else under ours.
      const rates = (await ratesOf(model)) ?? askedRates
      if (rates === null) warnOnce(model, purpose, 'the price table lacks it; name it under prices')
      const costMicros = rates === null ? null : costOf(usage, rates, isBatch)
      if (costMicros === null) warnOnce(model, purpose, `${name} does not say how many tokens it used`)
      return costMicros
    },
  }
}

/** Reads a model's rates once. */
function rememberRates(config: Config, at: Date): (model: string) => Promise<TokenRates | null> {
  const known = new Map<string, TokenRates | null>()
  return async (model) => {
    const rates = known.has(model) ? known.get(model) : await readRates(config, model, at)
    known.set(model, rates ?? null)
    return rates ?? null
  }
}
