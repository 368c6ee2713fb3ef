// Uploads what changed, several files at a time; what others start reading from (index, manifest) comes last.
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { UploadObject } from './objects.js'
import { type Bucket, isAccessDenied } from './s3.js'
import type { Finding, Scanner } from './scan.js'

export interface UploadResult {
  readonly uploadedCount: number
  readonly uploadedBytes: number
  readonly unchangedCount: number
  /** In files that were held back. */
  readonly findings: readonly Finding[]
  /** Keys under the root that no local file stands behind. Never deleted: they may be the only copy left. */
  readonly orphanKeys: readonly string[]
  readonly contentSha256: string
}

const parallelUploads = 4

export async function uploadChanged(
  bucket: Bucket,
  objects: readonly UploadObject[],
  parquetPrefix: string,
  listPrefix: string,
  scanner: Scanner,
  onProgress: (done: number) => void,
): Promise<UploadResult> {
  const remote = await listIfAllowed(bucket, listPrefix)
  const digests = new Map<string, string>()
  const totals = { uploaded: 0, bytes: 0 }
  const findings: Finding[] = []
  const uploadOne = async (object: UploadObject) => {
    const body = await readFile(object.file)
    const md5 = createHash('md5').update(body).digest('hex')
    digests.set(object.key, md5)
    const found = remote.get(object.key) === md5 ? null : await scanner.scan(object, body)
    if (found?.length === 0) {
      await bucket.put(object, body)
      totals.uploaded++
      totals.bytes += body.length
    }
    findings.push(...(found ?? []))
    onProgress(digests.size)
  }
  await inParallel(
    objects.filter((object) => !isEntry(object)),
    uploadOne,
  )
  for (const object of objects.filter(isEntry)) await uploadOne(object)
  return {
    uploadedCount: totals.uploaded,
    uploadedBytes: totals.bytes,
    unchangedCount: objects.length - totals.uploaded - new Set(findings.map(({ key }) => key)).size,
    findings: findings.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)),
    orphanKeys: [...remote.keys()].filter((key) => key.startsWith(parquetPrefix) && !digests.has(key)).sort(),
    contentSha256: sha256([...digests].sort().join('\n')),
  }
}

function isEntry(object: UploadObject): boolean {
  return /\/(index\.html|manifest\.json)$/.test(object.key)
}

/** A key that may write but not list is a fair thing to give to a cron job: then everything is uploaded. */
async function listIfAllowed(bucket: Bucket, prefix: string): Promise<ReadonlyMap<string, string>> {
  try {
    return await bucket.list(prefix)
  } catch (error) {
    if (isAccessDenied(error)) return new Map()
    throw error
  }
}

/** Stops at the first failure, and throws it once nothing is under way any more. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items]
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item)
  }
  const stopping = () =>
    worker().catch((error: unknown) => {
      queue.length = 0
      throw error
    })
  const ends = await Promise.allSettled(Array.from({ length: parallelUploads }, stopping))
  const failure = ends.find((end) => end.status === 'rejected')
  if (failure) throw failure.reason
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
