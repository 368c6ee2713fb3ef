// What Anthropic's messages and errors say, in the words of the seam; for single questions and for batches alike.
import type Anthropic from '@anthropic-ai/sdk'
import type { APIError } from '@anthropic-ai/sdk'
import { type LlmAnswer, LlmError } from './client.js'
import { failureOf, neverArrived, PassingFailure } from './http-failures.js'

export const anthropicName = 'anthropic'

export type AnthropicSdk = typeof import('@anthropic-ai/sdk')

/** The text of a message, or why it is of no use. */
export function readMessage({ content, model, stop_reason, usage }: Anthropic.Message): LlmAnswer {
  const billed = {
    model,
    usage: {
      inputTokens: usage.input_tokens,
      outputTokens: usage.output_tokens,
      cacheReadTokens: usage.cache_read_input_tokens ?? 0,
      cacheWriteTokens: usage.cache_creation_input_tokens ?? 0,
    },
    reportedCostUsd: null,
  }
  const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('')
  if (stop_reason === 'refusal') throw new LlmError('refused', `${model} refused to answer`, billed)
  if (stop_reason === 'max_tokens' || stop_reason === 'model_context_window_exceeded')
    throw new LlmError('unusable', `the answer of ${model} was cut off at its limit of tokens`, billed)
  if (text.trim() === '') throw new LlmError('unusable', `the answer of ${model} is empty`, billed)
  return { text, ...billed }
}

/** What the SDK threw, in the words of this house; never with what the provider says, which may quote the question. */
export function anthropicFailure(sdk: AnthropicSdk, model: string, error: unknown): Error {
  if (error instanceof sdk.APIUserAbortError || error instanceof sdk.APIConnectionTimeoutError)
    return new PassingFailure(`${anthropicName} gave no answer in time`, null, true)
  if (error instanceof sdk.APIConnectionError)
    return new PassingFailure(`the connection to ${anthropicName} failed`, null, !neverArrived(error))
  if (!(error instanceof sdk.APIError)) return error instanceof Error ? error : new Error(String(error))
  const { status, message, headers } = error as APIError
  const retryAfter = headers?.get('retry-after') ?? null
  return failureOf(anthropicName, model, { status: status ?? 500, message, retryAfter })
}
