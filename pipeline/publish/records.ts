// What every delivery leaves behind: its rows in the ledger, and a line that says how it ended; no secret in either.
import type { Config } from '../config.js'
import type { PipelineEvent, StageContext } from '../events.js'
import { type Secret, withoutSecrets } from '../secret.js'
import type { Database } from '../warehouse/db.js'
import { readAddress } from './addresses.js'
import { type Delivery, type DeliveryBook, openDeliveryBook } from './deliveries.js'
import { journalPath } from './delivery-journal.js'

/** The book of the deliveries of one subject: a week, a month or an alert. */
export function openBook(
  ctx: StageContext<Config>,
  subject: Parameters<typeof openDeliveryBook>[1],
  db: Database,
): DeliveryBook {
  const clearText = (text: string) => withoutSecrets(text, secretsOf(ctx.config))
  return openDeliveryBook(db, subject, ctx.now, clearText, journalPath(ctx.config))
}

/** Reports a delivery as it ends, and gives it back as it was reported. */
export function announced(
  ctx: StageContext<Config>,
  step: PipelineEvent['step'],
  delivery: Delivery,
): Delivery {
  const detail = withoutSecrets(delivery.detail, secretsOf(ctx.config))
  const action = delivery.status === 'failed' || delivery.status === 'unknown' ? 'fail' : 'note'
  ctx.emit({ step, action, subject: delivery.target, message: `${delivery.status}: ${detail}` })
  return { ...delivery, detail }
}

/** Errors may hold a webhook's token without the rest of its URL. */
export function secretsOf(config: Config): Secret[] {
  const addresses = config.discord.map((spec) => readAddress(config, spec))
  return [
    ...Object.values(config.secrets),
    ...addresses.flatMap((address) => (typeof address === 'string' ? [] : [address.token])),
  ]
}

/** Whose message it is, as it says itself. */
export function ownerOf({ user, machine }: Config): string {
  return `${user} on ${machine}`
}
