// The many failures of discord.js as the few that matter here: was it sent, or not?
import { messageOf } from '../errors.js'

/** How a request failed, by what may be done about it. */
export type FailureKind =
  /** It never reached the server. */
  | 'unsent'
  /** The server had a problem of its own and may do better later. */
  | 'busy'
  /** The message that was to be edited, or the thread it lay in, does not exist any more. */
  | 'gone'
  /** The server refused it. */
  | 'refused'
  /** It may have reached the server, but no answer came. */
  | 'unanswered'

export class DiscordError extends Error {
  override readonly name = 'DiscordError'
  constructor(
    readonly kind: FailureKind,
    message: string,
  ) {
    super(message)
  }
}

/** Any failure of the request becomes a DiscordError. */
export async function explained<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request()
  } catch (error) {
    throw error instanceof DiscordError ? error : discordErrorOf(error)
  }
}

/** What a person does about a refusal, by Discord's code. */
const advice: Readonly<Record<number, string>> = {
  50001: 'the bot does not see the channel: it needs View Channel there',
  50013:
    'the bot may not do this: it needs Send Messages, Embed Links, Attach Files, Add Reactions and Read Message History',
  220001: 'the webhook belongs to a forum: give thread_name or thread_id',
  220003: 'the webhook belongs to no forum: leave thread_name away',
}

/** Only the message is kept of an error of discord.js: its `url` holds the token. */
export function discordErrorOf(error: unknown): DiscordError {
  const { status, code, name, timeToReset } = factsOf(error)
  if (typeof timeToReset === 'number')
    return new DiscordError(
      'refused',
      `Discord asks to wait ${Math.ceil(timeToReset / 1000)} s: too long for one run`,
    )
  // A gateway that gave up waiting does not know either whether the message was posted.
  if (status === 504) return new DiscordError('unanswered', 'the gateway got no answer in time (504)')
  if (typeof status === 'number' && status >= 500)
    return new DiscordError('busy', `Discord answered ${status}`)
  if (status === 404 && (code === 10008 || code === 10003))
    return new DiscordError(
      'gone',
      `the ${code === 10008 ? 'message' : 'channel'} does not exist any more (${code})`,
    )
  if (typeof status === 'number') {
    const refusal = `${messageOf(error)} (${status}, code ${code ?? 'none'})`
    const hint = typeof code === 'number' ? advice[code] : undefined
    return new DiscordError('refused', hint === undefined ? refusal : `${refusal}: ${hint}`)
  }
  if (
    typeof code === 'string' &&
    (unsentCodes.has(code) || /^(CERT_|ERR_TLS_|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO)/.test(code))
  )
    return new DiscordError('unsent', `Discord could not be reached (${code})`)
  if (typeof name === 'string' && name.startsWith('Discordjs'))
    return new DiscordError('refused', messageOf(error))
  return new DiscordError(
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
