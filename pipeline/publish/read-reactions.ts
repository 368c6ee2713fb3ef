// What people answered the tips of the last weeks with since they were last read: 👍 or 👎 on a bot's message.
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { StageContext } from '../events.js'
import { withoutSecrets } from '../secret.js'
import type { Database } from '../warehouse/db.js'
import { readAddress } from './addresses.js'
import type { Bot, BotAddress } from './bot.js'
import { defaultEffects, type PublishEffects } from './effects.js'
import { reactions } from './message.js'

export interface TipAnswer {
  readonly target: string
  readonly messageId: string
  readonly tipId: string
  readonly helpfulCount: number
  readonly dismissedCount: number
  /** Null where the counts moved, but not what they say. */
  readonly verdict: Verdict | null
}

type Verdict = 'helpful' | 'dismissed'

interface MessageRow {
  readonly message_id: string
  readonly tip_id: string
  readonly helpful_count: number
  readonly dismissed_count: number
}

const readDays = 35

/** Answers that changed; a place that cannot be read is warned of, and read the next time. */
export async function readTipAnswers(
  ctx: StageContext<Config>,
  db: Database,
  effects: Pick<PublishEffects, 'openBot'> = defaultEffects,
): Promise<TipAnswer[]> {
  const answers: TipAnswer[] = []
  for (const spec of ctx.config.discord) {
    const address = spec.kind === 'bot' ? readAddress(ctx.config, spec) : null
    if (address === null || typeof address === 'string' || address.kind !== 'bot') continue
    const rows = await readRows(ctx, db, address)
    if (rows.length === 0) continue
    const bot = await effects.openBot(address)
    try {
      for (const row of rows) answers.push(...(await readAnswer(bot, address.target, row)))
    } catch (error) {
      const message = `reactions on tips could not be read: ${messageOf(error)}`
      ctx.emit({
        step: 'publish',
        action: 'warn',
        subject: address.target,
        message: withoutSecrets(message, Object.values(ctx.config.secrets)),
      })
    } finally {
      bot.close()
    }
  }
  return answers
}

/** Writes down what was read, so that it counts once. */
export async function recordTipAnswer(db: Database, answer: TipAnswer, now: Date): Promise<void> {
  await db.run(
    `update state.tip_messages set helpful_count = $3, dismissed_count = $4, read_at = $5::timestamp
     where target = $1 and message_id = $2`,
    [
      answer.target,
      answer.messageId,
      answer.helpfulCount,
      answer.dismissedCount,
      now.toISOString().replace('Z', ''),
    ],
  )
}

async function readRows(
  { now }: StageContext<Config>,
  db: Database,
  { target }: BotAddress,
): Promise<MessageRow[]> {
  const since = new Date(now().getTime() - readDays * 86_400_000).toISOString().replace('Z', '')
  return db.rows<MessageRow>(
    `select message_id, tip_id, helpful_count, dismissed_count from state.tip_messages
     where target = $1 and posted_at >= $2::timestamp order by posted_at, message_id`,
    [target, since],
  )
}

async function readAnswer(bot: Bot, target: string, row: MessageRow): Promise<TipAnswer[]> {
  const counts = await bot.countReactions(row.message_id)
  if (counts === null) return []
  const helpfulCount = counts.get(reactions.helpful) ?? 0
  const dismissedCount = counts.get(reactions.dismissed) ?? 0
  if (helpfulCount === row.helpful_count && dismissedCount === row.dismissed_count) return []
  const before = verdictOf(row.helpful_count, row.dismissed_count)
  const verdict = verdictOf(helpfulCount, dismissedCount)
  return [
    {
      target,
      messageId: row.message_id,
      tipId: row.tip_id,
      helpfulCount,
      dismissedCount,
      verdict: verdict === before ? null : verdict,
    },
  ]
}

/** What most say; as many of one as of the other say nothing. */
function verdictOf(helpfulCount: number, dismissedCount: number): Verdict | null {
  if (helpfulCount === dismissedCount) return null
  return helpfulCount > dismissedCount ? 'helpful' : 'dismissed'
}
