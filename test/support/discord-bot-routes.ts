// The routes of the loopback Discord that a bot uses: messages of a channel, reactions, and what a bot may not do.
import type { IncomingMessage } from 'node:http'
import {
  type Answer,
  type DiscordStore,
  notAllowed,
  notFound,
  type StoredMessage,
  shown,
  unknownChannel,
  unknownMessage,
} from './discord-store.js'

export const botToken = 'MTA0.Gtest.botTokenThatMustNeverBeSeen-0123456789abcdef'
export const botId = '700000000000000001'
export const channelId = '600000000000000001'

type Permission = 'ViewChannel' | 'SendMessages' | 'ReadMessageHistory' | 'AddReactions'

const missingAccess: Answer = { status: 403, body: { message: 'Missing Access', code: 50001 } }
const missingPermissions: Answer = { status: 403, body: { message: 'Missing Permissions', code: 50013 } }

export interface BotRoutes {
  /** Taken away from the bot. */
  readonly missing: Set<Permission>
  route(method: string, url: URL, request: IncomingMessage, raw: Buffer): Promise<Answer>
}

export function botRoutes(store: DiscordStore): BotRoutes {
  const missing = new Set<Permission>()
  // The thread of a message is the channel that it was posted to.
  const own = () => [...store.messages.values()].filter(({ threadId }) => threadId === channelId)

  async function route(method: string, url: URL, request: IncomingMessage, raw: Buffer): Promise<Answer> {
    if (request.headers.authorization !== `Bot ${botToken}`)
      return { status: 401, body: { message: '401: Unauthorized', code: 0 } }
    if (url.pathname === '/api/v10/users/@me') return { status: 200, body: { id: botId, bot: true } }
    const match = /^\/api\/v10\/channels\/(\d+)(?:\/messages(?:\/(\d+)(\/reactions\/.+)?)?)?$/.exec(
      url.pathname,
    )
    if (!match) return notFound
    if (match[1] !== channelId) return unknownChannel
    if (missing.has('ViewChannel')) return missingAccess
    if (!url.pathname.includes('/messages'))
      return { status: 200, body: { id: channelId, type: 0, last_message_id: own().at(-1)?.id ?? null } }
    if (match[2] === undefined) return method === 'POST' ? post(request, raw) : list(url)
    const message = own().find(({ id }) => id === match[2])
    if (!message) return unknownMessage
    if (match[3]) return react(method, message, match[3])
    if (method === 'GET')
      return missing.has('ReadMessageHistory')
        ? missingPermissions
        : { status: 200, body: shown(message, botId, channelId) }
    if (message.authorId !== botId)
      return { status: 403, body: { message: 'Cannot edit a message authored by another user', code: 50005 } }
    return method === 'PATCH' ? store.patch(message, request, raw) : notAllowed
  }

  async function post(request: IncomingMessage, raw: Buffer): Promise<Answer> {
    if (missing.has('SendMessages')) return missingPermissions
    const posted = await store.post(request, raw, { threadId: channelId, authorId: botId })
    return 'refused' in posted
      ? posted.refused
      : { status: 200, body: shown(posted.message, botId, channelId) }
  }

  /** Newest first, of those right after `after`; nothing at all, and no error, to who may not read. */
  function list(url: URL): Answer {
    const limit = Number(url.searchParams.get('limit') ?? 50)
    const after = BigInt(url.searchParams.get('after') ?? 0)
    if (limit < 1 || limit > 100) return { status: 400, body: { message: 'Invalid Form Body', code: 50035 } }
    const found = own()
      .filter(({ id }) => BigInt(id) > after)
      .slice(0, limit)
      .reverse()
    const messages = missing.has('ReadMessageHistory') ? [] : found
    return { status: 200, body: messages.map((message) => shown(message, botId, channelId)) }
  }

  function react(method: string, message: StoredMessage, path: string): Answer {
    const match = /^\/reactions\/([^/]+)(\/@me)?$/.exec(path)
    const emoji = decodeURIComponent(match?.[1] ?? '')
    const users = message.reactions.get(emoji) ?? new Set<string>()
    if (method === 'GET') return { status: 200, body: [...users].map((id) => ({ id })) }
    if (method !== 'PUT' || !match?.[2]) return notAllowed
    if (!/^\p{Extended_Pictographic}/u.test(emoji))
      return { status: 400, body: { message: 'Unknown Emoji', code: 10014 } }
    if (missing.has('AddReactions') || missing.has('ReadMessageHistory')) return missingPermissions
    message.reactions.set(emoji, users.add(botId))
    return { status: 204 }
  }

  return { missing, route }
}
