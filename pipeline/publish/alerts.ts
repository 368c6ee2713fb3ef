// Alerts between reports: each as a message of its own, once, with a link to the part of the report that says why.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import { withoutSecrets } from '../secret.js'
import type { Database } from '../warehouse/db.js'
import { readAddress, targetName } from './addresses.js'
import type { Channel } from './channel.js'
import { deliverToDiscord, messageSha256 } from './deliver-discord.js'
import { deliverToS3 } from './deliver-s3.js'
import { type Delivery, type DeliveryBook, openDeliveryBook } from './deliveries.js'
import { journalPath } from './delivery-journal.js'
import type { PublishEffects } from './effects.js'
import { type AlertText, alertMessage, threadNameOfAlert } from './message.js'
import type { Period } from './objects.js'
import { secretsOf } from './publish.js'
import { findingsText, leakRules, scanText } from './scan.js'

/** An alert as it is kept: its words, and the anchor of the report's part that tells more. */
export interface AlertToSend extends AlertText {
  readonly alertId: string
  readonly place: string
}

type Spec = Config['discord'][number]

/** `draw` renders the running week, whose page says why; it is called only where something is to be sent and uploaded. */
export async function publishAlerts(
  ctx: StageContext<Config>,
  alerts: readonly AlertToSend[],
  db: Database,
  effects: PublishEffects,
  draw: () => Promise<Period>,
): Promise<Delivery[]> {
  const open: { readonly alert: AlertToSend; readonly spec: Spec; readonly book: DeliveryBook }[] = []
  for (const spec of ctx.config.discord.filter((target) => target.alerts))
    for (const alert of alerts) {
      const book = bookFor(ctx, { kind: 'alert', period: alert.alertId }, db)
      if (!(await isSettled(ctx.config, spec, book))) open.push({ alert, spec, book })
    }
  if (open.length === 0) return []
  const link = await uploadWhy(ctx, db, effects, draw)
  const deliveries: Delivery[] = []
  for (const { alert, spec, book } of open)
    deliveries.push(announced(ctx, await deliverAlert(ctx.config, spec, alert, link, book, effects)))
  return deliveries
}

/** Posted, or nobody knows whether: an alert is not worth a second message. */
async function isSettled(config: Config, spec: Spec, book: DeliveryBook): Promise<boolean> {
  const address = readAddress(config, spec)
  if (typeof address === 'string') return false
  const status = (await book.find(address.target))?.status
  return status === 'delivered' || (status === 'unknown' && address.kind === 'webhook')
}

/** Null where nothing is published, or nothing could be: the alert goes out without a link. */
async function uploadWhy(
  ctx: StageContext<Config>,
  db: Database,
  effects: PublishEffects,
  draw: () => Promise<Period>,
): Promise<string | null> {
  const { s3 } = ctx.config.publish
  if (s3 === null) return null
  const period = await draw()
  const { status, link, detail } = await deliverToS3(ctx, s3, period, bookFor(ctx, period, db), effects)
  if (status === 'failed')
    ctx.emit({ step: 'alerts', action: 'warn', subject: 's3', message: `without a link: ${detail}` })
  return link ?? null
}

async function deliverAlert(
  config: Config,
  spec: Spec,
  alert: AlertToSend,
  link: string | null,
  book: DeliveryBook,
  effects: PublishEffects,
): Promise<Delivery> {
  const address = readAddress(config, spec)
  if (typeof address === 'string') return { target: targetName(spec), status: 'failed', detail: address }
  const owner = `${config.user} on ${config.machine}`
  const message = alertMessage(alert, link === null ? null : `${link}#${alert.place}`, owner)
  const findings = scanText('/alert', alert.message, leakRules(config, secretsOf(config)))
  if (findings.length > 0)
    return { target: address.target, status: 'failed', detail: `held back: ${findingsText(findings, '')}` }
  const post = {
    message,
    picture: null,
    threadName: address.kind === 'webhook' && address.threadName !== null ? threadNameOfAlert(alert) : null,
    contentSha256: messageSha256(alertMessage(alert, null, owner), null),
    hasFreshLink: false,
    isLinkMissing: false,
    isRepost: false,
    owner,
  }
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

function bookFor(
  ctx: StageContext<Config>,
  subject: Parameters<typeof openDeliveryBook>[1],
  db: Database,
): DeliveryBook {
  const clearText = (text: string) => withoutSecrets(text, secretsOf(ctx.config))
  return openDeliveryBook(db, subject, ctx.now, clearText, journalPath(ctx.config))
}

function announced(ctx: StageContext<Config>, delivery: Delivery): Delivery {
  const detail = withoutSecrets(delivery.detail, secretsOf(ctx.config))
  const action = delivery.status === 'failed' || delivery.status === 'unknown' ? 'fail' : 'note'
  ctx.emit({ step: 'alerts', action, subject: delivery.target, message: `${delivery.status}: ${detail}` })
  return { ...delivery, detail }
}
