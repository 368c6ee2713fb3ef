// A loopback server that speaks Discord's API for webhooks and bots, and enforces the limits that Discord documents.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { type BotRoutes, botId, botRoutes, botToken, channelId } from './discord-bot-routes.js'
import {
  type Answer,
  answer,
  DiscordStore,
  notAllowed,
  notFound,
  parseMessage,
  readBody,
  type StoredMessage,
  shown,
  unknownMessage,
} from './discord-store.js'

/** What the next request meets instead of a plain answer. */
export type Trouble =
  | { readonly kind: 'rate-limit'; readonly retryAfterSeconds: number }
  | { readonly kind: 'status'; readonly status: number }
  /** The message is posted, but the socket closes before the answer. */
  | { readonly kind: 'drop' }
  /** The message is posted, and the answer never comes. */
  | { readonly kind: 'hang' }

export interface DiscordServer {
  readonly baseUrl: string
  readonly webhookUrl: string
  readonly webhookId: string
  readonly token: string
  readonly messages: Map<string, StoredMessage>
  /** Whether the webhook's channel is a forum. */
  readonly forum: { isOn: boolean }
  readonly bot: BotRoutes & { readonly token: string; readonly id: string; readonly channelId: string }
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

export async function startDiscordServer(): Promise<DiscordServer> {
  const webhookId = '1234567890123456789'
  const store = new DiscordStore()
  const { messages } = store
  const bot = botRoutes(store)
  const forum = { isOn: false }
  const requests: DiscordServer['requests'] = []
  const troubles: Trouble[] = []

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
    if (!url.pathname.startsWith('/api/v10/webhooks/')) return bot.route(method, url, request, raw)
    const match = /^\/api\/v10\/webhooks\/(\d+)\/([\w-]+)(?:\/messages\/(\d+))?$/.exec(url.pathname)
    if (!match) return notFound
    if (match[1] !== webhookId) return { status: 404, body: { message: 'Unknown Webhook', code: 10015 } }
    if (match[2] !== testToken)
      return { status: 401, body: { message: 'Invalid Webhook Token', code: 50027 } }
    const messageId = match[3]
    if (messageId === undefined && method === 'GET')
      return { status: 200, body: { id: webhookId, type: 1, channel_id: '1', name: 'Debrief' } }
    if (messageId === undefined) return method === 'POST' ? post(url, request, raw) : notAllowed
    const message = messages.get(messageId)
    if (!message || message.threadId !== url.searchParams.get('thread_id')) return unknownMessage
    if (method === 'GET') return { status: 200, body: shown(message) }
    if (method === 'PATCH') return store.patch(message, request, raw)
    if (method !== 'DELETE') return notAllowed
    messages.delete(messageId)
    return { status: 204 }
  }

  async function post(url: URL, request: IncomingMessage, raw: Buffer): Promise<Answer> {
    const name = (await parseMessage(request, raw)).body.thread_name
    const threadId = url.searchParams.get('thread_id')
    const problem = placeProblem(name, threadId, forum.isOn)
    if (problem) return problem
    const posted = await store.post(request, raw, {
      threadId: name === undefined ? threadId : store.nextId(),
      authorId: webhookId,
    })
    if ('refused' in posted) return posted.refused
    return url.searchParams.get('wait') === 'true'
      ? { status: 200, body: shown(posted.message) }
      : { status: 204 }
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
    forum,
    bot: { ...bot, token: botToken, id: botId, channelId },
    requests,
    troubles,
    stop: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** Where a webhook may post: a forum wants the name of a new post or an existing one, another channel knows no names. */
function placeProblem(name: string | undefined, threadId: string | null, isForum: boolean): Answer | null {
  const refuse = (code: number, message: string) => ({ status: 400, body: { message, code } })
  if (name !== undefined && threadId !== null)
    return refuse(220002, 'Webhooks posted to forum channels cannot have both a thread_name and thread_id')
  if (name !== undefined && !isForum)
    return refuse(220003, 'Webhooks can only create threads in forum channels')
  if (isForum && name === undefined && threadId === null)
    return refuse(220001, 'Webhooks posted to forum channels must have a thread_name or thread_id')
  return null
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
