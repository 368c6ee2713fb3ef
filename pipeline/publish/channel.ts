// Where messages go, whoever sends them: what a webhook and a bot have in common.
import type { DiscordMessage } from './message.js'

/** A message as it stands in Discord. */
export interface Posted {
  readonly messageId: string
  /** The thread that was made for it; null where it went where it was told to. */
  readonly threadId: string | null
}

export interface SendOptions {
  /** The same for the same message, so that a server that knows it posts it once. */
  readonly nonce: string
  /** Makes a post of this name in a forum. */
  readonly threadName: string | null
}

export interface Channel {
  send(message: DiscordMessage, picture: Buffer | null, options: SendOptions): Promise<Posted>
  edit(posted: Posted, message: DiscordMessage, picture: Buffer | null): Promise<void>
  /** Whether an earlier send arrived after all; null for a webhook, which cannot read. */
  readonly find: ((message: DiscordMessage, sentAt: Date) => Promise<Posted | null>) | null
  close(): void
}

export const officialApi = 'https://discord.com/api'
const maxRateLimitWaitMs = 5 * 60_000
const maxRateLimitCount = 10

/** How discord.js is to make requests: a 429 is waited out within reason, and nothing else is repeated. */
export function restOptions(apiBaseUrl: string, timeoutMs: number) {
  let rateLimitCount = 0
  return {
    api: apiBaseUrl,
    retries: 0, // discord.js repeats at once, and even where the message may have been posted
    timeout: timeoutMs,
    rejectOnRateLimit: ({ timeToReset }: { readonly timeToReset: number }) =>
      timeToReset > maxRateLimitWaitMs || ++rateLimitCount > maxRateLimitCount,
  }
}
