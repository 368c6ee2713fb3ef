// The report page: its head, and the parts that contents.ts lists, put into templates/pages/report.hbs.
import type { Config } from '../config.js'
import { daysIn, localDate, longDate, periodDates, periodTitle } from '../period.js'
import { type Chart, type DrawSvg, drawChart } from './charts.js'
import { contentsOf, type Part, type ReportInput } from './contents.js'
import type { ReportData } from './data.js'
import { formatTime } from './format.js'
import type { Headline } from './headlines.js'
import { linkedHtml } from './letter/links.js'
import type { Opening } from './opening.js'
import { shownSql, withPeriod } from './shown-sql.js'
import { siteMenu } from './site/menu.js'
import { renderPage } from './templates.js'

export interface ReportText {
  readonly title: string
  readonly kind: string
  readonly dates: string
  readonly asOf: string
  readonly isSoFar: boolean
  /** Whose work it is, or that it is nobody's. */
  readonly owner: string
  readonly isDemo: boolean
  readonly content: Config['privacy']['content']
  readonly timezone: string
  readonly headlines: readonly Headline[]
  readonly opening: Opening
  readonly parts: readonly Part[]
}

/** Everything the report says, in words: the page and the Markdown both show this. */
export function reportText(input: ReportInput): ReportText {
  const { data, config } = input
  const { opening, parts } = contentsOf(input)
  return {
    title: periodTitle(data.period),
    kind: data.period.kind,
    dates: periodDates(data.period),
    asOf: asOfWords(data, config.timezone),
    isSoFar: data.isSoFar,
    owner: ownerWords(config),
    isDemo: config.isDemo,
    content: config.privacy.content,
    timezone: config.timezone,
    headlines: opening.headlines,
    opening,
    parts,
  }
}

/** "sam on laptop"; the demo says that nobody did what it tells. */
export function ownerWords(config: Config): string {
  return config.isDemo ? 'Demo: made-up sessions' : `${config.user} on ${config.machine}`
}

/** The whole page, its charts drawn. */
export async function reportPage(
  text: ReportText,
  { data, config }: ReportInput,
  drawSvg: DrawSvg,
): Promise<string> {
  const place = `${data.period.kind}/${data.period.label}/`
  const parts: { partial: string; view: object }[] = []
  for (const part of text.parts) {
    const chart = await chartOf(part, data, drawSvg)
    const own = part.ownSql
      ? [{ name: part.ownSql.name, text: withPeriod(part.ownSql.sql, data.periodRow) }]
      : []
    const letterHtml = part.letter ? await linkedHtml(part.letter.marked, part.letter.links) : ''
    const queries = [...shownSql(part.queries, data.periodRow), ...own]
    parts.push({ partial: part.partial, view: { ...part.view, chart, letterHtml, queries } })
  }
  return renderPage(
    'report',
    { ...text, parts, menu: siteMenu(place) },
    {
      scripts: ['theme', 'sql', 'minisearch', 'sessions-list', 'sessions-replay'],
      ownFolder: config.templates_dir,
      place,
      contentLevel: text.content,
      exploreHref: isExploreBeside(config) ? '../../explore/index.html' : null,
    },
  )
}

/** A public site is the same files as at home, so there a link must lead to something too. */
export function isExploreBeside({ explore, publish: { s3 } }: Config): boolean {
  return explore && (s3 === null || s3.access === 'presigned' || s3.explore)
}

async function chartOf(part: Part, { period }: ReportData, drawSvg: DrawSvg): Promise<Chart | null> {
  if (part.chart === null) return null
  const { heading = '', paragraphs = [] } = part.view as { heading?: string; paragraphs?: readonly string[] }
  const switches = { isMonth: daysIn(period) > 7 }
  return drawChart(part.chart, `${heading}. ${paragraphs[0] ?? ''}`, switches, drawSvg)
}

function asOfWords(data: ReportData, timezone: string): string {
  const isLast = data.period.kind === 'last'
  if (!data.isSoFar && !isLast) return 'complete'
  const date = localDate(new Date(data.asOf), timezone)
  return `${isLast ? 'up to the last event' : 'so far'}, as of ${longDate(date)}, ${formatTime(data.asOf, timezone)}`
}
