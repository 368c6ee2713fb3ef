// A Discord bot through discord.js, by requests alone: it can also read its channel, and what people answer tips with.
import type { Secret } from '../secret.js'
import { type Channel, restOptions } from './channel.js'
import { DiscordError, explained } from './discord-errors.js'
import type { DiscordMessage } from './message.js'

export interface BotAddress {
  readonly kind: 'bot'
  /** `discord:bot:<channel>`: safe to show and to store. */
  readonly target: string
  readonly channelId: string
  readonly token: Secret
  readonly apiBaseUrl: string
}

export interface Bot extends Channel {
  react(messageId: string, emoji: string): Promise<void>
  /** How many people answered with this emoji, the bot itself not counted; null where the message is gone. */
  countReactions(messageId: string): Promise<ReadonlyMap<string, number> | null>
}

interface ApiMessage {
  readonly id: string
  readonly content?: string
  readonly author?: { readonly id?: string }
  readonly embeds?: readonly { readonly footer?: { readonly text?: string } }[]
  readonly reactions?: readonly {
    readonly count: number
    readonly me: boolean
    readonly emoji: { readonly name: string | null }
  }[]
}

const pageSize = 100
const maxPages = 50
/** Clocks differ, so the search begins earlier than the send. */
const searchMarginMs = 24 * 3600_000
const discordEpochMs = 1_420_070_400_000

export async function openBot(address: BotAddress, answerTimeoutMs = 30_000): Promise<Bot> {
  const { REST, Routes } = await import('discord.js')
  const rest = new REST({ version: '10', ...restOptions(address.apiBaseUrl, answerTimeoutMs) })
  rest.setToken(address.token.reveal())
  const channelId = address.channelId
  const readPage = async (after: string) =>
    (await rest.get(Routes.channelMessages(channelId), {
      query: new URLSearchParams({ limit: String(pageSize), after }),
    })) as ApiMessage[]
  return {
    send: (message, picture, { nonce }) =>
      explained(async () => {
        const body = { ...bodyOf(message), nonce, enforce_nonce: true }
        const answer = (await rest.post(Routes.channelMessages(channelId), {
          body,
          files: filesOf(message, picture),
        })) as Partial<ApiMessage> | null
        if (typeof answer?.id !== 'string')
          throw new DiscordError('unanswered', 'expected a message with an id as the answer, got none')
        return { messageId: answer.id, threadId: null }
      }),
    edit: ({ messageId }, message, picture) =>
      explained(async () => {
        await rest.patch(Routes.channelMessage(channelId, messageId), {
          body: bodyOf(message),
          files: filesOf(message, picture),
        })
      }),
    find: (message, sentAt) =>
      explained(async () => {
        const since = snowflakeAt(sentAt.getTime() - searchMarginMs)
        const channel = (await rest.get(Routes.channel(channelId))) as { last_message_id?: string | null }
        if (BigInt(channel.last_message_id ?? 0) <= BigInt(since)) return null
        const me = (await rest.get(Routes.user())) as { id: string }
        const messageId = await findOwn(readPage, since, me.id, markOf(message))
        return messageId === null ? null : { messageId, threadId: null }
      }),
    react: (messageId, emoji) =>
      explained(async () => {
        const name = encodeURIComponent(emoji)
        await rest.put(Routes.channelMessageOwnReaction(channelId, messageId, name))
      }),
    countReactions: (messageId) =>
      explained(async () => {
        const message = (await rest.get(Routes.channelMessage(channelId, messageId))) as ApiMessage
        return new Map(
          (message.reactions ?? []).map(({ emoji, count, me }) => [emoji.name ?? '', count - (me ? 1 : 0)]),
        )
      }).catch((error: unknown) => {
        if (error instanceof DiscordError && error.kind === 'gone') return null
        throw error
      }),
    close: () => {
      rest.clearHashSweeper()
      rest.clearHandlerSweeper()
    },
  }
}

/** Looks through all that was posted since. Discord shows no message, and no error, to a bot that may not read. */
async function findOwn(
  readPage: (after: string) => Promise<readonly ApiMessage[]>,
  since: string,
  ownId: string,
  mark: string,
): Promise<string | null> {
  let after = since
  for (let page = 0; page < maxPages; page++) {
    const messages = await readPage(after)
    const own = messages.find(({ author, content, embeds }) => {
      const found = embeds?.[0]?.footer?.text ?? withoutLinks(content ?? '')
      return author?.id === ownId && found === mark
    })
    if (own !== undefined) return own.id
    if (messages.length === 0 && page === 0)
      throw new DiscordError('refused', 'the channel shows no message: the bot needs Read Message History')
    if (messages.length < pageSize) return null
    after = messages
      .map(({ id }) => BigInt(id))
      .reduce((a, b) => (a > b ? a : b))
      .toString()
  }
  throw new DiscordError('refused', `not found among the first ${maxPages * pageSize} messages since`)
}

/** What tells one message of ours from another: a digest’s footer says whose it is and of when. */
function markOf({ content, embeds }: DiscordMessage): string {
  return embeds[0]?.footer?.text ?? withoutLinks(content)
}

/** A presigned link is another each time. */
function withoutLinks(content: string): string {
  return content.replace(/\(<[^>]*>\)/g, '')
}

function snowflakeAt(timeMs: number): string {
  return (BigInt(Math.max(0, timeMs - discordEpochMs)) << 22n).toString()
}

function bodyOf({ content, embeds, picture }: DiscordMessage) {
  // Naming what is attached also takes away what was.
  const attachments = picture === null ? [] : [{ id: 0, description: picture.altText }]
  return { content, embeds, allowed_mentions: { parse: [] }, attachments }
}

function filesOf({ picture }: DiscordMessage, bytes: Buffer | null) {
  return picture && bytes ? [{ name: picture.name, data: bytes }] : []
}
