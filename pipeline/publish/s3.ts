// A bucket at any S3 endpoint, with the settings that every S3-like store understands, and its errors in plain words.
import { createHash } from 'node:crypto'
import type { S3Spec } from '../config.js'
import { messageOf } from '../errors.js'
import type { Secret } from '../secret.js'
import type { UploadObject } from './objects.js'

export interface BucketKeys {
  readonly accessKeyId: Secret
  readonly secretAccessKey: Secret
  readonly sessionToken: Secret | null
}

export interface Bucket {
  /** What lies there, by key: the ETag, which for a plain upload is the MD5. */
  list(prefix: string): Promise<ReadonlyMap<string, string>>
  put(object: UploadObject, body: Buffer): Promise<void>
  remove(key: string): Promise<void>
  /** A link that anybody can open until it expires. */
  presign(key: string): Promise<string>
  close(): void
}

/** The longest that a presigned link can live. */
export const linkLifetimeSeconds = 7 * 24 * 60 * 60

export async function openBucket(s3: S3Spec, keys: BucketKeys): Promise<Bucket> {
  const { S3Client, ListObjectsV2Command, PutObjectCommand, GetObjectCommand, DeleteObjectCommand } =
    await import('@aws-sdk/client-s3')
  const client = new S3Client({
    region: s3.region,
    ...(s3.endpoint === null ? {} : { endpoint: s3.endpoint }),
    forcePathStyle: true,
    requestChecksumCalculation: 'WHEN_REQUIRED',
    responseChecksumValidation: 'WHEN_REQUIRED',
    requestHandler: { connectionTimeout: 10_000, requestTimeout: 120_000, throwOnRequestTimeout: true },
    credentials: {
      accessKeyId: keys.accessKeyId.reveal(),
      secretAccessKey: keys.secretAccessKey.reveal(),
      ...(keys.sessionToken === null ? {} : { sessionToken: keys.sessionToken.reveal() }),
    },
  })
  return {
    list: async (prefix) => {
      const etags = new Map<string, string>()
      let token: string | undefined
      do {
        const page = {
          Bucket: s3.bucket,
          Prefix: prefix,
          ...(token === undefined ? {} : { ContinuationToken: token }),
        }
        const answer = await client.send(new ListObjectsV2Command(page))
        for (const { Key, ETag } of answer.Contents ?? [])
          if (Key && ETag) etags.set(Key, ETag.replaceAll('"', ''))
        token = answer.IsTruncated ? answer.NextContinuationToken : undefined
      } while (token !== undefined)
      return etags
    },
    put: async (object, body) => {
      await client.send(
        new PutObjectCommand({
          Bucket: s3.bucket,
          Key: object.key,
          Body: body,
          ContentMD5: createHash('md5').update(body).digest('base64'), // A body that came otherwise is refused.
          ContentType: object.contentType,
          CacheControl: object.cacheControl,
          ...(object.isPublic ? { ACL: 'public-read' } : {}),
        }),
      )
    },
    remove: async (key) => {
      await client.send(new DeleteObjectCommand({ Bucket: s3.bucket, Key: key }))
    },
    presign: async (key) => {
      const { getSignedUrl } = await import('@aws-sdk/s3-request-presigner')
      const command = new GetObjectCommand({ Bucket: s3.bucket, Key: key })
      return getSignedUrl(client, command, { expiresIn: linkLifetimeSeconds })
    },
    close: () => client.destroy(),
  }
}

/** The unsigned address of an object, path style. */
export function objectUrl(s3: S3Spec, key: string): string {
  const endpoint = (s3.endpoint ?? `https://s3.${s3.region}.amazonaws.com`).replace(/\/+$/, '')
  return `${endpoint}/${[s3.bucket, ...key.split('/')].map(encodeURIComponent).join('/')}`
}

/** What went wrong, what was expected, and where to look. */
export function explainS3Error(error: unknown, s3: S3Spec): string {
  const name = error instanceof Error ? error.name : ''
  const code = codeOf(error)
  const where = `${s3.endpoint ?? `AWS (${s3.region})`}, bucket ${s3.bucket}`
  const advice = advices[name] ?? advices[code] ?? null
  return `${advice ?? messageOf(error)} (${code || name || 'unknown error'} from ${where})`
}

export function isAccessDenied(error: unknown): boolean {
  return error instanceof Error && error.name === 'AccessDenied'
}

const notReached = 'the server could not be reached: check publish.s3.endpoint and the network'
const advices: Readonly<Record<string, string>> = {
  SignatureDoesNotMatch:
    'the secret was not accepted: expected AWS_SECRET_ACCESS_KEY to belong to AWS_ACCESS_KEY_ID',
  BadDigest: 'what arrived was not what was sent; the next publish sends it again',
  InvalidAccessKeyId: 'the key was not accepted: the server does not know this AWS_ACCESS_KEY_ID',
  AccessDenied:
    'the key was accepted, but may not write here: it needs PutObject, and PutObjectAcl for access: public',
  NoSuchBucket: 'there is no such bucket: create it, or check publish.s3.bucket',
  PermanentRedirect: 'the bucket lies in another region: check publish.s3.region',
  AuthorizationHeaderMalformed: 'the bucket lies in another region: check publish.s3.region',
  AccessControlListNotSupported:
    'the bucket refuses ACLs: allow public-read ACLs on it, or set publish.s3.access: presigned',
  RequestTimeTooSkewed: "this machine's clock and the server's are too far apart",
  ExpiredToken: 'the session token has expired',
  ECONNREFUSED: notReached,
  ENOTFOUND: notReached,
  EAI_AGAIN: notReached,
  EHOSTUNREACH: notReached,
  ETIMEDOUT: notReached,
  TimeoutError: 'the server did not answer in time',
}

function codeOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return ''
  if ('code' in error && typeof error.code === 'string') return error.code
  return 'name' in error && typeof error.name === 'string' && error.name !== 'Error' ? error.name : ''
}
