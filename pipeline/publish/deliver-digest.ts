// The digest to one configured place in Discord; a bot then posts a message for each tip, to be answered by a reaction.
import type { Config } from '../config.js'
import type { DiscordSpec } from '../discord-spec.js'
import type { Database } from '../warehouse/db.js'
import { type DiscordAddress, readAddress, targetName } from './addresses.js'
import {
  type DiscordPost,
  deliverAlone,
  deliverToDiscord,
  messageSha256,
  previewMessage,
} from './deliver-discord.js'
import { deliverTips } from './deliver-tips.js'
import type { Delivery, DeliveryBook } from './deliveries.js'
import type { Digest } from './digest.js'
import type { PublishEffects } from './effects.js'
import { digestMessage, threadName } from './message.js'
import { ownerOf } from './records.js'
import type { Rendered } from './rendered.js'

export interface DigestPost {
  readonly rendered: Rendered
  /** Where the report can be read; null where it is not published anywhere. */
  readonly link: string | null
  readonly isPresigned: boolean
  /** The upload failed. */
  readonly isLinkMissing: boolean
  readonly isRepost: boolean
}

/** Null where nothing is sent: a dry run. */
export interface Recording {
  readonly db: Database
  readonly book: DeliveryBook
  readonly now: () => Date
}

/** The digest's own delivery first, then those of its tips. */
export async function deliverDigest(
  config: Config,
  spec: DiscordSpec,
  digestPost: DigestPost,
  recording: Recording | null,
  effects: PublishEffects,
): Promise<Delivery[]> {
  const { digest } = digestPost.rendered
  if (!spec.digests.includes(digest.kind)) return [unwanted(spec, digest)]
  const address = readAddress(config, spec)
  const post = postOf(config, digestPost, address)
  if (recording === null) return [previewOf(spec, address, post)]
  if (typeof address === 'string') return [{ target: targetName(spec), status: 'failed', detail: address }]
  return address.kind === 'bot'
    ? deliverByBot(address, digest, post, recording, effects)
    : [await deliverAlone(address, post, recording.book, effects)]
}

async function deliverByBot(
  address: Extract<DiscordAddress, { kind: 'bot' }>,
  digest: Digest,
  post: DiscordPost,
  recording: Recording,
  effects: PublishEffects,
): Promise<Delivery[]> {
  const bot = await effects.openBot(address)
  try {
    const posted = await deliverToDiscord(address.target, async () => bot, post, recording.book, effects)
    const isThere = posted.status === 'delivered' || posted.status === 'unchanged'
    // A month's tips are those of its weeks; a running week's may still change.
    if (!isThere || digest.kind !== 'weekly' || digest.is_so_far) return [posted]
    return [posted, ...(await deliverTips(address.target, bot, digest, post, recording, effects))]
  } finally {
    bot.close()
  }
}

function unwanted(spec: DiscordSpec, { kind }: Digest): Delivery {
  const detail = `digests: [${spec.digests.join(', ')}] leaves ${kind} ones out`
  return { target: targetName(spec), status: 'off', detail }
}

function previewOf(spec: DiscordSpec, address: DiscordAddress | string, post: DiscordPost): Delivery {
  if (typeof address !== 'string') return previewMessage(address.target, post)
  const preview = previewMessage(targetName(spec), post)
  return { ...preview, detail: `${preview.detail}\nbut ${address}` }
}

function postOf(
  config: Config,
  { rendered: { digest, picture }, link, isPresigned, isLinkMissing, isRepost }: DigestPost,
  address: DiscordAddress | string,
): DiscordPost {
  const owner = ownerOf(config)
  const lastingLink = link?.split('?')[0] ?? null
  const template = typeof address !== 'string' && address.kind === 'webhook' ? address.threadName : null
  return {
    message: digestMessage(digest, link, owner),
    picture,
    threadName: template === null ? null : threadName(template, digest),
    contentSha256: messageSha256(digestMessage(digest, lastingLink, owner), picture),
    hasFreshLink: link !== null && isPresigned,
    isLinkMissing,
    isRepost,
    owner,
  }
}
