// Anthropic's Message Batches: many questions handed in at once, answered within a day at half the price.
import type Anthropic from '@anthropic-ai/sdk'
import { type AnthropicSdk, anthropicFailure, anthropicName, readMessage } from './anthropic-messages.js'
import { type LlmAnswer, type LlmBatches, LlmError, type LlmRequest } from './client.js'
import { failureOf } from './http-failures.js'
import { retryWithin } from './retry.js'

export interface BatchRoom {
  readonly api: Anthropic
  readonly sdk: AnthropicSdk
  readonly model: string
  readonly timeoutMs: number
  readonly paramsOf: (request: LlmRequest) => Anthropic.MessageCreateParamsNonStreaming
}

type Result = Anthropic.Messages.MessageBatchIndividualResponse['result']

/** The status that an error of this type has when it answers a single question. */
const statusOfType: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  rate_limit_error: 429,
  overloaded_error: 529,
}

export function openBatches(room: BatchRoom): LlmBatches {
  const { api, sdk, model, timeoutMs, paramsOf } = room
  const rule = { name: anthropicName, timeoutMs }
  const asked = async <T>(work: () => PromiseLike<T>): Promise<T> => {
    try {
      return await work()
    } catch (error) {
      throw error instanceof LlmError ? error : anthropicFailure(sdk, model, error)
    }
  }
  return {
    submit: async (requests) => {
      const body = {
        requests: [...requests].map(([id, request]) => ({ custom_id: id, params: paramsOf(request) })),
      }
      // A batch whose acknowledgement was lost may be there: handed in again, it would be paid twice.
      const { id } = await retryWithin({ ...rule, mayRepeatLost: false }, (signal) =>
        asked(() => api.messages.batches.create(body, { signal })),
      )
      return id
    },
    collect: (batchId) => retryWithin(rule, (signal) => asked(() => collect(room, batchId, signal))),
  }
}

async function collect(
  { api, sdk, model }: BatchRoom,
  batchId: string,
  signal: AbortSignal,
): Promise<Map<string, LlmAnswer | LlmError> | null> {
  try {
    const batch = await api.messages.batches.retrieve(batchId, {}, { signal })
    if (batch.processing_status !== 'ended') return null
    if (batch.results_url === null) throw gone(batchId)
    const answers = new Map<string, LlmAnswer | LlmError>()
    for await (const { custom_id, result } of await api.messages.batches.results(batchId, {}, { signal }))
      answers.set(custom_id, readResult(model, result))
    return answers
  } catch (error) {
    throw error instanceof sdk.NotFoundError ? gone(batchId) : error
  }
}

/** Results are kept for some weeks only. */
function gone(batchId: string): LlmError {
  return new LlmError('unusable', `${anthropicName} no longer has the results of batch ${batchId}`)
}

function readResult(model: string, result: Result): LlmAnswer | LlmError {
  try {
    if (result.type === 'succeeded') return readMessage(result.message)
  } catch (error) {
    if (error instanceof LlmError) return error
    throw error
  }
  if (result.type !== 'errored')
    return new LlmError('unavailable', `the request was ${result.type} before ${anthropicName} came to it`)
  const { type, message } = result.error.error
  const failure = failureOf(anthropicName, model, {
    status: statusOfType[type] ?? 500,
    message,
    retryAfter: null,
  })
  return failure instanceof LlmError ? failure : new LlmError('unavailable', failure.message)
}
