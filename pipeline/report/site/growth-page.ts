// site/growth/: every metric over all weeks as small multiples, with where it has been going and how surely.
import { formatMetric, metricName, metricNames } from '../metrics.js'
import { type Table, tablesOf } from '../table.js'
import { type ShownSql, shownSiteSql } from './data.js'
import type { GrowthPoint } from './rows.js'
import { type Sparkline, sparklineOf } from './sparkline.js'

interface Multiple {
  readonly name: string
  readonly latest: string
  /** Of which week the latest value is. */
  readonly when: string
  readonly trend: string
  readonly tone: 'better' | 'worse' | 'plain'
  readonly range: string
  readonly spark: Sparkline
  /** The drawing in words. */
  readonly words: string
  readonly tables: readonly Table[]
}

export interface GrowthView {
  readonly title: string
  readonly brand: string
  readonly groups: readonly { readonly heading: string; readonly multiples: readonly Multiple[] }[]
  readonly queries: readonly ShownSql[]
}

const weekMs = 7 * 86_400_000

export function growthView(rows: readonly GrowthPoint[]): GrowthView {
  const weekly = rows.filter((row) => row.period_kind === 'weekly')
  const metrics = metricNames.flatMap((name) => {
    const points = weekly.filter((row) => row.metric_name === name)
    return points.length === 0 ? [] : [points]
  })
  const starts = weekly.map((row) => Date.parse(row.period_start))
  const span = { firstMs: Math.min(...starts), lastMs: Math.max(...starts) }
  const groupOf = (heading: string, isWanted: (row: GrowthPoint) => boolean) => ({
    heading,
    multiples: metrics.filter((points) => isWanted(points.at(-1)!)).map((points) => multipleOf(points, span)),
  })
  const groups = [groupOf('How well', isSkill), groupOf('How much', (row) => !isSkill(row))]
  return {
    title: 'Growth',
    brand: 'Debrief',
    groups: groups.filter(({ multiples }) => multiples.length > 0),
    queries: shownSiteSql(['growth']),
  }
}

function isSkill(row: GrowthPoint): boolean {
  return row.is_skill || row.metric_name === 'effectiveness'
}

function multipleOf(points: readonly GrowthPoint[], span: { firstMs: number; lastMs: number }): Multiple {
  const last = points.at(-1)!
  const format = (value: number) => formatMetric(last.metric_name, value)
  const at = (ms: number) => Math.round((ms - span.firstMs) / weekMs)
  const values = points.map((row) => row.metric_value)
  const name = metricName(last.metric_name)
  const [least, largest] = [format(Math.min(...values)), format(Math.max(...values))]
  const range = least === largest ? `always ${least}` : `${least} to ${largest}`
  const trend = trendWords(last)
  return {
    name,
    latest: format(last.metric_value),
    when: last.period,
    trend,
    tone: toneOf(last),
    range,
    spark: sparklineOf(
      points.map((row) => ({ at: at(Date.parse(row.period_start)), value: row.metric_value })),
      at(span.lastMs),
    ),
    words: `${name} from ${points[0]!.period} to ${last.period}: ${range}, last ${format(last.metric_value)}; ${trend}`,
    tables: tablesOf({
      caption: name,
      texts: ['Week'],
      numbers: ['Value'],
      rows: points,
      cells: (row) => [row.period, format(row.metric_value)],
    }),
  }
}

/** Of a volume only whether there is more: whether that is better is not for a page to say. */
function trendWords(row: GrowthPoint): string {
  if (row.trend_strength === null) return 'too few weeks for a trend'
  const over = `over ${row.period_count} weeks`
  if (row.trend_direction === 'stable') return `steady ${over}`
  const strength = `strength ${Math.abs(row.trend_strength).toFixed(2)}`
  const way = isSkill(row) ? row.trend_direction : row.trend_strength > 0 ? 'rising' : 'falling'
  return `${way} ${over}, ${strength}`
}

function toneOf(row: GrowthPoint): Multiple['tone'] {
  if (row.trend_strength === null || row.trend_direction === 'stable' || !isSkill(row)) return 'plain'
  return row.trend_direction === 'improving' ? 'better' : 'worse'
}
