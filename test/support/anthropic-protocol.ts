// Anthropic's Messages and Message Batches, as far as their documentation says: what is asked for, refused and answered.
import {
  defaultUsage,
  type Exchange,
  type HttpAnswer,
  type LlmQuestion,
  type LlmReply,
  type Protocol,
} from './llm-servers.js'

interface Block {
  readonly type: string
  readonly text?: string
}

interface MessageParams {
  readonly model?: string
  readonly max_tokens?: number
  readonly stream?: boolean
  readonly system?: string | readonly Block[]
  readonly messages?: readonly { readonly role: string; readonly content: string | readonly Block[] }[]
  readonly output_config?: { readonly format?: { readonly type: string; readonly schema: object } }
}

interface StoredBatch {
  readonly id: string
  readonly lines: readonly object[]
}

const errorTypes: Readonly<Record<number, string>> = {
  400: 'invalid_request_error',
  401: 'authentication_error',
  403: 'permission_error',
  404: 'not_found_error',
  413: 'request_too_large',
  429: 'rate_limit_error',
  500: 'api_error',
  529: 'overloaded_error',
}

/** What a schema may not say: the SDK moves these into descriptions. */
const unknownKeywords = ['minimum', 'maximum', 'minLength', 'maxLength', 'maxItems', 'multipleOf']

export function anthropicProtocol(key: string): Protocol {
  const batches = new Map<string, StoredBatch>()
  return (exchange) => {
    const { method, path, headers, body } = exchange.request
    const { pathname } = new URL(path, 'http://loopback')
    if (method === 'HEAD') return { status: 200, body: '' }
    if (headers['x-api-key'] !== key && headers.authorization !== `Bearer ${key}`)
      return failure(401, 'invalid x-api-key')
    if (method === 'POST' && pathname === '/v1/messages')
      return answerMessage(exchange, body as MessageParams)
    if (method === 'POST' && pathname === '/v1/messages/batches') return submit(exchange, batches)
    const [, id, results] = /^\/v1\/messages\/batches\/([\w-]+)(\/results)?$/.exec(pathname) ?? []
    const batch = id === undefined ? undefined : batches.get(id)
    if (method !== 'GET' || !batch) return failure(404, `Not found: ${pathname}`)
    if (!results) return json(200, describe(batch, exchange))
    if (!exchange.areBatchesDone) return failure(404, 'Results are not available yet.')
    return {
      status: 200,
      headers: { 'content-type': 'application/x-jsonl' },
      body: batch.lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    }
  }
}

function answerMessage(exchange: Exchange, params: MessageParams): HttpAnswer {
  const problem = problemOf(params)
  if (problem) return problem
  const reply = exchange.ask(questionOf(params, null))
  if (reply.kind === 'hang') return 'hang'
  if (reply.kind === 'status')
    return failure(reply.status, reply.message ?? 'As scripted.', reply.retryAfterSeconds)
  const isCut = reply.kind === 'drop'
  const message = messageOf(params, reply)
  if (!params.stream) return { ...json(200, message), isCut }
  return { status: 200, headers: { 'content-type': 'text/event-stream' }, body: streamOf(message), isCut }
}

function problemOf(params: MessageParams): HttpAnswer | null {
  if (!params.model) return failure(400, 'model: Field required')
  if (params.model.startsWith('no-such')) return failure(404, `model: ${params.model}`)
  if (!params.max_tokens) return failure(400, 'max_tokens: Field required')
  if (!params.messages?.length) return failure(400, 'messages: at least one message is required')
  if (params.messages.some(({ content }) => content.length === 0))
    return failure(400, 'messages: text content blocks must be non-empty')
  const schema = params.output_config?.format?.schema ?? null
  const schemaProblem = problemOfSchema(schema) ?? problemOfSize(schema)
  return schemaProblem === null ? null : failure(400, `output_config.format.schema: ${schemaProblem}`)
}

/** Structured outputs know a part of JSON schema, and every object must say that it has no other keys. */
function problemOfSchema(node: unknown): string | null {
  if (node === null || typeof node !== 'object') return null
  const schema = node as Readonly<Record<string, unknown>>
  if (schema.type === 'object' && schema.additionalProperties !== false)
    return "For 'object' type, 'additionalProperties' must be explicitly set to false"
  const unknown = unknownKeywords.find(
    (word) => ['number', 'string'].includes(typeof schema[word]) && schema.type,
  )
  if (unknown) return `For '${String(schema.type)}' type, property '${unknown}' is not supported`
  for (const inner of Object.values(schema)) {
    const problem = problemOfSchema(inner)
    if (problem !== null) return problem
  }
  return null
}

/** At most 24 keys that may be left out and 16 that may be of several types, in the whole schema. */
function problemOfSize(schema: object | null): string | null {
  let optionalCount = 0
  let unionCount = 0
  JSON.stringify(schema, (_key, node: unknown) => {
    if (node === null || typeof node !== 'object' || Array.isArray(node)) return node
    const { type, properties, required, anyOf } = node as Readonly<Record<string, unknown>>
    if (type === 'object' && properties)
      optionalCount += Object.keys(properties).length - (Array.isArray(required) ? required.length : 0)
    if (Array.isArray(anyOf) || Array.isArray(type)) unionCount += 1
    return node
  })
  if (optionalCount > 24) return `Schemas contains too many optional parameters (${optionalCount}; limit: 24)`
  return unionCount > 16
    ? `Schemas contains too many parameters with union types (${unionCount}; limit: 16)`
    : null
}

