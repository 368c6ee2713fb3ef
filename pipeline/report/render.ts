// Renders one period into its folder: page, Markdown, JSON, digest and picture.
import { join } from 'node:path'
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { localDate, longDate, type ReportPeriod } from '../period.js'
import { type DrawSvg, drawWithVega } from './charts.js'
import { type ReportData, readReportData } from './data.js'
import { digestOf } from './digest.js'
import { type Figures, figuresOf } from './figures.js'
import { type Letter, letterByRules, readLetter, rulesSignature, signed } from './letter/letter.js'
import type { LetterSource } from './letter/remarks.js'
import { reportMarkdown } from './markdown.js'
import { sentencesOf } from './narrative.js'
import { type ReportText, reportPage, reportText } from './page.js'
import { type DrawPng, drawWithResvg, pictureSvg } from './picture.js'
import { type ReadTranscript, readConversations } from './sessions/conversation.js'
import { shownData } from './shown.js'
import { writeWhole } from './write-whole.js'

export interface ReportEffects {
  readonly readData: (config: Config, period: ReportPeriod, now: Date) => Promise<ReportData>
  readonly drawSvg: DrawSvg
  readonly drawPng: DrawPng
  /** A session's words, or null where its log is gone; asked only where the settings allow them. */
  readonly readTranscript: ReadTranscript
}

export interface RenderedReport {
  readonly period: ReportPeriod
  readonly isSoFar: boolean
  readonly folder: string
  readonly indexHtml: string
  /** What a period is frozen with; its keys are the columns of sql/reports/headlines.sql. */
  readonly figures: Figures
  /** The letter as Markdown, signed. */
  readonly narrative: string
}

/** Writes a period's letter as Markdown, signed; it is not asked where the period is frozen. */
export type WriteLetter = (source: LetterSource, period: ReportPeriod) => Promise<string>

export const writeByRules: WriteLetter = async (source) => signed(letterByRules(source), rulesSignature)

export const realReportEffects: ReportEffects = {
  readData: readReportData,
  drawSvg: drawWithVega,
  drawPng: drawWithResvg,
  // Only a run knows where logs are read; without one they count as gone.
  readTranscript: async () => null,
}

/** Reads the warehouse, writes the period's five files (of the last days only the page), and returns what there is to freeze. */
export async function renderReport(
  ctx: StageContext<Config>,
  period: ReportPeriod,
  effects: ReportEffects = realReportEffects,
  writeLetter: WriteLetter = writeByRules,
): Promise<RenderedReport> {
  const subject = `${period.kind} ${period.label}`
  refuseFuture(period, ctx)
  const startedAt = ctx.now().getTime()
  ctx.emit({ step: 'report', action: 'start', subject })
  const data = shownData(await effects.readData(ctx.config, period, ctx.now()), ctx.config)
  const rendered = await writeReport(ctx.config, data, effects, writeLetter)
  const elapsedMs = ctx.now().getTime() - startedAt
  ctx.emit({ step: 'report', action: 'done', subject, message: rendered.indexHtml, elapsedMs })
  return rendered
}

function refuseFuture(period: ReportPeriod, { config, now }: StageContext<Config>): void {
  if (period.kind === 'last' || localDate(now(), config.timezone) >= period.startDate) return
  throw new UserError(
    `${period.label} has not begun: it starts on ${longDate(period.startDate)}`,
    'Ask for a period that has.',
  )
}

async function writeReport(
  config: Config,
  data: ReportData,
  effects: ReportEffects,
  writeLetter: WriteLetter,
): Promise<RenderedReport> {
  const { period } = data
  // A frozen period keeps the letter it was first reported with; its figures are today's.
  const { hourly_rate_usd: _rate, ...context } = config.context // A model that writes need not know it.
  const narrative = data.rows.frozen_figures[0]?.narrative || (await writeLetter({ data, context }, period))
  const letter = readLetter(narrative)
  const sessionIds = data.rows.sessions.map((row) => row.session_id)
  const conversations = await readConversations(sessionIds, config, data.periodRow, effects.readTranscript)
  const input = { data, config, letter, conversations }
  const text = reportText(input)
  const folder = join(config.paths.site, period.kind, period.label)
  const indexHtml = join(folder, 'index.html')
  const figures = figuresOf(data)
  await writeWhole(indexHtml, await reportPage(text, input, effects.drawSvg))
  const rendered = { period, isSoFar: data.isSoFar, folder, indexHtml, figures, narrative }
  if (period.kind === 'last') return rendered
  await writeWhole(join(folder, 'report.md'), reportMarkdown(text))
  await writeWhole(join(folder, 'report.json'), json(reportJson(data, text, figures, letter)))
  await writeWhole(join(folder, 'digest.png'), await effects.drawPng(await pictureSvg(data, text)))
  await writeWhole(
    join(folder, 'digest.json'),
    json(digestOf(data, text, config.context, sentencesOf(letter.lead))),
  )
  return rendered
}

function reportJson(data: ReportData, text: ReportText, figures: Figures, letter: Letter): object {
  const { kind, label, startDate, endDate, previous } = data.period
  // Freezing must not change a file: what was first reported shows only where it differs, on the page.
  const { frozen_figures: _frozen, ...rows } = data.rows
  return {
    schema: 'debrief.report/1',
    period: {
      kind,
      label,
      start_date: startDate,
      end_date: endDate,
      previous: previous.label,
      is_so_far: data.isSoFar,
      as_of: data.asOf,
    },
    content: text.content,
    is_demo: text.isDemo,
    figures,
    ...openingJson(text.opening),
    narrative: sentencesOf(letter.lead),
    letter: {
      markdown: letter.markdown,
      written_by: letter.signature,
      links: text.opening.letter.links.map(({ phrase, href, heading }) => ({ phrase, part: heading, href })),
    },
    rows,
  }
}

/** As it stands on the page: in words, with the arrows as directions. */
function openingJson({ headlines, surprise }: ReportText['opening']): object {
  return {
    headlines: headlines.map(({ key, label, value, note, change, direction, comparison, usual }) => ({
      measure: key,
      label,
      value,
      note,
      before: { change, direction, comparison },
      usual,
    })),
    surprise: surprise && { text: surprise.text, part: surprise.anchor?.heading ?? null },
  }
}

function json(value: object): string {
  return `${JSON.stringify(value, null, 2)}\n`
}
