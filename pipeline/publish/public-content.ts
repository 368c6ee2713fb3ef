// What may go to a public place: numbers, and more than these only up to the level that the configuration names.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, extname, join, relative } from 'node:path'
import type { Config, S3Spec } from '../config.js'
import { UserError } from '../errors.js'
import type { Digest } from './digest.js'
import { exploreContent, type UploadObject } from './objects.js'

type Level = Config['privacy']['content']
const levels: readonly Level[] = ['none', 'summaries', 'transcripts']

/** The settings as they are now. */
export function refusePublicContent(config: Config, s3: S3Spec): void {
  if (s3.access !== 'public') return
  const { content } = config.privacy
  if (isMore(content, s3))
    throw new UserError(
      `publish.s3.access is public, but privacy.content is ${content}: expected ${allowedBy(s3)}`,
      `Set privacy.content: ${s3.public_content} and render the report again, or set publish.s3.access: presigned. Who wants anyone with the address to read ${content} names it: publish.s3.public_content: ${content}`,
    )
  const explored = exploreContent(config)
  if (explored === null || !isMore(explored, s3)) return
  throw new UserError(
    `publish.s3.access is public, but explore/ was written with privacy.content ${explored}: expected ${allowedBy(s3)}`,
    'Write it again: debrief report weekly',
  )
}

/** The setting may have changed since: what lies in out/ holds what it was rendered with. */
export function refusePublicReport({ content, kind, period }: Digest, s3: S3Spec): void {
  if (s3.access !== 'public' || !isMore(content, s3)) return
  throw new UserError(
    `publish.s3.access is public, but the ${kind} report for ${period} was rendered with privacy.content ${content}: expected ${allowedBy(s3)}`,
    `Render it again: debrief report ${kind} --for ${period}`,
  )
}

/** Also of each page around the report, and of what lies beside it. */
export function refusePublicPages(
  { paths: { site } }: Config,
  s3: S3Spec,
  objects: readonly UploadObject[],
): void {
  const known = new Map<string, string>()
  for (const { file } of objects.filter(({ isPublic }) => isPublic)) {
    const page = nearestPage(file, site)
    if (!known.has(page)) known.set(page, levelOf(page))
    const level = known.get(page)!
    if (isMore(level, s3))
      throw new UserError(
        `publish.s3.access is public, but ${relative(site, file)} was rendered with privacy.content ${level}: expected ${allowedBy(s3)}`,
        'Render it again: debrief report weekly',
      )
  }
}

/** A page says itself what it was rendered with; other files lie beside or below the page that they belong to. */
function nearestPage(file: string, site: string): string {
  if (extname(file) === '.html') return file
  let folder = dirname(file)
  while (folder !== site && !existsSync(join(folder, 'index.html'))) folder = dirname(folder)
  return join(folder, 'index.html')
}

function levelOf(page: string): string {
  if (!existsSync(page)) return 'unknown'
  return /<meta name="debrief:content" content="(\w+)">/.exec(readFileSync(page, 'utf8'))?.[1] ?? 'unknown'
}

/** What does not say how much it holds may hold anything. */
function isMore(level: string, { public_content }: S3Spec): boolean {
  const rank = (levels as readonly string[]).indexOf(level)
  return rank === -1 || rank > levels.indexOf(public_content)
}

function allowedBy({ public_content }: S3Spec): string {
  return public_content === 'none'
    ? 'none, so that nothing but numbers is public'
    : `at most ${public_content}, as publish.s3.public_content says`
}
