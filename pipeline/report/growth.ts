// The growth section: how each metric stands against the period before, and where it has been going.
import type { ReportData } from './data.js'
import { currentRow, periodNoun } from './figures.js'
import { changeFrom, formatCount } from './format.js'
import { formatMetric, metricName, metricNames } from './metrics.js'
import type { GrowthRow } from './rows.js'
import type { Section } from './sections.js'
import { sparkBlocks, sparklineSvg } from './sparkline.js'
import { type Cell, type Table, tablesOf } from './table.js'

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
  const explained = `A trend is told from three ${noun}s on, over at most eight that have a value: weakly, clearly or strongly by how steadily it goes. “Better” follows from what the metric is, and may be wrong for you.`
  if (data.isSoFar)
    return `The ${noun} is not over, so it is not compared with the whole one before. ${explained}`
  const best = rows.find((row) => row.is_strongest)
  const streak = streakSentence(data, rows)
  if (!best) return `${streak} ${explained}`.trim()
  return `${metricName(best.metric_name)} improved most: ${againstBefore(best, noun)}.${streak} ${explained}${unpricedNote(data)}`
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
    texts: ['Metric', 'Course', 'Trend'],
    numbers: [
      data.isSoFar ? `This ${noun} so far` : `This ${noun}`,
      `The ${noun} before`,
      ...(isCompared ? ['Change'] : []),
      isSkillTable(rows) ? 'Better in' : 'More in',
      ...(isCompared ? ['In a row'] : []),
    ],
    rows,
    cells: (row) => {
      const format = (value: number) => formatMetric(row.metric_name, value)
      return [
        metricName(row.metric_name),
        courseCell(row, data),
        trendWords(row),
        format(row.metric_value),
        row.previous_value === null ? '' : format(row.previous_value),
        ...(isCompared ? [changeWords(row)] : []),
        `${formatCount(row.improved_count)} of ${formatCount(row.period_count)}`,
        ...(isCompared ? [streakWords(row)] : []),
      ]
    },
  })
}

function isSkillTable(rows: readonly GrowthRow[]): boolean {
  return rows.some(isSkill)
}

/** The values of the window, oldest first: a drawing on the page, blocks in Markdown. */
function courseCell(row: GrowthRow, data: ReportData): Cell {
  const series = data.rows.growth_series.filter(({ metric_name }) => metric_name === row.metric_name)
  const values = series.map(({ metric_value }) => metric_value)
  if (values.length < 2) return ''
  const told = series.map(
    ({ period, metric_value }) => `${period} ${formatMetric(row.metric_name, metric_value)}`,
  )
  return {
    text: sparkBlocks(values),
    svg: sparklineSvg(values, `${metricName(row.metric_name)}: ${told.join(', ')}`),
  }
}

/** Of a volume only whether there is more: whether that is better is not for a table to say. */
function trendWords(row: GrowthRow): string {
  if (row.trend_strength === null) return 'too few to tell'
  if (row.trend_direction === 'stable') return 'stable'
  const direction = isSkill(row) ? row.trend_direction : row.trend_strength > 0 ? 'rising' : 'falling'
  return `${direction}, ${strengthWord(row.trend_strength)}`
}

/** Of a correlation of 0.3 or more, from which on a trend has a direction. */
function strengthWord(strength: number): string {
  const size = Math.abs(strength)
  return size >= 0.7 ? 'strongly' : size >= 0.5 ? 'clearly' : 'weakly'
}

/** "better ×3": only from two in a row on. */
function streakWords(row: GrowthRow): string {
  const [up, down] = isSkill(row) ? ['better', 'worse'] : ['more', 'less']
  if (row.better_streak_count > 1) return `${up} ×${formatCount(row.better_streak_count)}`
  return row.worse_streak_count > 1 ? `${down} ×${formatCount(row.worse_streak_count)}` : ''
}

/** "Tool calls that failed got better four weeks in a row": the longest of the skills, from three on. */
function streakSentence(data: ReportData, rows: readonly GrowthRow[]): string {
  const [longest] = rows
    .filter((row) => isSkill(row) && row.better_streak_count > 2)
    .sort((a, b) => b.better_streak_count - a.better_streak_count)
  if (!longest) return ''
  return ` ${metricName(longest.metric_name)}: better ${spelled(longest.better_streak_count)} ${periodNoun(data)}s in a row.`
}

const numerals = ['three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

function spelled(count: number): string {
  return numerals[count - 3] ?? formatCount(count)
}

function changeWords(row: GrowthRow): string {
  return row.previous_value === null ? '' : (changeFrom(row.previous_value, row.metric_value)?.text ?? '')
}
