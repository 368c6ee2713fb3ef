// Loopback servers that speak the protocols of Anthropic and of OpenAI, answer as they are told, and keep what was asked.
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropicProtocol } from './anthropic-protocol.js'
import { openAiProtocol } from './openai-protocol.js'

/** A request in no protocol's words: what a test decides its answer by. */
export interface LlmQuestion {
  readonly system: string
  readonly user: string
  readonly model: string
  readonly maxOutputTokens: number | null
  /** JSON schema of the answer; null where text was asked for. */
  readonly schema: object | null
  /** Of a request in a batch. */
  readonly customId: string | null
}

export interface ReplyUsage {
  /** Neither read from a cache nor written to one. */
  readonly inputTokens: number
  readonly outputTokens: number
  readonly cacheReadTokens: number
  readonly cacheWriteTokens: number
}

export type LlmReply =
  | {
      readonly kind: 'answer'
      readonly text: string
      /** By default 1000 tokens in and 200 out; null where the server is not to say. */
      readonly usage?: Partial<ReplyUsage> | null
      /** Why it ended; `end` by default. */
      readonly stop?: 'end' | 'max_tokens' | 'refusal'
      /** As OpenRouter says it in `usage.cost`. */
      readonly costUsd?: number
    }
  | {
      readonly kind: 'status'
      readonly status: number
      readonly retryAfterSeconds?: number
      readonly message?: string
    }
  /** Half of the body, then the socket closes. */
  | { readonly kind: 'drop' }
  /** No answer, ever. */
  | { readonly kind: 'hang' }
  /** Of a request in a batch alone. */
  | { readonly kind: 'canceled' }
  | { readonly kind: 'expired' }

export interface RecordedRequest {
  readonly method: string
  readonly path: string
  readonly headers: IncomingHttpHeaders
  /** As it came over the wire. */
  readonly bodyText: string
  readonly body: unknown
  /** Null where it got no whole answer. */
  status: number | null
  readonly atMs: number
}

export interface LlmServer {
  /** What `base_url` is set to. */
  readonly baseUrl: string
  /** Every request, in order, also those that were turned away. */
  readonly requests: RecordedRequest[]
  /** What the model was asked, in order; those of a batch when it was submitted. */
  readonly questions: LlmQuestion[]
  /** Met by the coming questions, first in, first out. */
  readonly replies: LlmReply[]
  /** Met by the coming submissions of batches; without one they are taken. */
  readonly submissions: ('drop' | 'hang' | 529)[]
  /** Answers where `replies` is empty. */
  otherwise: (question: LlmQuestion) => LlmReply
  /** While false, batches are being worked on. */
  areBatchesDone: boolean
  stop(): Promise<void>
}

/** What a protocol sees of a request, and of the server that it came to. */
export interface Exchange {
  readonly request: RecordedRequest
  readonly baseUrl: string
  readonly areBatchesDone: boolean
  readonly submissions: ('drop' | 'hang' | 529)[]
  /** Notes the question and takes the reply that is next. */
  ask(question: LlmQuestion): LlmReply
}

export type HttpAnswer =
  | {
      readonly status: number
      readonly headers?: Readonly<Record<string, string>>
      readonly body: string
      readonly isCut?: boolean
    }
  | 'hang'

export type Protocol = (exchange: Exchange) => HttpAnswer

export const testKey = 'sk-test-KeyThatMustNeverBeSeen-0123456789abcdefghijklmnopqrstuvwxyz'

export const defaultUsage: ReplyUsage = {
  inputTokens: 1000,
  outputTokens: 200,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
}

/** Messages and Message Batches; wants `testKey`, as x-api-key or as a bearer. Models named no-such-… are unknown. */
export function startAnthropicServer(): Promise<LlmServer> {
  return startServer(anthropicProtocol(testKey), '')
}

/** Chat completions; wants `testKey`, or, without `needsKey`, no key, like a server on one's own machine. */
export function startOpenAiServer({ needsKey = true } = {}): Promise<LlmServer> {
  return startServer(openAiProtocol(needsKey ? testKey : null), '/v1')
}

async function startServer(protocol: Protocol, basePath: string): Promise<LlmServer> {
  const http = createServer(async (message, response) => {
    const request = await record(message)
    server.requests.push(request)
    const ask = (question: LlmQuestion) => {
      server.questions.push(question)
      return server.replies.shift() ?? server.otherwise(question)
    }
    const { baseUrl, areBatchesDone, submissions } = server
    const answer = protocol({ request, baseUrl, areBatchesDone, submissions, ask })
    if (answer === 'hang') return
    if (!answer.isCut) request.status = answer.status
    send(message, response, answer)
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const server: LlmServer = {
    baseUrl: `http://127.0.0.1:${(http.address() as AddressInfo).port}${basePath}`,
    requests: [],
    questions: [],
    replies: [],
    submissions: [],
    otherwise: () => ({ kind: 'answer', text: 'A plain answer.' }),
    areBatchesDone: true,
    stop: async () => {
      http.closeAllConnections()
      await new Promise((resolve) => http.close(resolve))
    },
  }
  return server
}

async function record(message: IncomingMessage): Promise<RecordedRequest> {
  const chunks: Buffer[] = []
  for await (const chunk of message) chunks.push(chunk as Buffer)
  const bodyText = Buffer.concat(chunks).toString('utf8')
  return {
    method: message.method ?? 'GET',
    path: message.url ?? '/',
    headers: message.headers,
    bodyText,
    body: bodyText === '' ? null : (JSON.parse(bodyText) as unknown),
    status: null,
    atMs: performance.now(),
  }
}

function send(message: IncomingMessage, response: ServerResponse, answer: Exclude<HttpAnswer, string>): void {
  const bytes = Buffer.from(answer.body)
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': String(bytes.length),
    ...answer.headers,
  })
  if (!answer.isCut) return void response.end(bytes)
  // The half has to be on its way before the socket closes, or the client sees no beginning either.
  response.write(bytes.subarray(0, Math.floor(bytes.length / 2)), () => message.socket.destroy())
}
