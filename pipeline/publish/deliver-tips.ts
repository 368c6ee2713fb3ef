// A message for each tip, with the two reactions that answer it already there; sent once, like a digest.
import { messageOf } from '../errors.js'
import type { Bot } from './bot.js'
import type { Recording } from './deliver-digest.js'
import { type DiscordPost, deliverToDiscord, messageSha256 } from './deliver-discord.js'
import type { Delivery } from './deliveries.js'
import type { Digest } from './digest.js'
import type { PublishEffects } from './effects.js'
import { reactions, tipMessage } from './message.js'

const maxTips = 3

/** A tip that was put in other words since is edited; its reactions stay. */
export async function deliverTips(
  target: string,
  bot: Bot,
  digest: Digest,
  { isRepost, owner }: DiscordPost,
  recording: Recording,
  effects: PublishEffects,
): Promise<Delivery[]> {
  const deliveries: Delivery[] = []
  for (const tip of digest.tips.slice(0, maxTips)) {
    const message = tipMessage(tip)
    const post = {
      message,
      picture: null,
      threadName: null,
      contentSha256: messageSha256(message, null),
      hasFreshLink: false,
      isLinkMissing: false,
      isRepost,
      owner,
    }
    const tipTarget = `${target}:tip:${tip.tip_id.split('/')[0]}`
    const posted = await deliverToDiscord(tipTarget, async () => bot, post, recording.book, effects)
    const row = await recording.book.find(tipTarget)
    const isThere = posted.status === 'delivered' || posted.status === 'unchanged'
    const problem =
      isThere && row?.remoteId ? await offerReactions(target, bot, row.remoteId, tip.tip_id, recording) : null
    // A week that is published again says nothing of tips that stand as they stood.
    if (posted.status !== 'unchanged' || problem !== null)
      deliveries.push(problem === null ? posted : { ...posted, detail: `${posted.detail}; ${problem}` })
  }
  return deliveries
}

/** Recorded after both are there, so that a run that was cut off between is made up for; adding one twice does no harm. */
async function offerReactions(
  target: string,
  bot: Bot,
  messageId: string,
  tipId: string,
  { db, now }: Recording,
): Promise<string | null> {
  const known = await db.rows('select 1 from state.tip_messages where target = $1 and message_id = $2', [
    target,
    messageId,
  ])
  if (known.length > 0) return null
  let problem: string | null = null
  try {
    await bot.react(messageId, reactions.helpful)
    await bot.react(messageId, reactions.dismissed)
  } catch (error) {
    problem = `without reactions to tap, which people can still add: ${messageOf(error)}`
  }
  await db.run(
    'insert into state.tip_messages (target, message_id, tip_id, posted_at) values ($1, $2, $3, $4::timestamp)',
    [target, messageId, tipId, now().toISOString().replace('Z', '')],
  )
  return problem
}
