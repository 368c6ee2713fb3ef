// Any server that speaks OpenAI's chat completions, such as Ollama, LM Studio, vLLM or OpenRouter.
import type { OpenAICompatibleProvider } from '@ai-sdk/openai-compatible'
import * as z from '../zod.js'
import { type LlmAnswer, type LlmClient, LlmError, type LlmRequest } from './client.js'
import { failureOf, neverArrived, PassingFailure, refusesSchema } from './http-failures.js'
import { closedSchemaOf, schemaInWords, sizeOf } from './json-schema.js'
import { retryWithin } from './retry.js'

export interface OpenAiOptions {
  readonly model: string
  readonly baseUrl: string
  /** Null for a server that wants none. */
  readonly key: string | null
  readonly timeoutMs: number
}

type Model = ReturnType<OpenAICompatibleProvider['chatModel']>
type CallOptions = Parameters<Model['doGenerate']>[0]
type Result = Awaited<ReturnType<Model['doGenerate']>>

const name = 'openai-compatible'
const newerLimitKey = 'max_completion_tokens'

/** OpenRouter says what a question cost. */
const bodyWithCost = z.object({ usage: z.object({ cost: z.number().nonnegative() }) })

/** The fields that the SDK's errors have, by which they are told from other errors. */
const httpError = z.object({
  statusCode: z.number(),
  responseBody: z.string().optional(),
  responseHeaders: z.record(z.string(), z.string()).optional(),
})

export async function openOpenAiCompatible({
  model,
  baseUrl,
  key,
  timeoutMs,
}: OpenAiOptions): Promise<LlmClient> {
  const { createOpenAICompatible } = await import('@ai-sdk/openai-compatible')
  /** OpenAI's newer models want the limit under another name than everybody else. */
  let limitKey = 'max_tokens'
  const provider = createOpenAICompatible({
    name: 'openaiCompatible',
    baseURL: baseUrl,
    supportsStructuredOutputs: true,
    transformRequestBody: ({ max_tokens, ...body }) => ({ ...body, [limitKey]: max_tokens }),
    ...(key === null ? {} : { apiKey: key }),
  })
  const chat = provider.chatModel(model)

  /** Many servers enforce no schema; they are told in words. */
  let enforcesSchemas = true
  const attempt = (request: LlmRequest) => async (signal: AbortSignal) => {
    const closed = request.schema && enforcesSchemas ? closedSchemaOf(request.schema) : null
    const inWords = request.schema && closed === null ? `\n\n${schemaInWords(request.schema)}` : ''
    const options: CallOptions = {
      prompt: [
        { role: 'system', content: request.system + inWords },
        { role: 'user', content: [{ type: 'text', text: request.user }] },
      ],
      maxOutputTokens: request.maxOutputTokens,
      abortSignal: signal,
      ...(closed === null ? {} : { responseFormat: { type: 'json', schema: closed } }),
      // Strict schemas must not leave any key to choice.
      providerOptions: {
        openaiCompatible: { strictJsonSchema: closed !== null && sizeOf(closed).optionalCount === 0 },
      },
    }
    let result: Result
    try {
      result = await chat.doGenerate(options)
    } catch (error) {
      const http = httpError.safeParse(error).data
      if (limitKey === 'max_tokens' && http?.responseBody?.includes(newerLimitKey)) {
        limitKey = newerLimitKey
        throw new PassingFailure(`${name} wants the limit of tokens under another name`, 0)
      }
      if (closed === null || !refusesSchema(http?.statusCode, http?.responseBody ?? ''))
        throw openAiFailure(model, error)
      enforcesSchemas = false
      throw new PassingFailure(`${name} does not accept the schema`, 0)
    }
    return readResult(model, result)
  }

  return {
    name,
    model,
    ask: (request, onLost = () => {}) => retryWithin({ name, timeoutMs, onLost }, attempt(request)),
    batches: null,
  }
}

function readResult(asked: string, { content, finishReason, usage, response }: Result): LlmAnswer {
  const cost = bodyWithCost.safeParse(response?.body)
  const model = response?.modelId ?? asked
  const cacheWriteTokens = usage.inputTokens.cacheWrite ?? null
  const billed = {
    model,
    usage: {
      inputTokens: usage.inputTokens.noCache ?? null,
      outputTokens: usage.outputTokens.total ?? null,
      cacheReadTokens: usage.inputTokens.cacheRead ?? null,
      cacheWriteTokens,
    },
    reportedCostUsd: cost.success ? cost.data.usage.cost.toFixed(12) : null,
  }
  const text = content.map((part) => (part.type === 'text' ? part.text : '')).join('')
  if (finishReason.unified === 'content-filter')
    throw new LlmError('refused', `${model} refused to answer`, billed)
  if (finishReason.unified === 'length')
    throw new LlmError('unusable', `the answer of ${model} was cut off at its limit of tokens`, billed)
  if (text.trim() === '') throw new LlmError('unusable', `the answer of ${model} is empty`, billed)
  return { text, ...billed }
}

function openAiFailure(model: string, error: unknown): Error {
  const http = httpError.safeParse(error).data
  // A status of success means that the body could not be read.
  if (http && http.statusCode >= 300)
    return failureOf(name, model, {
      status: http.statusCode,
      message: http.responseBody ?? '',
      retryAfter: http.responseHeaders?.['retry-after'] ?? null,
    })
  return neverArrived(error)
    ? new PassingFailure(`the connection to ${name} failed`)
    : new PassingFailure(`${name} gave no answer that can be read`, null, true)
}
