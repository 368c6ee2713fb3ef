// A Discord webhook through discord.js, whose many failures become the few that matter here: was it sent, or not?
import type { DiscordSpec } from '../config.js'
import { messageOf } from '../errors.js'
import { Secret } from '../secret.js'
import type { DigestMessage } from './message.js'

/** How a request failed, by what may be done about it. */
export type FailureKind =
  /** It never reached the server. */
  | 'unsent'
  /** The server had a problem of its own and may do better later. */
  | 'busy'
  /** The message that was to be edited does not exist any more. */
  | 'gone'
  /** The server refused it. */
  | 'refused'
  /** It may have reached the server, but no answer came. */
  | 'unanswered'

export class WebhookError extends Error {
  override readonly name = 'WebhookError'
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message)
  }
}

export interface WebhookAddress {
  /** `discord:<id>`, or `discord:<id>:<thread>`: safe to show and to store. */
  readonly target: string
  readonly id: string
  readonly token: Secret
  readonly threadId: string | null
  readonly apiBaseUrl: string
}

export interface Webhook {
  /** Posts a message and returns its id. */
  send(message: DigestMessage, picture: Buffer | null): Promise<string>
  edit(messageId: string, message: DigestMessage, picture: Buffer | null): Promise<void>
  close(): void
}

const discordHosts = /^(?:(?:ptb|canary)\.)?discord(?:app)?\.com$/
const maxRateLimitWaitMs = 5 * 60_000
const maxRateLimitCount = 10

/** Id and token out of a webhook's URL, or null where it is none. discord.js's own parser refuses other hosts. */
export function parseWebhookUrl(url: Secret, spec: DiscordSpec): WebhookAddress | null {
  const parsed = URL.canParse(url.reveal()) ? new URL(url.reveal()) : null
  const match = parsed && /\/webhooks\/(\d{1,20})\/([\w-]+)\/?$/.exec(parsed.pathname)
  if (!parsed || !match?.[1] || !match[2]) return null
  if (spec.api_base_url === null && !discordHosts.test(parsed.hostname)) return null
  return {
    target: ['discord', match[1], ...(spec.thread_id === null ? [] : [spec.thread_id])].join(':'),
    id: match[1],
    token: new Secret(match[2]),
    threadId: spec.thread_id,
    apiBaseUrl: (spec.api_base_url ?? 'https://discord.com/api').replace(/\/+$/, ''),
  }
}

export async function openWebhook(address: WebhookAddress, answerTimeoutMs = 30_000): Promise<Webhook> {
  const { WebhookClient } = await import('discord.js')
  let rateLimitCount = 0
  const client = new WebhookClient(
    { id: address.id, token: address.token.reveal() },
    {
      allowedMentions: { parse: [] },
      rest: {
        api: address.apiBaseUrl,
        retries: 0, // discord.js repeats at once, and even where the message may have been posted
        timeout: answerTimeoutMs,
        rejectOnRateLimit: ({ timeToReset }) =>
          timeToReset > maxRateLimitWaitMs || ++rateLimitCount > maxRateLimitCount,
      },
    },
  )
  const thread = address.threadId === null ? {} : { threadId: address.threadId }
  return {
    send: (message, picture) =>
      explained(async () => {
        const answer: unknown = await client.send({ ...thread, ...bodyOf(message, picture) })
        if (typeof answer === 'object' && answer !== null && 'id' in answer && typeof answer.id === 'string')
          return answer.id
        throw new WebhookError(
          'unanswered',
          'expected a message with an id as the answer, got something else',
        )
      }),
    edit: (messageId, message, picture) =>
      explained(async () => {
        await client.editMessage(messageId, { ...thread, ...bodyOf(message, picture), attachments: [] })
      }),
    close: () => client.destroy(),
  }
}

function bodyOf({ content, embeds, allowedMentions, picture }: DigestMessage, bytes: Buffer | null) {
  const files =
    picture && bytes ? [{ attachment: bytes, name: picture.name, description: picture.altText }] : []
  const plainEmbeds = embeds.map((embed) => ({ ...embed, fields: [...embed.fields] }))
  return { content, embeds: plainEmbeds, allowedMentions: { ...allowedMentions, parse: [] }, files }
}

async function explained<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw error instanceof WebhookError ? error : webhookErrorOf(error)
  }
}

/** Only the message is kept of an error of discord.js: its `url` holds the token. */
export function webhookErrorOf(error: unknown): WebhookError {
  const { status, code, name, timeToReset } = factsOf(error)
  if (typeof timeToReset === 'number')
    return new WebhookError(
      'refused',
      `Discord asks to wait ${Math.ceil(timeToReset / 1000)} s: too long for one run`,
    )
  // A gateway that gave up waiting does not know either whether the message was posted.
  if (status === 504) return new WebhookError('unanswered', 'the gateway got no answer in time (504)')
  if (typeof status === 'number' && status >= 500)
    return new WebhookError('busy', `Discord answered ${status}`)
  if (status === 404 && code === 10008)
    return new WebhookError('gone', 'the message does not exist any more (10008)')
  if (typeof status === 'number')
    return new WebhookError('refused', `${messageOf(error)} (${status}, code ${code ?? 'none'})`)
  if (
    typeof code === 'string' &&
    (unsentCodes.has(code) || /^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
  )
    return new WebhookError('unsent', `Discord could not be reached (${code})`)
  if (typeof name === 'string' && name.startsWith('Discordjs'))
    return new WebhookError('refused', messageOf(error))
  return new WebhookError(
    'unanswered',
    name === 'AbortError' ? 'no answer in time' : `no answer: ${messageOf(error)}`,
  )
}

const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EHOSTDOWN',
  'UND_ERR_CONNECT_TIMEOUT',
])

interface ErrorFacts {
  readonly name?: unknown
  readonly status?: unknown
  readonly code?: string | number
  readonly timeToReset?: unknown
}

function factsOf(error: unknown): ErrorFacts {
  return typeof error === 'object' && error !== null ? error : {}
}
