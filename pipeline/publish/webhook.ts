// A Discord webhook through discord.js: it can send and edit, and nothing else.
import type { Secret } from '../secret.js'
import { type Channel, restOptions } from './channel.js'
import { DiscordError, explained } from './discord-errors.js'
import type { DiscordMessage } from './message.js'

export interface WebhookAddress {
  readonly kind: 'webhook'
  /** `discord:<id>`, or `discord:<id>:<thread>`: safe to show and to store. */
  readonly target: string
  readonly id: string
  readonly token: Secret
  readonly threadId: string | null
  /** The template for the name of a forum's post; null where the channel is no forum. */
  readonly threadName: string | null
  readonly apiBaseUrl: string
}

export async function openWebhook(address: WebhookAddress, answerTimeoutMs = 30_000): Promise<Channel> {
  const { WebhookClient } = await import('discord.js')
  const client = new WebhookClient(
    { id: address.id, token: address.token.reveal() },
    { allowedMentions: { parse: [] }, rest: restOptions(address.apiBaseUrl, answerTimeoutMs) },
  )
  const threadOf = (threadId: string | null) => (threadId === null ? {} : { threadId })
  return {
    send: (message, picture, { threadName }) =>
      explained(async () => {
        const place = threadName === null ? threadOf(address.threadId) : { threadName }
        const answer: unknown = await client.send({ ...place, ...bodyOf(message, picture) })
        if (!isMessage(answer))
          throw new DiscordError(
            'unanswered',
            'expected a message with an id as the answer, got something else',
          )
        const made = threadName === null ? null : (answer.channel_id ?? null)
        return { messageId: answer.id, threadId: made }
      }),
    edit: ({ messageId, threadId }, message, picture) =>
      explained(async () => {
        const place = threadOf(threadId ?? address.threadId)
        await client.editMessage(messageId, { ...place, ...bodyOf(message, picture), attachments: [] })
      }),
    find: null,
    close: () => client.destroy(),
  }
}

function isMessage(answer: unknown): answer is { readonly id: string; readonly channel_id?: string } {
  return typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string'
}

function bodyOf({ content, embeds, allowedMentions, picture }: DiscordMessage, bytes: Buffer | null) {
  const files =
    picture && bytes ? [{ attachment: bytes, name: picture.name, description: picture.altText }] : []
  const plainEmbeds = embeds.map((embed) => ({ ...embed, fields: [...embed.fields] }))
  return { content, embeds: plainEmbeds, allowedMentions: { ...allowedMentions, parse: [] }, files }
}
