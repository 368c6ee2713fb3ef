// Which files of out/ go where in the bucket, and with which headers.
import { createHmac } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { extname, join, sep } from 'node:path'
import type { Config, S3Spec } from '../config.js'
import type { Secret } from '../secret.js'

export interface UploadObject {
  readonly key: string
  readonly file: string
  readonly sizeBytes: number
  readonly contentType: string
  readonly cacheControl: string
  readonly isPublic: boolean
}

export interface Period {
  readonly kind: 'weekly' | 'monthly'
  readonly period: string
}

const contentTypes: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.md': 'text/markdown; charset=utf-8',
  '.json': 'application/json',
  '.png': 'image/png',
  '.parquet': 'application/vnd.apache.parquet',
  '.arrow': 'application/vnd.apache.arrow.stream',
  '.js': 'text/javascript; charset=utf-8',
  '.wasm': 'application/wasm',
}
/** index.html comes last: whoever sees it finds the rest. */
const periodFiles = ['digest.png', 'report.md', 'report.json', 'digest.json', 'index.html']

/** Where everything of this user and machine lies: `<prefix>/<user>/<machine>`. */
export function bucketRoot(config: Config, s3: S3Spec): string {
  const prefix = s3.prefix.replace(/^\/+|\/+$/g, '')
  return [...(prefix === '' ? [] : [prefix]), keySegment(config.user), keySegment(config.machine)].join('/')
}

/** `site`, or for a public bucket `site-<32 hex digits>`: stable for a secret, and nobody guesses it. */
export function siteFolder(config: Config, s3: S3Spec, secretKey: Secret | undefined): string {
  if (s3.access !== 'public') return 'site'
  const seed = ['debrief.site/1', s3.bucket, bucketRoot(config, s3)].join('\n')
  const digest = secretKey ? createHmac('sha256', secretKey.reveal()).update(seed).digest('hex') : null
  return `site-${digest?.slice(0, 32) ?? 'unknown'}`
}

export function reportKey(root: string, folder: string, { kind, period }: Period): string {
  return `${root}/${folder}/${kind}/${period}/index.html`
}

/** The Parquet tree, the period's files and the pages around the reports, in the order of upload. */
export function uploadObjects(
  config: Config,
  period: Period,
  root: string,
  folder: string,
  isPublic: boolean,
): UploadObject[] {
  const { parquet, site } = config.paths
  const paths = [
    ...explorePaths(config),
    ...periodFiles.map((name) => `${period.kind}/${period.period}/${name}`),
    ...sitePaths(site).filter((path) => !isOfPeriod(path) && !path.startsWith('explore/')),
  ]
  return [
    ...parquetPaths(parquet).map((path) => parquetObject(join(parquet, path), `${root}/parquet/${path}`)),
    ...paths
      .filter((path) => existsSync(join(site, path)))
      .map((path) => siteObject(join(site, path), `${root}/${folder}/${path}`, isPublic)),
  ]
}

/** Everything that lies in out/, whichever period it belongs to. */
export function allObjects(config: Config, root: string, folder: string, isPublic: boolean): UploadObject[] {
  const { parquet, site } = config.paths
  return [
    ...parquetPaths(parquet).map((path) => parquetObject(join(parquet, path), `${root}/parquet/${path}`)),
    ...[...explorePaths(config), ...sitePaths(site)].map((path) =>
      siteObject(join(site, path), `${root}/${folder}/${path}`, isPublic),
    ),
  ]
}

function isOfPeriod(path: string): boolean {
  return /^(weekly|monthly)\//.test(path)
}

function sitePaths(site: string): string[] {
  if (!existsSync(site)) return []
  return readdirSync(site, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => extname(path) in contentTypes && !path.startsWith(exploreFolder))
    .sort()
}

const exploreFolder = 'explore/'

/** Only where asked for: it is 35 MB. */
function explorePaths({ paths: { site }, publish: { s3 } }: Config): string[] {
  if (!s3?.explore || !existsSync(join(site, exploreFolder, 'index.html'))) return []
  return readdirSync(join(site, exploreFolder), { recursive: true, encoding: 'utf8' })
    .map((path) => `${exploreFolder}${path.split(sep).join('/')}`)
    .filter((path) => /\.(arrow|js|wasm|html)$/.test(path))
    .sort()
}

/** What privacy.content was when explore/ was written; null where it is not uploaded. */
export function exploreContent(config: Config): string | null {
  if (explorePaths(config).length === 0) return null
  const facts = readFileSync(join(config.paths.site, exploreFolder, 'data', 'explore.json'), 'utf8')
  return String((JSON.parse(facts) as { content?: unknown }).content)
}

function parquetObject(file: string, key: string): UploadObject {
  return { ...fileFacts(file, key), cacheControl: 'private, no-cache', isPublic: false }
}

function siteObject(file: string, key: string, isPublic: boolean): UploadObject {
  const pictureCache = `${isPublic ? 'public' : 'private'}, max-age=3600`
  return {
    ...fileFacts(file, key),
    cacheControl: extname(file) === '.png' ? pictureCache : 'no-cache',
    isPublic,
  }
}

function fileFacts(
  file: string,
  key: string,
): Pick<UploadObject, 'file' | 'key' | 'sizeBytes' | 'contentType'> {
  const contentType = contentTypes[extname(file)] ?? 'application/octet-stream'
  return { file, key, sizeBytes: statSync(file).size, contentType }
}

/** In the order of their names, the manifest last: it never lists a file that is not there yet. */
function parquetPaths(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((path) => path.split(sep).join('/'))
    .filter((path) => /\.(parquet|json)$/.test(path))
    .sort((a, b) => Number(a === 'manifest.json') - Number(b === 'manifest.json') || (a < b ? -1 : 1))
}

function keySegment(name: string): string {
  const cleared = name.replace(/[/\\\p{Cc}]+/gu, '-')
  return /^\.*$/.test(cleared) ? '-' : cleared
}
