// Publishing, the last step: what lies in out/ goes to S3, then the digest with the link goes to Discord.
import type { Config, S3Spec } from '../config.js'
import type { StageContext } from '../events.js'
import type { Database } from '../warehouse/db.js'
import { readAddress, targetName } from './addresses.js'
import { deliverDigest } from './deliver-digest.js'
import { deliverToS3, previewUpload } from './deliver-s3.js'
import type { Delivery, DeliveryBook } from './deliveries.js'
import { DiscordError } from './discord-errors.js'
import { defaultEffects, type PublishEffects } from './effects.js'
import type { Period } from './objects.js'
import { refusePublicContent, refusePublicReport } from './public-content.js'
import { announced, openBook, secretsOf } from './records.js'
import { type Rendered, readRendered } from './rendered.js'
import { type Renewal, renewLinks } from './renew.js'
import { findingsText, leakRules, scanText } from './scan.js'

export interface PublishOptions extends Period {
  /** Says what would be sent; sends and records nothing. */
  readonly dryRun: boolean
  /** Sends again what an earlier run sent without getting an answer. */
  readonly repost: boolean
}

export interface PublishResult {
  readonly deliveries: readonly Delivery[]
  /** False while something is still to be delivered. */
  readonly isComplete: boolean
}

/** Uploads and posts what is rendered for a period. A delivery that fails stops only itself. */
export async function publish(
  ctx: StageContext<Config>,
  options: PublishOptions,
  db: Database | null,
  effects: PublishEffects = defaultEffects,
): Promise<PublishResult> {
  const {
    publish: { s3 },
    discord,
  } = ctx.config
  if (!s3 && discord.length === 0)
    return resultOf([announced(ctx, 'publish', s3Off), announced(ctx, 'publish', discordOff)])
  if (s3) refusePublicContent(ctx.config, s3)
  const rendered = readRendered(ctx, options)
  if (s3) refusePublicReport(rendered.digest, s3)
  const book = options.dryRun ? null : openBook(ctx, options, ledgerOf(db))

  // The upload comes first: its link goes into the message.
  const uploaded = announced(
    ctx,
    'publish',
    s3 ? await deliverUpload(ctx, s3, options, book, effects) : s3Off,
  )

  const posted: Delivery[] = []
  const post = {
    rendered,
    link: uploaded.link ?? null,
    isPresigned: s3?.access === 'presigned',
    isLinkMissing: s3 !== null && uploaded.link === undefined,
    isRepost: options.repost,
  }
  const recording = book && db ? { db, book, now: ctx.now } : null
  const heldBack = heldBackMessage(ctx.config, rendered)
  for (const spec of discord) {
    const deliveries: Delivery[] =
      heldBack === null
        ? await deliverDigest(ctx.config, spec, post, recording, effects)
        : [{ target: targetName(spec), status: 'failed', detail: heldBack }]
    for (const delivery of deliveries) posted.push(announced(ctx, 'publish', delivery))
  }
  if (discord.length === 0) posted.push(announced(ctx, 'publish', discordOff))
  return resultOf([uploaded, ...posted])
}

/** Signs the links in the last messages anew, once a local day, by editing these messages. */
export async function renewMessages(
  ctx: StageContext<Config>,
  db: Database,
  effects: PublishEffects = defaultEffects,
): Promise<Renewal> {
  const { config } = ctx
  const specs = new Map(
    config.discord.flatMap((spec) => {
      const address = readAddress(config, spec)
      return typeof address === 'string' ? [] : [[address.target, spec] as const]
    }),
  )
  return renewLinks(ctx, db, [...specs.keys()], effects, async (period, link, target) => {
    const rendered = readRendered(ctx, period)
    const heldBack = heldBackMessage(config, rendered)
    if (heldBack !== null) return { status: 'failed', detail: heldBack }
    const post = { rendered, link, isPresigned: true, isLinkMissing: false, isRepost: false }
    const recording = { db, book: openBook(ctx, period, db), now: ctx.now }
    const deliveries = await deliverDigest(config, specs.get(target)!, post, recording, onlyEditing(effects))
    return deliveries.find(({ status }) => status === 'failed' || status === 'unknown') ?? deliveries[0]!
  })
}

/** A message that somebody deleted stays deleted: only a publish posts it anew. */
function onlyEditing(effects: PublishEffects): PublishEffects {
  const send = async (): Promise<never> => {
    throw new DiscordError('refused', 'the message was deleted; `debrief publish` posts it anew')
  }
  return {
    ...effects,
    openWebhook: async (address) => ({ ...(await effects.openWebhook(address)), send }),
    openBot: async (address) => ({ ...(await effects.openBot(address)), send }),
  }
}

const s3Off: Delivery = {
  target: 's3',
  status: 'off',
  detail: 'S3 is not configured (publish.s3); the report stays on this machine',
}
const discordOff: Delivery = {
  target: 'discord',
  status: 'off',
  detail: 'Discord is not configured (discord); no digest is posted',
}

/** Why nothing may be posted, or null: what a message says is looked at as the file says it, before it is escaped. */
function heldBackMessage(config: Config, { digest }: Rendered): string | null {
  const body = JSON.stringify(digest, null, 2)
  const findings = scanText('/digest.json', body, leakRules(config, secretsOf(config)))
  return findings.length === 0
    ? null
    : `the message is held back, since a secret or a home path stands in ${findingsText(findings, '')}`
}

async function deliverUpload(
  ctx: StageContext<Config>,
  s3: S3Spec,
  period: Period,
  book: DeliveryBook | null,
  effects: PublishEffects,
): Promise<Delivery> {
  return book ? deliverToS3(ctx, s3, period, book, effects) : previewUpload(ctx.config, s3, period)
}

function ledgerOf(db: Database | null): Database {
  if (db === null) throw new Error('expected the open ledger: only a dry run needs none')
  return db
}

function resultOf(deliveries: readonly Delivery[]): PublishResult {
  return {
    deliveries,
    isComplete: deliveries.every(({ status }) => status !== 'failed' && status !== 'unknown'),
  }
}
