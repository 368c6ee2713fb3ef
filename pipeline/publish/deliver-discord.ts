// One message to one place: posted once, edited afterwards, and never repeated where nobody knows if it arrived.
import { createHash } from 'node:crypto'
import { messageOf } from '../errors.js'
import type { DiscordAddress } from './addresses.js'
import type { Channel, Posted } from './channel.js'
import type { Delivery, DeliveryBook, KnownDelivery } from './deliveries.js'
import { DiscordError } from './discord-errors.js'
import type { PublishEffects } from './effects.js'
import type { DiscordMessage } from './message.js'

export interface DiscordPost {
  readonly message: DiscordMessage
  readonly picture: Buffer | null
  /** Makes a post of this name in a forum. */
  readonly threadName: string | null
  /** The same for the same content: taken with the link that does not change. */
  readonly contentSha256: string
  /** A presigned link is edited in anew each time, or it would expire with the message. */
  readonly hasFreshLink: boolean
  /** The upload failed: a message that stands keeps the link it has. */
  readonly isLinkMissing: boolean
  readonly isRepost: boolean
  /** Whose message it is, so that two machines may post the same week into one channel. */
  readonly owner: string
}

/** One delivery while it is under way. */
interface Shipping {
  readonly target: string
  readonly channel: Channel
  readonly post: DiscordPost
  readonly book: DeliveryBook
  readonly effects: Pick<PublishEffects, 'sleep'>
}

type Shipped = Pick<Delivery, 'status' | 'detail'>
const backOffMs = [1000, 2000, 4000]
const howToResolve = 'look whether the message is there; `debrief publish --repost` sends it again'

export function messageSha256(message: DiscordMessage, picture: Buffer | null): string {
  return createHash('sha256')
    .update(JSON.stringify(message))
    .update(picture ?? '')
    .digest('hex')
}

/** `openChannel` is called only where a request is to be made; the caller closes what it opens. */
export async function deliverToDiscord(
  target: string,
  openChannel: () => Promise<Channel>,
  post: DiscordPost,
  book: DeliveryBook,
  effects: Pick<PublishEffects, 'sleep'>,
): Promise<Delivery> {
  const row = await book.find(target)
  const known = settledWithoutRequest(row, post)
  if (known) return { target, ...known }
  const shipping = { target, channel: await openChannel(), post, book, effects }
  return { target, ...(await ship(shipping, row)) }
}

/** Opens a channel where a request is to be made, and closes it again. */
export async function deliverAlone(
  address: DiscordAddress,
  post: DiscordPost,
  book: DeliveryBook,
  effects: PublishEffects,
): Promise<Delivery> {
  const opened: Channel[] = []
  const open = async () => {
    const channel =
      address.kind === 'bot' ? await effects.openBot(address) : await effects.openWebhook(address)
    opened.push(channel)
    return channel
  }
  try {
    return await deliverToDiscord(address.target, open, post, book, effects)
  } finally {
    for (const channel of opened) channel.close()
  }
}

async function ship(shipping: Shipping, row: KnownDelivery | null): Promise<Shipped> {
  if (row?.remoteId) return editOrSend(shipping, { messageId: row.remoteId, threadId: row.threadId ?? null })
  // A send of an earlier run whose answer never came.
  if (row?.status === 'intended' || row?.status === 'unknown') return resolveOpen(shipping, row)
  return sendNew(shipping, null)
}

/** What needs no request: nothing changed, or nothing better to say than what stands there. */
function settledWithoutRequest(row: KnownDelivery | null, post: DiscordPost): Shipped | null {
  if (!row || row.remoteId === null) return null
  if (post.isLinkMissing)
    return { status: 'failed', detail: 'waiting for the upload: the posted message stays as it is' }
  const isSame = row.status === 'delivered' && row.contentSha256 === post.contentSha256 && !post.hasFreshLink
  return isSame ? { status: 'unchanged', detail: `message ${row.remoteId} says the same already` } : null
}

