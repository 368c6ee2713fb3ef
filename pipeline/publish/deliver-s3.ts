// The upload: the period's files and the Parquet tree into the bucket, and the link to the report.
import type { Config, S3Spec } from '../config.js'
import type { StageContext } from '../events.js'
import type { Delivery, DeliveryBook } from './deliveries.js'
import type { PublishEffects } from './effects.js'
import {
  bucketRoot,
  type Period,
  reportKey,
  siteFolder,
  type UploadObject,
  uploadObjects,
} from './objects.js'
import { outdatedKeys } from './old-reports.js'
import { refusePublicPages } from './public-content.js'
import { secretsOf } from './records.js'
import { type Bucket, type BucketKeys, explainS3Error, objectUrl } from './s3.js'
import { findingsText, leakRules, openScanner } from './scan.js'
import { type UploadResult, uploadChanged } from './upload.js'

export const s3Target = 's3'

export function previewUpload(config: Config, s3: S3Spec, period: Period): Delivery {
  const plan = planUpload(config, s3, period)
  const lines = plan.objects.map(
    (object) => `${object.key}  ${object.sizeBytes} bytes  ${object.contentType}`,
  )
  const access = s3.access === 'public' ? 'the site is readable by everyone' : 'nothing is public'
  return {
    target: s3Target,
    status: 'dry-run',
    link: objectUrl(s3, plan.key),
    detail: [`would upload ${lines.length} objects to bucket ${s3.bucket} (${access}):`, ...lines].join('\n'),
  }
}

export async function deliverToS3(
  ctx: StageContext<Config>,
  s3: S3Spec,
  period: Period,
  book: DeliveryBook,
  effects: PublishEffects,
): Promise<Delivery> {
  const keys = readKeys(ctx.config)
  if (typeof keys === 'string') return { target: s3Target, status: 'failed', detail: keys }
  const plan = planUpload(ctx.config, s3, period)
  await book.intend(s3Target, plan.key)
  let uploaded: Uploaded
  try {
    uploaded = await upload(ctx, s3, keys, plan, effects)
  } catch (error) {
    const detail = explainS3Error(error, s3)
    await book.settle(s3Target, { status: 'failed', remoteId: plan.key, contentSha256: null }, detail)
    return { target: s3Target, status: 'failed', detail }
  }
  const { result } = uploaded
  const detail = uploadNote(result)
  const link = result.findings.some(({ key }) => key === plan.key) ? null : uploaded.link
  if (result.findings.length > 0) {
    const held = `${detail}; ${heldBackNote(result, plan.root)}`
    await book.settle(s3Target, { status: 'failed', remoteId: plan.key, contentSha256: null }, held)
    return { target: s3Target, status: 'failed', detail: held, ...(link === null ? {} : { link }) }
  }
  await book.settle(s3Target, {
    status: 'delivered',
    remoteId: plan.key,
    contentSha256: result.contentSha256,
  })
  // Never the presigned link: its query names a key, signs for it, and expires.
  await book.keepLink(objectUrl(s3, plan.key))
  if (result.orphanKeys.length > 0)
    ctx.emit({ step: 'publish', action: 'note', subject: s3Target, message: orphanNote(result.orphanKeys) })
  return {
    target: s3Target,
    status: result.uploadedCount > 0 ? 'delivered' : 'unchanged',
    link: uploaded.link,
    detail,
  }
}

function uploadNote({ uploadedCount, uploadedBytes, unchangedCount }: UploadResult): string {
  return `${uploadedCount} uploaded (${uploadedBytes} bytes), ${unchangedCount} unchanged`
}

/** What was found is never told, only where and what it looked like. */
function heldBackNote({ findings }: UploadResult, root: string): string {
  const count = new Set(findings.map(({ key }) => key)).size
  return `${count} ${count === 1 ? 'file' : 'files'} held back, since a secret or a home path stands there: ${findingsText(findings, root)}`
}

interface Uploaded {
  readonly link: string
  readonly result: UploadResult
}

interface UploadPlan {
  readonly root: string
  /** Where the site lies in the bucket. */
  readonly site: string
  readonly period: Period
  /** Of the report's page. */
  readonly key: string
  readonly objects: readonly UploadObject[]
}

function planUpload(config: Config, s3: S3Spec, period: Period): UploadPlan {
  const root = bucketRoot(config, s3)
  const folder = siteFolder(config, s3, config.secrets.AWS_SECRET_ACCESS_KEY)
  const objects = uploadObjects(config, period, root, folder, s3.access === 'public')
  refusePublicPages(config, s3, objects)
  return { root, site: `${root}/${folder}`, key: reportKey(root, folder, period), objects, period }
}

async function upload(
  ctx: StageContext<Config>,
  s3: S3Spec,
  keys: BucketKeys,
  plan: UploadPlan,
  effects: PublishEffects,
): Promise<Uploaded> {
  const bucket = await effects.openBucket(s3, keys)
  const scanner = openScanner(leakRules(ctx.config, secretsOf(ctx.config)))
  try {
    const total = plan.objects.length
    const onProgress = (done: number) =>
      ctx.emit({ step: 'publish', action: 'progress', subject: s3Target, done, total })
    const result = await uploadChanged(
      bucket,
      plan.objects,
      `${plan.root}/parquet/`,
      `${plan.root}/`,
      scanner,
      onProgress,
    )
    await removeOutdated(ctx, s3, plan, bucket)
    const link = s3.access === 'public' ? objectUrl(s3, plan.key) : await bucket.presign(plan.key)
    return { link, result }
  } finally {
    scanner.close()
    bucket.close()
  }
}

/** Only on request, and only after what is newer has gone up. */
async function removeOutdated(
  ctx: StageContext<Config>,
  s3: S3Spec,
  { site, period }: UploadPlan,
  bucket: Bucket,
): Promise<void> {
  if (Object.values(s3.keep_reports).every((count) => count === null)) return
  const keys = outdatedKeys((await bucket.list(`${site}/`)).keys(), site, s3, period)
  for (const key of keys) await bucket.remove(key)
  const message = `${keys.length} objects of reports removed that publish.s3.keep_reports does not keep`
  if (keys.length > 0)
    ctx.emit({ step: 'publish', action: 'note', subject: s3Target, rows: keys.length, message })
}

export function readKeys(config: Config): BucketKeys | string {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = config.secrets
  if (AWS_ACCESS_KEY_ID && AWS_SECRET_ACCESS_KEY)
    return {
      accessKeyId: AWS_ACCESS_KEY_ID,
      secretAccessKey: AWS_SECRET_ACCESS_KEY,
      sessionToken: AWS_SESSION_TOKEN ?? null,
    }
  const missing = Object.entries({ AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY }).filter(([, value]) => !value)
  return `expected the S3 keys in the environment, but ${missing.map(([name]) => name).join(' and ')} is not set`
}

function orphanNote(keys: readonly string[]): string {
  const count = keys.length === 1 ? '1 object' : `${keys.length} objects`
  return `${count} in the bucket, such as ${keys[0]}, stand in no local snapshot any more; nothing was deleted`
}
