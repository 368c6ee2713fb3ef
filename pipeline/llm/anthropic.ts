// Anthropic's API through its SDK: single questions, and batches of them at half the price.
import type Anthropic from '@anthropic-ai/sdk'
import { openBatches } from './anthropic-batches.js'
import { anthropicFailure, anthropicName, readMessage } from './anthropic-messages.js'
import { type LlmClient, LlmError, type LlmRequest } from './client.js'
import { PassingFailure, refusesSchema } from './http-failures.js'
import { closedSchemaOf, type JsonSchema, schemaInWords, sizeOf } from './json-schema.js'
import { retryWithin } from './retry.js'

export interface AnthropicOptions {
  readonly model: string
  /** Null for Anthropic's own address. */
  readonly baseUrl: string | null
  readonly key: string
  readonly timeoutMs: number
}

type Params = Anthropic.MessageCreateParamsNonStreaming

/** Beyond these a schema is turned away, so it is told in words. */
const maxOptionalKeys = 24
const maxUnions = 16

export async function openAnthropic({
  model,
  baseUrl,
  key,
  timeoutMs,
}: AnthropicOptions): Promise<LlmClient> {
  const sdk = await import('@anthropic-ai/sdk')
  const { jsonSchemaOutputFormat } = await import('@anthropic-ai/sdk/helpers/json-schema')
  const api = new sdk.default({
    apiKey: key,
    authToken: null,
    baseURL: baseUrl ?? 'https://api.anthropic.com',
    maxRetries: 0, // They are counted against the timeout in retry.ts.
    timeout: timeoutMs,
    logLevel: 'off',
  })

  /** Some models and addresses enforce no schema. */
  let enforcesSchemas = true
  const formatOf = ({ schema }: LlmRequest) => {
    const closed = schema && enforcesSchemas ? closedSchemaOf(schema) : null
    if (closed === null) return null
    const { type, schema: told } = jsonSchemaOutputFormat({ ...closed, type: 'object' })
    const { optionalCount, unionCount } = sizeOf(told)
    return optionalCount > maxOptionalKeys || unionCount > maxUnions
      ? null
      : { type, schema: told as JsonSchema }
  }

  function paramsOf(request: LlmRequest): Params {
    const format = formatOf(request)
    const inWords = request.schema && format === null ? `\n\n${schemaInWords(request.schema)}` : ''
    return {
      model,
      max_tokens: request.maxOutputTokens,
      system: request.system + inWords,
      messages: [{ role: 'user', content: request.user }],
      ...(format === null ? {} : { output_config: { format } }),
    }
  }

  const attempt = (request: LlmRequest) => async (signal: AbortSignal) => {
    const params = paramsOf(request)
    try {
      return readMessage(await api.messages.create(params, { signal }))
    } catch (error) {
      if (error instanceof LlmError) throw error
      const isOfSchema = error instanceof sdk.APIError && refusesSchema(error.status, error.message)
      if (params.output_config === undefined || !isOfSchema) throw anthropicFailure(sdk, model, error)
      enforcesSchemas = false
      throw new PassingFailure(`${anthropicName} does not accept the schema`, 0)
    }
  }

  return {
    name: anthropicName,
    model,
    ask: (request, onLost = () => {}) =>
      retryWithin({ name: anthropicName, timeoutMs, onLost }, attempt(request)),
    batches: openBatches({ api, sdk, model, timeoutMs, paramsOf }),
  }
}
