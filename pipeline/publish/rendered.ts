// What the report stage left in out/site for a period, as far as a message needs it.
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { type Digest, digestSchema } from './digest.js'
import { discordLimits } from './message.js'
import type { Period } from './objects.js'

export interface Rendered {
  readonly digest: Digest
  readonly picture: Buffer | null
}

/** The digest and its picture; a UserError that names the command where the report is not rendered. */
export function readRendered(ctx: StageContext<Config>, period: Period): Rendered {
  const folder = join(ctx.config.paths.site, period.kind, period.period)
  const missing = ['index.html', 'digest.json'].find((name) => !existsSync(join(folder, name)))
  if (missing)
    throw new UserError(
      `the ${period.kind} report for ${period.period} is not rendered: no ${missing} in ${folder}`,
      hintFor(period),
    )
  const digest = readDigest(join(folder, 'digest.json'), period)
  const picture = readPicture(ctx, folder, digest)
  return { digest: picture ? digest : { ...digest, image: null }, picture }
}

function readDigest(file: string, period: Period): Digest {
  try {
    return digestSchema.parse(JSON.parse(readFileSync(file, 'utf8')))
  } catch (cause) {
    throw new UserError(`${file} is not a digest of this version: ${messageOf(cause)}`, hintFor(period), {
      cause,
    })
  }
}

/** A missing or too large picture costs the picture, not the message. */
function readPicture(ctx: StageContext<Config>, folder: string, { image }: Digest): Buffer | null {
  if (image === null) return null
  const file = join(folder, image)
  const sizeBytes = existsSync(file) ? statSync(file).size : 0
  if (sizeBytes > 0 && sizeBytes <= discordLimits.attachmentBytes) return readFileSync(file)
  const problem =
    sizeBytes === 0
      ? 'is missing or empty'
      : `has ${sizeBytes} bytes, Discord takes ${discordLimits.attachmentBytes}`
  ctx.emit({
    step: 'publish',
    action: 'warn',
    subject: image,
    message: `the picture ${problem}: left out of the message`,
  })
  return null
}

function hintFor({ kind, period }: Period): string {
  return `debrief report ${kind} --for ${period}`
}
