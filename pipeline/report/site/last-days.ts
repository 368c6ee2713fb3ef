// site/last/7, 14, 30 and 90: reports over the last days up to the newest data, drawn anew only where anything changed.
import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from '../../config.js'
import type { StageContext } from '../../events.js'
import { lastDays } from '../../period.js'
import { packageRoot } from '../../root.js'
import { type ReportEffects, renderReport } from '../render.js'
import { writeWhole } from '../write-whole.js'
import { spanDays } from './menu.js'

/** Renders what a digest of data, settings and templates says is not up to date; `fingerprint` null always renders. */
export async function renderLastDays(
  ctx: StageContext<Config>,
  lastDate: string,
  fingerprint: string | null,
  effects: ReportEffects,
): Promise<void> {
  const { paths, week_starts_on } = ctx.config
  const stampFile = join(paths.out, 'last-days.stamp')
  const stamp = fingerprint === null ? null : stampOf(ctx.config, lastDate, fingerprint)
  if (stamp !== null && readStamp(stampFile) === stamp && areRendered(paths.site)) return
  for (const days of spanDays) await renderReport(ctx, lastDays(days, lastDate, week_starts_on), effects)
  if (stamp !== null) await writeWhole(stampFile, stamp)
}

function areRendered(site: string): boolean {
  return spanDays.every((days) => existsSync(join(site, 'last', String(days), 'index.html')))
}

/** All that the pages follow from: the data, the settings, and the templates and code of this version. */
function stampOf(config: Config, lastDate: string, fingerprint: string): string {
  const { user, machine, timezone, privacy, isDemo, context, templates_dir } = config
  const settings = { user, machine, timezone, privacy, isDemo, context, lastDate }
  const hash = createHash('sha256').update(fingerprint).update(JSON.stringify(settings))
  hash.update(readFileSync(join(packageRoot, 'package.json')))
  for (const folder of [join(packageRoot, 'templates'), ...(templates_dir ? [templates_dir] : [])])
    for (const file of filesIn(folder)) hash.update(file).update(readFileSync(join(folder, file)))
  return hash.digest('hex')
}

function filesIn(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort()
}

function readStamp(file: string): string | null {
  return existsSync(file) ? readFileSync(file, 'utf8') : null
}
