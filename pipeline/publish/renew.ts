// A presigned link lives seven days: those in the last messages are signed anew once a local day, before they expire.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Config, S3Spec } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { localDate } from '../period.js'
import type { Database } from '../warehouse/db.js'
import { readKeys, s3Target } from './deliver-s3.js'
import type { PublishEffects } from './effects.js'
import { bucketRoot, type Period, reportKey, siteFolder } from './objects.js'
import { explainS3Error } from './s3.js'

export interface Renewal {
  readonly renewedCount: number
  readonly failedCount: number
}

/** Edits the message of one period at one target, as it is rendered now, with this link; says how that ended. */
export type EditMessages = (
  period: Period,
  link: string,
  target: string,
) => Promise<{ readonly status: string; readonly detail: string }>

const messagesPerKind = 4
const none: Renewal = { renewedCount: 0, failedCount: 0 }

interface Stale extends Period {
  readonly target: string
}

/**
 * The messages of these targets; what was edited today already, also by a publish, is left alone, and what fails is tried
 * again by the next run.
 */
export async function renewLinks(
  ctx: StageContext<Config>,
  db: Database,
  targets: readonly string[],
  effects: Pick<PublishEffects, 'openBucket'>,
  edit: EditMessages,
): Promise<Renewal> {
  const { s3 } = ctx.config.publish
  if (s3?.access !== 'presigned') return none
  const due = (await staleMessages(ctx, db, targets)).filter((message) => isRendered(ctx.config, message))
  if (due.length === 0) return none
  let failedCount = 0
  for (const { target, kind, period } of due) {
    const problem = await renewOne(ctx, s3, { target, kind, period }, effects, edit)
    if (problem === null) continue
    failedCount += 1
    ctx.emit({
      step: 'publish',
      action: 'fail',
      subject: target,
      message: `the link to ${period} was not renewed: ${problem}`,
    })
  }
  const renewedCount = due.length - failedCount
  if (renewedCount > 0)
    ctx.emit({
      step: 'publish',
      action: 'note',
      rows: renewedCount,
      message: `links renewed: ${renewedCount}, for seven days`,
    })
  return { renewedCount, failedCount }
}

/** Of each target and kind the last four messages that stand, without those that were edited on this local day. */
async function staleMessages(
  { config, now }: StageContext<Config>,
  db: Database,
  targets: readonly string[],
): Promise<Stale[]> {
  const rows = await db.rows<Stale & { settled_at: string | null; status: string }>(
    `select target, period_kind as kind, period, status, settled_at from state.deliveries as message
     where target in (select unnest(cast(cast(? as json) as varchar[]))) and remote_id is not null and period_kind in ('weekly', 'monthly')
       and exists (select 1 from state.deliveries as upload where upload.target = ?
         and upload.period_kind = message.period_kind and upload.period = message.period and upload.settled_at is not null)
     qualify row_number() over (partition by target, period_kind order by period desc) <= ${messagesPerKind}
     order by target, period_kind, period`,
    [JSON.stringify(targets), s3Target],
  )
  const today = localDate(now(), config.timezone)
  return rows
    .filter(
      ({ status, settled_at }) =>
        status !== 'delivered' ||
        settled_at === null ||
        localDate(new Date(settled_at), config.timezone) !== today,
    )
    .map(({ target, kind, period }) => ({ target, kind, period }))
}

function isRendered(config: Config, { kind, period }: Period): boolean {
  return existsSync(join(config.paths.site, kind, period, 'digest.json'))
}

/** Null where it was renewed, else why not. */
async function renewOne(
  ctx: StageContext<Config>,
  s3: S3Spec,
  { target, ...period }: Stale,
  effects: Pick<PublishEffects, 'openBucket'>,
  edit: EditMessages,
): Promise<string | null> {
  const keys = readKeys(ctx.config)
  if (typeof keys === 'string') return keys
  try {
    const folder = siteFolder(ctx.config, s3, ctx.config.secrets.AWS_SECRET_ACCESS_KEY)
    const bucket = await effects.openBucket(s3, keys)
    const link = await bucket
      .presign(reportKey(bucketRoot(ctx.config, s3), folder, period))
      .finally(() => bucket.close())
    const { status, detail } = await edit(period, link, target)
    return status === 'delivered' || status === 'unchanged' || status === 'off' ? null : detail
  } catch (error) {
    return error instanceof UserError ? messageOf(error) : explainS3Error(error, s3)
  }
}
