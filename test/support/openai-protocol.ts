// OpenAI's chat completions, as its documentation and the servers that imitate it have them.
import {
  defaultUsage,
  type HttpAnswer,
  type LlmQuestion,
  type LlmReply,
  type Protocol,
} from './llm-servers.js'

interface CompletionParams {
  readonly model?: string
  readonly max_tokens?: number
  readonly max_completion_tokens?: number
  readonly stream?: boolean
  readonly messages?: readonly { readonly role: string; readonly content: string | readonly Part[] }[]
  readonly response_format?: { readonly type: string; readonly json_schema?: { readonly schema: object } }
}

interface Part {
  readonly text?: string
}

/** A null key is one that nobody asks for. */
export function openAiProtocol(key: string | null): Protocol {
  return ({ request, ask }) => {
    const params = request.body as CompletionParams
    if (key !== null && request.headers.authorization !== `Bearer ${key}`)
      return failure(401, 'Incorrect API key provided.')
    if (request.method !== 'POST' || request.path !== '/v1/chat/completions')
      return failure(404, `Invalid URL (${request.method} ${request.path})`)
    if (!params.model || params.model.startsWith('no-such'))
      return failure(404, `The model '${params.model}' does not exist or you do not have access to it.`)
    if (!params.messages?.length) return failure(400, "Missing required parameter: 'messages'.")
    if (params.stream) return failure(400, 'This server does not stream.')
    const reply = ask(questionOf(params))
    if (reply.kind === 'hang') return 'hang'
    if (reply.kind === 'status')
      return failure(reply.status, reply.message ?? 'As scripted.', reply.retryAfterSeconds)
    return { status: 200, body: JSON.stringify(completionOf(params, reply)), isCut: reply.kind === 'drop' }
  }
}

function questionOf(params: CompletionParams): LlmQuestion {
  const textOf = (role: string) =>
    (params.messages ?? [])
      .filter((message) => message.role === role)
      .map(({ content }) =>
        typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n'),
      )
      .join('\n')
  return {
    system: textOf('system'),
    user: textOf('user'),
    model: params.model ?? '',
    maxOutputTokens: params.max_completion_tokens ?? params.max_tokens ?? null,
    schema: params.response_format?.json_schema?.schema ?? null,
    customId: null,
  }
}

function completionOf(params: CompletionParams, reply: LlmReply): object {
  const answer =
    reply.kind === 'answer'
      ? reply
      : { text: 'Half of it is here, and the other half is not.', stop: undefined }
  const stops = { end: 'stop', max_tokens: 'length', refusal: 'content_filter' } as const
  const { inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens } = {
    ...defaultUsage,
    ...('usage' in answer ? answer.usage : {}),
  }
  const promptTokens = inputTokens + cacheReadTokens + cacheWriteTokens
  const usage = {
    prompt_tokens: promptTokens,
    completion_tokens: outputTokens,
    total_tokens: promptTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cacheReadTokens },
    ...('costUsd' in answer && answer.costUsd !== undefined ? { cost: answer.costUsd } : {}),
  }
  return {
    id: 'chatcmpl-loopback',
    object: 'chat.completion',
    created: 1_772_323_200,
    model: params.model,
    choices: [
      {
        index: 0,
        message: { role: 'assistant', content: answer.text },
        finish_reason: stops[answer.stop ?? 'end'],
      },
    ],
    ...('usage' in answer && answer.usage === null ? {} : { usage }),
  }
}

function failure(status: number, message: string, retryAfterSeconds?: number): HttpAnswer {
  const type =
    status === 429 ? 'rate_limit_exceeded' : status >= 500 ? 'server_error' : 'invalid_request_error'
  return {
    status,
    headers: retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) },
    body: JSON.stringify({ error: { message, type, param: null, code: null } }),
  }
}
