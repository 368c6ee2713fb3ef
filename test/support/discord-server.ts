// A loopback server that speaks Discord's webhook API and enforces the limits that Discord documents.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type DiscordFile, type MessageBody, pingsOf, validateMessage } from './discord-limits.js'

/** What the next request meets instead of a plain answer. */
export type Trouble =
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'status'; readonly status: number }
  /** The message is posted, but the socket closes before the answer. */
  | { readonly kind: 'drop' }
  /** The message is posted, and the answer never comes. */
  | { readonly kind: 'hang' }

export interface StoredFile extends DiscordFile {
  readonly id: string
}

export interface StoredMessage {
  readonly id: string
  readonly threadId: string | null
  body: MessageBody
  /** Attachments as they stand now. */
  files: StoredFile[]
  /** Whom Discord would have notified. */
  pings: string[]
}

export interface DiscordServer {
  readonly baseUrl: string
  readonly webhookUrl: string
  readonly webhookId: string
  readonly token: string
  readonly messages: Map<string, StoredMessage>
  readonly requests: {
    readonly method: string
    readonly path: string
    readonly status: number | null
    readonly atMs: number
  }[]
  /** Met by the coming requests, first in, first out. */
  readonly troubles: Trouble[]
  stop(): Promise<void>
}

export const testToken = 'tok_EnThatMustNeverBeSeen-0123456789abcdefghijklmnopqrstuvwxyzABCDEF'

interface Answer {
  readonly status: number
  readonly body?: object
}

const unknownMessage: Answer = { status: 404, body: { message: 'Unknown Message', code: 10008 } }

export async function startDiscordServer(): Promise<DiscordServer> {
  const webhookId = '1234567890123456789'
  const messages: DiscordServer['messages'] = new Map()
  const requests: DiscordServer['requests'] = []
  const troubles: Trouble[] = []
  let lastId = 9000000000000000000n

  const server = createServer(async (request, response) => {
    const path = request.url ?? '/'
    const method = request.method ?? 'GET'
    const log = (status: number | null) => requests.push({ method, path, status, atMs: performance.now() })
    const trouble = troubles.shift()
    const body = await readBody(request)
    if (trouble?.kind === 'rate-limit') {
      log(429)
      return rateLimit(response, trouble.retryAfterSeconds)
    }
    if (trouble?.kind === 'status') {
      log(trouble.status)
      return answer(response, { status: trouble.status })
    }
    const result = await route(method, new URL(path, 'http://loopback'), request, body)
    if (trouble) {
      log(null)
      if (trouble.kind === 'drop') request.socket.destroy()
      return
    }
    log(result.status)
    answer(response, result)
  })

  async function route(method: string, url: URL, request: IncomingMessage, raw: Buffer): Promise<Answer> {
    const match = /^\/api\/v10\/webhooks\/(\d+)\/([\w-]+)(?:\/messages\/(\d+))?$/.exec(url.pathname)
    if (!match) return { status: 404, body: { message: '404: Not Found', code: 0 } }
    if (match[1] !== webhookId) return { status: 404, body: { message: 'Unknown Webhook', code: 10015 } }
    if (match[2] !== testToken)
      return { status: 401, body: { message: 'Invalid Webhook Token', code: 50027 } }
    const messageId = match[3]
    if (messageId === undefined && method === 'GET')
      return { status: 200, body: { id: webhookId, type: 1, channel_id: '1', name: 'Debrief' } }
    if (messageId === undefined) return method === 'POST' ? post(url, request, raw) : notAllowed()
    const message = messages.get(messageId)
    if (!message || message.threadId !== url.searchParams.get('thread_id')) return unknownMessage
    if (method === 'GET') return { status: 200, body: shown(message) }
    if (method === 'PATCH') return patch(message, request, raw)
    if (method !== 'DELETE') return notAllowed()
    messages.delete(messageId)
    return { status: 204 }
  }

  const withId = (file: DiscordFile): StoredFile => ({ ...file, id: String(++lastId) })

  async function post(url: URL, request: IncomingMessage, raw: Buffer): Promise<Answer> {
    const { body, files } = await parseMessage(request, raw)
    const problem = validateMessage(body, files)
    if (problem) return problem
    const message: StoredMessage = {
      id: String(++lastId),
      threadId: url.searchParams.get('thread_id'),
      body,
      files: files.map(withId),
      pings: pingsOf(body),
    }
    messages.set(message.id, message)
    return url.searchParams.get('wait') === 'true' ? { status: 200, body: shown(message) } : { status: 204 }
  }

  async function patch(message: StoredMessage, request: IncomingMessage, raw: Buffer): Promise<Answer> {
    const { body, files } = await parseMessage(request, raw)
    const merged = { ...message.body, ...body }
    const problem = validateMessage(merged, files)
    if (problem) return problem
    // Old attachments stay unless `attachments` lists what to keep; files of this request are always added.
    const kept = message.files.filter(
      ({ id }) => !body.attachments || body.attachments.some((a) => a.id === id),
    )
    message.files = [...kept, ...files.map(withId)]
    message.body = merged
    message.pings = pingsOf(merged)
    return { status: 200, body: shown(message) }
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address')
  const baseUrl = `http://127.0.0.1:${address.port}/api`
  return {
    baseUrl,
    webhookUrl: `https://discord.com/api/webhooks/${webhookId}/${testToken}`,
    webhookId,
    token: testToken,
    messages,
    requests,
    troubles,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

function shown(message: StoredMessage): object {
  const attachments = message.files.map(({ id, name, bytes }) => ({ id, filename: name, size: bytes.length }))
  return { id: message.id, type: 0, channel_id: '1', ...message.body, attachments }
}

function notAllowed(): Answer {
  return { status: 405, body: { message: '405: Method Not Allowed', code: 0 } }
}

function answer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, body ? { 'content-type': 'application/json' } : {})
  response.end(body ? JSON.stringify(body) : undefined)
}

function rateLimit(response: ServerResponse, retryAfterSeconds: number): void {
  response.writeHead(429, {
    'content-type': 'application/json',
    'retry-after': String(retryAfterSeconds),
    'x-ratelimit-scope': 'user',
    'x-ratelimit-limit': '5',
    'x-ratelimit-remaining': '0',
    'x-ratelimit-reset-after': String(retryAfterSeconds),
    'x-ratelimit-bucket': 'loopback',
  })
  response.end(
    JSON.stringify({ message: 'You are being rate limited.', retry_after: retryAfterSeconds, global: false }),
  )
}

async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

async function parseMessage(
  request: IncomingMessage,
  raw: Buffer,
): Promise<{ body: MessageBody; files: DiscordFile[] }> {
  const type = request.headers['content-type'] ?? ''
  if (!type.startsWith('multipart/form-data'))
    return { body: JSON.parse(raw.toString('utf8')) as MessageBody, files: [] }
  const form = await new Response(new Uint8Array(raw), { headers: { 'content-type': type } }).formData()
  const files: DiscordFile[] = []
  for (const [field, value] of form.entries()) {
    if (typeof value === 'string' || !field.startsWith('files[')) continue
    files.push({ name: value.name, bytes: Buffer.from(await value.arrayBuffer()) })
  }
  return { body: JSON.parse(String(form.get('payload_json') ?? '{}')) as MessageBody, files }
}