/** Who can read looks whether the message is there; for anybody else a person has to. */
async function resolveOpen(shipping: Shipping, row: KnownDelivery): Promise<Shipped> {
  const { target, channel, post, book, effects } = shipping
  if (channel.find === null) {
    if (post.isRepost) return sendNew(shipping, null)
    const problem = 'an earlier send got no answer'
    // A run that was killed could not write this down itself.
    if (row.status === 'intended')
      await book.settle(target, { status: 'unknown', remoteId: null, contentSha256: null }, problem)
    return { status: 'unknown', detail: `${problem}: ${howToResolve}` }
  }
  const find = channel.find
  let found: Posted | null
  try {
    found = await withBackOff(effects, true, () => find(post.message, row.intendedAt))
  } catch (error) {
    if (post.isRepost) return sendNew(shipping, null)
    const detail = `an earlier send got no answer, and the channel could not be read: ${messageOf(error)}`
    return { status: 'unknown', detail }
  }
  return found === null ? sendNew(shipping, null) : editOrSend(shipping, found)
}

/** `gone` is the message that this one replaces. */
async function sendNew(shipping: Shipping, gone: Posted | null): Promise<Shipped> {
  const { target, channel, post, book, effects } = shipping
  const { message, picture, threadName } = post
  const nonce = nonceOf(`${post.owner}/${book.idOf(target)}/${gone?.messageId ?? ''}`)
  await book.intend(target, null)
  let posted: Posted
  try {
    // Where the server knows the nonce, a second request for the same message posts nothing.
    posted = await withBackOff(effects, channel.find !== null, () =>
      channel.send(message, picture, { nonce, threadName }),
    )
  } catch (error) {
    return settleFailure(shipping, null, error)
  }
  await settlePosted(shipping, posted)
  const withoutLink = post.isLinkMissing ? ', without the link: it follows when the upload succeeds' : ''
  return { status: 'delivered', detail: `posted as message ${posted.messageId}${withoutLink}` }
}

async function editOrSend(shipping: Shipping, posted: Posted): Promise<Shipped> {
  const { target, channel, post, book, effects } = shipping
  await book.intend(target, posted.messageId, posted.threadId)
  try {
    await withBackOff(effects, true, () => channel.edit(posted, post.message, post.picture))
  } catch (error) {
    if (error instanceof DiscordError && error.kind === 'gone') return sendNew(shipping, posted)
    return settleFailure(shipping, posted, error)
  }
  await settlePosted(shipping, posted)
  return { status: 'delivered', detail: `edited message ${posted.messageId}` }
}

async function settlePosted({ target, book, post }: Shipping, posted: Posted): Promise<void> {
  await book.settle(target, {
    status: 'delivered',
    remoteId: posted.messageId,
    threadId: posted.threadId,
    contentSha256: post.contentSha256,
  })
}

async function settleFailure(
  { target, channel, book }: Shipping,
  posted: Posted | null,
  error: unknown,
): Promise<Shipped> {
  const isUnanswered = !(error instanceof DiscordError) || error.kind === 'unanswered'
  const status = isUnanswered ? 'unknown' : 'failed'
  const remoteId = posted?.messageId ?? null
  const threadId = posted?.threadId ?? null
  await book.settle(target, { status, remoteId, threadId, contentSha256: null }, messageOf(error))
  const advice = channel.find === null ? howToResolve : 'the next run looks whether the message is there'
  return { status, detail: messageOf(error) + (isUnanswered && posted === null ? `; ${advice}` : '') }
}

/** Discord takes 25 characters. */
function nonceOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 25)
}

/** Repeats what the server failed at, and where repeating does no harm also what was not answered. */
async function withBackOff<T>(
  effects: Pick<PublishEffects, 'sleep'>,
  isRepeatable: boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (const delayMs of backOffMs) {
    try {
      return await attempt()
    } catch (error) {
      const kind = error instanceof DiscordError ? error.kind : null
      if (kind !== 'busy' && !(isRepeatable && kind === 'unanswered')) throw error
      await effects.sleep(delayMs)
    }
  }
  return attempt()
}

/** What a dry run shows instead of sending: the message as it is, and never the address. */
export function previewMessage(target: string, { message, picture }: DiscordPost): Delivery {
  const { picture: attachment, ...body } = message
  const attached = attachment ? `${attachment.name} (${picture?.length ?? 0} bytes)` : 'nothing'
  const detail = `would post this message, with ${attached} attached:\n${JSON.stringify(body, null, 2)}`
  return { target, status: 'dry-run', detail }
}
