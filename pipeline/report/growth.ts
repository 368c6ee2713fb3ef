// The growth section: how each metric stands against the period before, and where it has been going.
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import { changeFrom, formatCount } from './format.js'
import { formatMetric, metricName, metricNames } from './metrics.js'
import type { GrowthRow } from './rows.js'
import type { Section } from './sections.js'
import { type Table, tablesOf } from './table.js'

/** Null where no metric has a value: then there is nothing to tell. */
export function growthSection(data: ReportData): Section | null {
  const rows = metricNames.flatMap((name) => data.rows.growth.find((row) => row.metric_name === name) ?? [])
  if (rows.length === 0) return null
  return {
    id: 'growth',
    heading: 'Growth',
    paragraphs: [growthParagraph(data, rows)],
    tables: [
      ...growthTable(
        'How well',
        rows.filter((row) => isSkill(row)),
        data,
      ),
      ...growthTable(
        'How much',
        rows.filter((row) => !isSkill(row)),
        data,
      ),
    ],
  }
}

function isSkill(row: GrowthRow): boolean {
  return row.is_skill || row.metric_name === 'effectiveness'
}

function growthParagraph(data: ReportData, rows: readonly GrowthRow[]): string {
  const noun = periodNoun(data)
  const explained = `A trend is told from three ${noun}s on, over at most eight that have a value; “better” follows from what the metric is, and may be wrong for you.`
  if (data.isSoFar)
    return `The ${noun} is not over, so it is not compared with the whole one before. ${explained}`
  const best = rows.find((row) => row.is_strongest)
  if (!best) return explained
  return `${metricName(best.metric_name)} improved most: ${againstBefore(best, noun)}. ${explained}${unpricedNote(data)}`
}

function againstBefore(row: GrowthRow, noun: string): string {
  const now = formatMetric(row.metric_name, row.metric_value)
  if (row.previous_value === null) return now
  return `${now}, after ${formatMetric(row.metric_name, row.previous_value)} the ${noun} before`
}

function unpricedNote(data: ReportData): string {
  return currentRow(data).unpriced_call_count > 0
    ? ' Costs here are those of the calls that have a price.'
    : ''
}

function growthTable(caption: string, rows: readonly GrowthRow[], data: ReportData): Table[] {
  const noun = periodNoun(data)
  const isCompared = !data.isSoFar
  return tablesOf({
    caption,
    texts: ['Metric', 'Trend'],
    numbers: [
      data.isSoFar ? `This ${noun} so far` : `This ${noun}`,
      `The ${noun} before`,
      ...(isCompared ? ['Change'] : []),
      'Mean',
      'Better in',
    ],
    rows,
    cells: (row) => {
      const format = (value: number) => formatMetric(row.metric_name, value)
      return [
        metricName(row.metric_name),
        trendWords(row),
        format(row.metric_value),
        row.previous_value === null ? '' : format(row.previous_value),
        ...(isCompared ? [changeWords(row)] : []),
        format(row.mean_value),
        `${formatCount(row.improved_count)} of ${formatCount(row.period_count)}`,
      ]
    },
  })
}

/** Of a volume only whether there is more: whether that is better is not for a table to say. */
function trendWords(row: GrowthRow): string {
  if (row.trend_strength === null) return 'too few to tell'
  if (row.trend_direction === 'stable' || isSkill(row)) return row.trend_direction
  return row.trend_strength > 0 ? 'rising' : 'falling'
}

function changeWords(row: GrowthRow): string {
  return row.previous_value === null ? '' : (changeFrom(row.previous_value, row.metric_value)?.text ?? '')
}
