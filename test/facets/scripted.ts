// A provider that answers as it is told, and the asker behind it: each answer is priced and recorded as a real one is.

import type { FacetInput, FacetProvider } from '../../pipeline/facets/provider.js'
import { judgeByRules } from '../../pipeline/facets/rules.js'
import {
  type Asker,
  type LlmAnswer,
  LlmError,
  type LlmFailure,
  type LlmRequest,
} from '../../pipeline/llm/client.js'
import type { Database } from '../../pipeline/warehouse/db.js'

export interface Script {
  /** By session id; the others are answered. */
  readonly failures?: Readonly<Record<string, LlmFailure>>
  readonly promptVersion?: number
  readonly model?: string
  readonly hasBatches?: boolean
  /** Too long for one request. */
  readonly longIds?: readonly string[]
  /** The most requests that a batch may hold before it is over the budget. */
  readonly batchLimit?: number
}

export interface Scripted {
  readonly provider: FacetProvider
  readonly asker: Asker
  readonly providerOver: (asker: Asker) => FacetProvider
  /** Session ids in the order in which they were asked about, singly or in batches. */
  readonly asked: string[]
  readonly batches: Map<string, ReadonlyMap<string, LlmRequest>>
  areBatchesDone: boolean
}

export const costUsd = '0.002'
const answer = (text: string): LlmAnswer => ({
  text,
  model: 'm1',
  usage: { inputTokens: 1000, outputTokens: 200, cacheReadTokens: 0, cacheWriteTokens: 0 },
  reportedCostUsd: costUsd,
})

/** Requests name their session, so that a test can tell which was asked about. */
export function scripted(db: Database, script: Script = {}): Scripted {
  const { failures = {}, promptVersion = 1, model = 'm1', hasBatches = false, longIds = [] } = script
  const failureOf = (id: string) =>
    failures[id] === undefined ? null : new LlmError(failures[id], `${failures[id]} as scripted`)
  const requestFor = ({ session }: FacetInput): LlmRequest => ({
    system: '',
    user: session.session_id,
    schema: null,
    maxOutputTokens: 500,
  })
  const record = async (requestId: string, subject: string, status: string, isBatch: boolean) => {
    await db.run(
      `insert or ignore into state.model_requests (request_id, purpose, subject, provider, model, is_batch, requested_at,
        status, input_tokens, output_tokens, cost_usd)
       values (?, 'facets', ?, 'scripted', ?, ?, '2026-02-03', ?, 1000, 200, cast(? as decimal(18, 6)))`,
      [requestId, subject, model, isBatch, status, costUsd],
    )
  }
  const result: Scripted = {
    provider: null!,
    asker: null!,
    providerOver: null!,
    asked: [],
    batches: new Map(),
    areBatchesDone: true,
  }
  const asker: Asker = {
    name: 'scripted',
    model,
    estimateCostUsd: (_request, _purpose, isBatch) => (isBatch ? '0.001' : costUsd),
    ask: async ({ user }, { subject }) => {
      const failure = failureOf(subject)
      if (failure?.failure === 'over_budget') throw failure
      result.asked.push(subject)
      if (failure?.failure !== 'unavailable' && failure?.failure !== 'misconfigured')
        await record(
          `ask-${result.asked.length}-${promptVersion}`,
          subject,
          failure?.failure ?? 'answered',
          false,
        )
      if (failure) throw failure
      return { text: user, costUsd }
    },
    batches: hasBatches
      ? {
          submit: async (requests) => {
            if (requests.size > (script.batchLimit ?? Number.POSITIVE_INFINITY))
              throw new LlmError('over_budget', 'the batch might cost more than is left')
            const id = `batch-${result.batches.size + 1}`
            result.batches.set(id, requests)
            result.asked.push(...[...requests.values()].map(({ user }) => user))
            return id
          },
          collect: async (id) => {
            const requests = result.batches.get(id)
            if (!requests) throw new LlmError('unavailable', `no batch ${id}`)
            if (!result.areBatchesDone) return null
            return new Map([...requests].map(([key, { user }]) => [key, failureOf(user) ?? answer(user)]))
          },
        }
      : null,
    settle: async (requestId, { subject }, given) => {
      await record(requestId, subject, given instanceof LlmError ? given.failure : 'answered', true)
      if (given instanceof LlmError) throw given
      return { text: given.text, costUsd: '0.001' }
    },
  }
  const said = (input: FacetInput) => ({ ...judgeByRules(input), underlying_goal: `as ${model} says` })
  const providerOver = (asked: Asker): FacetProvider => ({
    name: 'scripted',
    model,
    promptVersion,
    extract: async (input) => {
      const { costUsd: cost } = await asked.ask(requestFor(input), {
        purpose: 'facets',
        subject: input.session.session_id,
      })
      return { facets: said(input), costUsd: cost ?? 0 }
    },
    inBatches: {
      request: (input) => (longIds.includes(input.session.session_id) ? null : requestFor(input)),
      read: (input, text) => {
        if (text !== input.session.session_id) throw new Error('an answer to another question')
        return said(input)
      },
    },
  })
  return Object.assign(result, { provider: providerOver(asker), asker, providerOver })
}