function questionOf(params: MessageParams, customId: string | null): LlmQuestion {
  return {
    system: textOf(params.system ?? ''),
    user: (params.messages ?? [])
      .filter(({ role }) => role === 'user')
      .map(({ content }) => textOf(content))
      .join('\n'),
    model: params.model ?? '',
    maxOutputTokens: params.max_tokens ?? null,
    schema: params.output_config?.format?.schema ?? null,
    customId,
  }
}

function textOf(content: string | readonly Block[]): string {
  return typeof content === 'string' ? content : content.map(({ text }) => text ?? '').join('\n')
}

function messageOf(params: MessageParams, reply: LlmReply) {
  const answer = reply.kind === 'answer' ? reply : { text: 'Half of it is here, and the other half is not.' }
  const usage = { ...defaultUsage, ...('usage' in answer ? answer.usage : {}) }
  const stops = { end: 'end_turn', max_tokens: 'max_tokens', refusal: 'refusal' } as const
  return {
    id: 'msg_01Loopback',
    type: 'message',
    role: 'assistant',
    model: params.model,
    content: answer.text === '' ? [] : [{ type: 'text', text: answer.text }],
    stop_reason: stops[('stop' in answer && answer.stop) || 'end'],
    stop_sequence: null,
    usage: {
      input_tokens: usage.inputTokens,
      cache_creation_input_tokens: usage.cacheWriteTokens,
      cache_read_input_tokens: usage.cacheReadTokens,
      output_tokens: usage.outputTokens,
    },
  }
}

/** The message as server-sent events; its usage stands in two of them. */
function streamOf(message: ReturnType<typeof messageOf>): string {
  const start = { ...message, content: [], stop_reason: null, usage: { ...message.usage, output_tokens: 1 } }
  const blocks = message.content.flatMap(({ text }, index) => [
    { type: 'content_block_start', index, content_block: { type: 'text', text: '' } },
    { type: 'content_block_delta', index, delta: { type: 'text_delta', text } },
    { type: 'content_block_stop', index },
  ])
  const { stop_reason, stop_sequence, usage } = message
  const events = [
    { type: 'message_start', message: start },
    ...blocks,
    { type: 'message_delta', delta: { stop_reason, stop_sequence }, usage },
    { type: 'message_stop' },
  ]
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join('')
}

function submit(exchange: Exchange, batches: Map<string, StoredBatch>): HttpAnswer {
  const trouble = exchange.submissions.shift()
  if (trouble === 'hang') return trouble
  if (trouble === 529) return failure(trouble, 'Overloaded')
  const { requests } = exchange.request.body as {
    requests: readonly { custom_id: string; params: MessageParams }[]
  }
  const ids = requests.map(({ custom_id }) => custom_id)
  if (new Set(ids).size < ids.length) return failure(400, 'requests: custom_id must be unique')
  if (ids.length === 0 || ids.some((id) => !/^[a-zA-Z0-9_-]{1,64}$/.test(id)))
    return failure(400, "requests.0.custom_id: String should match pattern '^[a-zA-Z0-9_-]{1,64}$'")
  const id = `msgbatch_${String(batches.size + 1).padStart(4, '0')}`
  const lines = requests.map(({ custom_id, params }) => ({
    custom_id,
    result: resultOf(exchange, custom_id, params),
  }))
  // Results come in no order.
  const batch = { id, lines: lines.reverse() }
  batches.set(id, batch)
  return { ...json(200, describe(batch, { ...exchange, areBatchesDone: false })), isCut: trouble === 'drop' }
}

function resultOf(exchange: Exchange, customId: string, params: MessageParams): object {
  const problem = problemOf(params)
  if (problem && problem !== 'hang') return { type: 'errored', error: JSON.parse(problem.body) as object }
  const reply = exchange.ask(questionOf(params, customId))
  if (reply.kind === 'canceled' || reply.kind === 'expired') return { type: reply.kind }
  if (reply.kind === 'answer') return { type: 'succeeded', message: messageOf(params, reply) }
  const status = reply.kind === 'status' ? reply.status : 500
  return { type: 'errored', error: errorBody(status, 'As scripted.') }
}

function describe({ id, lines }: StoredBatch, { areBatchesDone, baseUrl }: Exchange): object {
  return {
    id,
    type: 'message_batch',
    processing_status: areBatchesDone ? 'ended' : 'in_progress',
    request_counts: { processing: areBatchesDone ? 0 : lines.length },
    results_url: areBatchesDone ? `${baseUrl}/v1/messages/batches/${id}/results` : null,
  }
}

function errorBody(status: number, message: string): object {
  return { type: 'error', error: { type: errorTypes[status] ?? 'api_error', message } }
}

function failure(status: number, message: string, retryAfterSeconds?: number): Exclude<HttpAnswer, string> {
  const headers = retryAfterSeconds === undefined ? {} : { 'retry-after': String(retryAfterSeconds) }
  return { ...json(status, errorBody(status, message)), headers }
}

function json(status: number, body: object): Exclude<HttpAnswer, string> {
  return { status, body: JSON.stringify(body) }
}
