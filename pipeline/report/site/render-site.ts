// Everything under site/ that is no weekly or monthly report: archive, last days, growth, tips, sessions, and the API.
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Config } from '../../config.js'
import type { StageContext } from '../../events.js'
import { listRenderedPeriods } from '../archive.js'
import { isExploreBeside, ownerWords } from '../page.js'
import { type ReportEffects, realReportEffects } from '../render.js'
import { renderPage } from '../templates.js'
import { writeWhole } from '../write-whole.js'
import { writeApi } from './api.js'
import { archiveView } from './archive-page.js'
import { readSiteData, type SiteData, type SiteRows } from './data.js'
import { growthView } from './growth-page.js'
import { renderLastDays } from './last-days.js'
import { siteMenu } from './menu.js'
import { sessionsPlace, sessionsView } from './sessions-page.js'
import { shownSite } from './shown-site.js'
import { tipsPlace, tipsView } from './tips-page.js'

const nothing: SiteData = {
  rows: { totals: [], weeks: [], months: [], growth: [], tips: [], sessions: [], plans: [] },
  fingerprint: null,
}

/** Writes the pages around whatever reports lie in the site; returns the archive's path. */
export async function renderSite(
  ctx: StageContext<Config>,
  effects: ReportEffects = realReportEffects,
): Promise<string> {
  const { config } = ctx
  const data = existsSync(config.paths.warehouse) ? await readSiteData(config) : nothing
  const rows = shownSite(data.rows, config)
  const lastDate = rows.totals[0]?.last_date ?? null
  if (lastDate === null) await rm(join(config.paths.site, 'last'), { recursive: true, force: true })
  else await renderLastDays(ctx, lastDate, data.fingerprint, effects)
  const weeks = renderedWeeks(config)
  await writePage(config, 'growth/', 'growth', growthView(rows.growth), ['sql'])
  await writePage(config, tipsPlace, 'tips', tipsView(rows.tips, weeks), ['sql'])
  const finding = ['sql', 'minisearch', 'site-sessions']
  await writePage(config, sessionsPlace, 'sessions', sessionsView(rows, config, weeks), finding)
  await writeApi(rows, config)
  return writeArchive(config, rows)
}

async function writeArchive(config: Config, rows: SiteRows): Promise<string> {
  const view = { ...archiveView(rows, config), hasExplore: hasExplore(config) }
  return writePage(config, '', 'archive', view, [])
}

/** A link only where there is something behind it. */
function hasExplore(config: Config): boolean {
  return isExploreBeside(config) && existsSync(join(config.paths.site, 'explore/index.html'))
}

function renderedWeeks(config: Config): Set<string> {
  const weekly = listRenderedPeriods(config.paths.site).filter(({ kind }) => kind === 'weekly')
  return new Set(weekly.map(({ label }) => label))
}

async function writePage(
  config: Config,
  place: string,
  name: string,
  view: object,
  scripts: readonly string[],
): Promise<string> {
  const page = { owner: ownerWords(config), menu: siteMenu(place), ...view }
  const options = {
    scripts: ['theme', ...scripts],
    ownFolder: config.templates_dir,
    place,
    contentLevel: config.privacy.content,
  }
  const file = join(config.paths.site, place, 'index.html')
  await writeWhole(file, await renderPage(name, page, options))
  return file
}
