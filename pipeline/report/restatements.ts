// What a period has become since it was first reported, by how much and why, in words.

import { localDate, longDate } from '../period.js'
import type { ReportData } from './data.js'
import { countOf, formatCompact, formatCount, formatDollars, listed } from './format.js'
import type { RestatementReason, RestatementRow } from './rows.js'
import { type Table, tablesOf } from './table.js'
import type { TrustParts } from './trust.js'

const leastShownUsd = 0.005

const reasonPhrases: Record<RestatementReason, (sessionCount: number) => string> = {
  late_session: (count) => countOf(count, 'late session'),
  late_data: (count) => `late data in ${countOf(count, 'session')}`,
  new_price: (count) => `a new price for ${countOf(count, 'session')}`,
  mended_parser: (count) => `${countOf(count, 'session')} read better`,
  forgotten: (count) => countOf(count, 'forgotten session'),
}

const reasonNames: Record<RestatementReason, string> = {
  late_session: 'Late session',
  late_data: 'Late data',
  new_price: 'New price',
  mended_parser: 'Mended parser',
  forgotten: 'Forgotten session',
}

export function restatementsOf(data: ReportData, role: RestatementRow['period_role']): RestatementRow[] {
  return data.rows.restatements.filter((row) => row.period_role === role)
}

/** Exact to a millionth, as the rows are. */
export function costChangeUsd(rows: readonly RestatementRow[]): number {
  return Math.round(rows.reduce((sum, row) => sum + row.cost_change_usd * 1e6, 0)) / 1e6
}

/** "restated +$3.10 from $97.20 since 17 February: 1 late session"; null where no cent has moved. */
export function restatedCost(
  data: ReportData,
  rows: readonly RestatementRow[],
  before: string | null,
  timezone: string,
): string | null {
  const change = costChangeUsd(rows)
  if (Math.abs(change) < leastShownUsd) return null
  const from = before === null ? '' : ` from ${before}`
  return `restated ${signedDollars(change)}${from} since ${sinceDate(data, rows, timezone)}: ${reasonsOf(rows)}`
}

/** What the trust section says of it. */
export function restatementParts(data: ReportData, timezone: string): TrustParts {
  const point = (label: string) => (text: string) => ({ label, text })
  return {
    points: [
      ...restatementParagraphs(data, timezone).map(point('Restated')),
      ...movedParagraph(data).map(point('Moved')),
    ],
    tables: restatementTables(data),
  }
}

/** A sentence for the period, and one for the period it is compared with. */
function restatementParagraphs(data: ReportData, timezone: string): string[] {
  return (['current', 'previous'] as const).flatMap((role) => {
    const rows = restatementsOf(data, role)
    const [first] = rows
    if (!first) return []
    const cost = restatedCost(data, rows, null, timezone)
    const unmoved = `restated since ${sinceDate(data, rows, timezone)} at the same cost: ${reasonsOf(rows)}`
    return [`${first.period} ${cost ?? unmoved}.`]
  })
}

function restatementTables(data: ReportData): Table[] {
  return tablesOf({
    caption: 'Restated since first reported',
    texts: ['Period', 'Why'],
    numbers: ['Sessions', 'Cost', 'Tokens', 'Prompts'],
    rows: data.rows.restatements,
    cells: (row) => [
      row.period,
      reasonNames[row.reason],
      formatCount(row.session_count),
      signedDollars(row.cost_change_usd),
      signed(row.token_change, formatCompact),
      signed(row.prompt_change, formatCount),
    ],
  })
}

/** Why the figures at a glance and the tables below them may not add up: today's settings cut time elsewhere. */
function movedParagraph(data: ReportData): string[] {
  const [frozen] = data.rows.frozen_figures
  if (!frozen?.has_moved || frozen.starts_at === null || frozen.ends_at === null) return []
  const span = `${utcMoment(frozen.starts_at)} to ${utcMoment(frozen.ends_at)} UTC (${frozen.timezone ?? 'UTC'})`
  return [
    `This period was first reported for ${span}. The figures at a glance keep to that; days and tables follow today’s settings.`,
  ]
}

function reasonsOf(rows: readonly RestatementRow[]): string {
  return listed(rows.map((row) => reasonPhrases[row.reason](row.session_count)))
}

/** The day of the first report; its year only where it is not the period's. */
function sinceDate(data: ReportData, [first]: readonly RestatementRow[], timezone: string): string {
  const date = localDate(new Date(first?.frozen_at ?? data.asOf), timezone)
  const [day, month, year] = longDate(date).split(' ')
  const isSameYear = date.slice(0, 4) === data.period.endDate.slice(0, 4)
  return `${day}\u00a0${month}${isSameYear ? '' : ` ${year}`}`
}

function utcMoment(instant: string): string {
  return `${longDate(instant.slice(0, 10))} ${instant.slice(11, 16)}`
}

function signedDollars(usd: number): string {
  return signed(usd, formatDollars)
}

function signed(value: number, format: (size: number) => string): string {
  if (value === 0) return '±0'
  return `${value > 0 ? '+' : '−'}${format(Math.abs(value))}`
}
