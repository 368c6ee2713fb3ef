// Alerts between reports: each as a message of its own, once, with a link to the part of the report that says why.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import type { Database } from '../warehouse/db.js'
import { type DiscordAddress, readAddress, targetName } from './addresses.js'
import { deliverAlone, messageSha256 } from './deliver-discord.js'
import { deliverToS3 } from './deliver-s3.js'
import type { Delivery, DeliveryBook } from './deliveries.js'
import type { PublishEffects } from './effects.js'
import { type AlertText, alertMessage, threadNameOfAlert } from './message.js'
import type { Period } from './objects.js'
import { announced, openBook, ownerOf, secretsOf } from './records.js'
import { findingsText, leakRules, scanText } from './scan.js'

/** An alert as it is kept: its words, and the anchor of the report's part that tells more. */
export interface AlertToSend extends AlertText {
  readonly alertId: string
  readonly place: string
}

interface Sending {
  readonly alert: AlertToSend
  /** What the place is called as long as it has no address. */
  readonly name: string
  /** Or why there is none. */
  readonly address: DiscordAddress | string
  readonly book: DeliveryBook
}

/** `draw` renders the running week, whose page says why; it is called only where something is to be sent and uploaded. */
export async function publishAlerts(
  ctx: StageContext<Config>,
  alerts: readonly AlertToSend[],
  db: Database,
  effects: PublishEffects,
  draw: () => Promise<Period>,
): Promise<Delivery[]> {
  const open: Sending[] = []
  for (const spec of ctx.config.discord.filter((target) => target.alerts)) {
    const address = readAddress(ctx.config, spec)
    for (const alert of alerts) {
      const book = openBook(ctx, { kind: 'alert', period: alert.alertId }, db)
      if (!(await isSettled(address, book))) open.push({ alert, name: targetName(spec), address, book })
    }
  }
  if (open.length === 0) return []
  const link = await uploadWhy(ctx, db, effects, draw)
  const deliveries: Delivery[] = []
  for (const sending of open)
    deliveries.push(announced(ctx, 'alerts', await deliverAlert(ctx.config, sending, link, effects)))
  return deliveries
}

/** Posted, or nobody knows whether: an alert is not worth a second message. */
async function isSettled(address: DiscordAddress | string, book: DeliveryBook): Promise<boolean> {
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
  const { status, link, detail } = await deliverToS3(ctx, s3, period, openBook(ctx, period, db), effects)
  if (status === 'failed')
    ctx.emit({ step: 'alerts', action: 'warn', subject: 's3', message: `without a link: ${detail}` })
  return link ?? null
}

async function deliverAlert(
  config: Config,
  { alert, name, address, book }: Sending,
  link: string | null,
  effects: PublishEffects,
): Promise<Delivery> {
  if (typeof address === 'string') return { target: name, status: 'failed', detail: address }
  const owner = ownerOf(config)
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
  return deliverAlone(address, post, book, effects)
}
