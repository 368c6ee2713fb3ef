// Brings the bucket to what is left in out/ after something was taken out: overwrites what changed, deletes the rest.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { Config, S3Spec } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { readKeys } from './deliver-s3.js'
import { defaultEffects, type PublishEffects } from './effects.js'
import { allObjects, bucketRoot, siteFolder, type UploadObject } from './objects.js'
import { refusePublicContent, refusePublicPages } from './public-content.js'
import { secretsOf } from './records.js'
import { type Bucket, explainS3Error } from './s3.js'
import { leakRules, openScanner, type Scanner } from './scan.js'

export interface Withdrawal {
  readonly status: 'withdrawn' | 'failed' | 'off'
  readonly detail: string
}

/** Only below this user's and machine's own prefix. Periods that were never uploaded are not. */
export async function withdrawFromBucket(
  ctx: StageContext<Config>,
  effects: Pick<PublishEffects, 'openBucket'> = defaultEffects,
): Promise<Withdrawal> {
  const { s3 } = ctx.config.publish
  if (!s3) return { status: 'off', detail: 'S3 is not configured (publish.s3); no bucket was looked at' }
  const keys = readKeys(ctx.config)
  if (typeof keys === 'string') return { status: 'failed', detail: keys }
  try {
    refusePublicContent(ctx.config, s3)
    const bucket = await effects.openBucket(s3, keys)
    const scanner = openScanner(leakRules(ctx.config, secretsOf(ctx.config)))
    try {
      return { status: 'withdrawn', detail: await bringUpToDate(ctx.config, s3, bucket, scanner) }
    } finally {
      scanner.close()
      bucket.close()
    }
  } catch (error) {
    const detail = error instanceof UserError ? messageOf(error) : explainS3Error(error, s3)
    return { status: 'failed', detail }
  }
}

async function bringUpToDate(config: Config, s3: S3Spec, bucket: Bucket, scanner: Scanner): Promise<string> {
  const root = bucketRoot(config, s3)
  const folder = siteFolder(config, s3, config.secrets.AWS_SECRET_ACCESS_KEY)
  const remote = await bucket.list(`${root}/`)
  const local = allObjects(config, root, folder, s3.access === 'public')
  refusePublicPages(config, s3, local)
  const kept = new Set<string>()
  let overwritten = 0
  for (const object of local) {
    const done = await overwrite(bucket, object, remote, root, scanner)
    if (done === 'overwritten') overwritten += 1
    // The next upload names what is wrong with a file that is held back; its former state goes.
    if (done !== 'held back') kept.add(object.key)
  }
  const gone = [...remote.keys()].filter((key) => !kept.has(key)).sort()
  for (const key of gone) await bucket.remove(key)
  return `overwritten: ${overwritten}, deleted: ${gone.length}, below ${root}/ in bucket ${s3.bucket}`
}

/** A table may lie in other files than before; a page that was never uploaded stays at home. */
async function overwrite(
  bucket: Bucket,
  object: UploadObject,
  remote: ReadonlyMap<string, string>,
  root: string,
  scanner: Scanner,
): Promise<'overwritten' | 'left' | 'held back'> {
  const isKnown = remote.has(object.key)
  const isParquet = object.key.startsWith(`${root}/parquet/`) && remote.has(`${root}/parquet/manifest.json`)
  if (!isKnown && !isParquet) return 'left'
  const body = await readFile(object.file)
  if (remote.get(object.key) === createHash('md5').update(body).digest('hex')) return 'left'
  if ((await scanner.scan(object, body)).length > 0) return 'held back'
  await bucket.put(object, body)
  return 'overwritten'
}
