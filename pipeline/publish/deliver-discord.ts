// One digest to one webhook: posted once, edited afterwards, and never repeated where nobody knows if it arrived.
import { createHash } from 'node:crypto'
import { messageOf } from '../errors.js'
import type { Delivery, DeliveryBook, DeliveryRow } from './deliveries.js'
import { type Webhook, type WebhookAddress, WebhookError } from './discord.js'
import type { PublishEffects } from './effects.js'
import type { DigestMessage } from './message.js'

export interface DiscordPost {
  readonly message: DigestMessage
  readonly picture: Buffer | null
  /** The same for the same content: taken with the link that does not change. */
  readonly contentSha256: string
  /** A presigned link is edited in anew each time, or it would expire with the message. */
  readonly hasFreshLink: boolean
  /** The upload failed: a message that stands keeps the link it has. */
  readonly isLinkMissing: boolean
  readonly isRepost: boolean
}

type Shipped = Pick<Delivery, 'status' | 'detail'>
const backOffMs = [1000, 2000, 4000]
const howToResolve = 'look whether the message is there; `debrief publish --repost` sends it again'

export function messageSha256(message: DigestMessage, picture: Buffer | null): string {
  return createHash('sha256')
    .update(JSON.stringify(message))
    .update(picture ?? '')
    .digest('hex')
}

export async function deliverToDiscord(
  address: WebhookAddress,
  post: DiscordPost,
  book: DeliveryBook,
  effects: PublishEffects,
): Promise<Delivery> {
  const row = await book.find(address.target)
  const known = settledWithoutRequest(row, post)
  if (known) return { target: address.target, ...known }
  const webhook = await effects.openWebhook(address)
  try {
    const shipped = row?.remoteId
      ? await editOrSend(address.target, row.remoteId, webhook, post, book, effects)
      : await sendNew(address.target, webhook, post, book, effects)
    return { target: address.target, ...shipped }
  } finally {
    webhook.close()
  }
}

/** What needs no request: nothing changed, nothing may be sent, or nothing better to say than what stands there. */
function settledWithoutRequest(row: DeliveryRow | null, post: DiscordPost): Shipped | null {
  if (!row) return null
  if (row.remoteId === null) {
    const isOpen = row.status === 'intended' || row.status === 'unknown'
    return isOpen && !post.isRepost
      ? { status: 'unknown', detail: `an earlier send got no answer: ${howToResolve}` }
      : null
  }
  if (post.isLinkMissing)
    return { status: 'failed', detail: 'waiting for the upload: the posted message stays as it is' }
  const isSame = row.status === 'delivered' && row.contentSha256 === post.contentSha256 && !post.hasFreshLink
  return isSame ? { status: 'unchanged', detail: `message ${row.remoteId} says the same already` } : null
}

async function sendNew(
  target: string,
  webhook: Webhook,
  post: DiscordPost,
  book: DeliveryBook,
  effects: PublishEffects,
): Promise<Shipped> {
  await book.intend(target, null)
  let messageId: string
  try {
    messageId = await withBackOff(effects, false, () => webhook.send(post.message, post.picture))
  } catch (error) {
    return settleFailure(target, null, error, book)
  }
  await book.settle(target, { status: 'delivered', remoteId: messageId, contentSha256: post.contentSha256 })
  const withoutLink = post.isLinkMissing ? ', without the link: it follows when the upload succeeds' : ''
  return { status: 'delivered', detail: `posted as message ${messageId}${withoutLink}` }
}

async function editOrSend(
  target: string,
  messageId: string,
  webhook: Webhook,
  post: DiscordPost,
  book: DeliveryBook,
  effects: PublishEffects,
): Promise<Shipped> {
  await book.intend(target, messageId)
  try {
    await withBackOff(effects, true, () => webhook.edit(messageId, post.message, post.picture))
  } catch (error) {
    if (error instanceof WebhookError && error.kind === 'gone')
      return sendNew(target, webhook, post, book, effects)
    return settleFailure(target, messageId, error, book)
  }
  await book.settle(target, { status: 'delivered', remoteId: messageId, contentSha256: post.contentSha256 })
  return { status: 'delivered', detail: `edited message ${messageId}` }
}

async function settleFailure(
  target: string,
  remoteId: string | null,
  error: unknown,
  book: DeliveryBook,
): Promise<Shipped> {
  const isUnanswered = !(error instanceof WebhookError) || error.kind === 'unanswered'
  const status = isUnanswered ? 'unknown' : 'failed'
  await book.settle(target, { status, remoteId, contentSha256: null }, messageOf(error))
  const advice = isUnanswered && remoteId === null ? `; ${howToResolve}` : ''
  return { status, detail: messageOf(error) + advice }
}

/** Repeats what the server failed at, and where repeating does no harm also what was not answered. */
async function withBackOff<T>(
  effects: PublishEffects,
  isRepeatable: boolean,
  attempt: () => Promise<T>,
): Promise<T> {
  for (const delayMs of backOffMs) {
    try {
      return await attempt()
    } catch (error) {
      const kind = error instanceof WebhookError ? error.kind : null
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
