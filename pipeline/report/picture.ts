// The digest's picture, 1200 by 630: title, four numbers, cost by day. Fixed colours and fonts of our own.
import { join } from 'node:path'
import { packageRoot } from '../root.js'
import type { ReportData } from './data.js'
import { volumeCount } from './digest.js'
import { formatCost } from './format.js'
import type { ReportText } from './page.js'
import { renderTemplate } from './templates.js'

export type DrawPng = (svg: string) => Promise<Uint8Array>

const chart = { left: 72, right: 1128, top: 372, bottom: 556 }

/** The picture as SVG; it names only the fonts in templates/fonts. */
export async function pictureSvg(data: ReportData, text: ReportText): Promise<string> {
  const bars = barsOf(data)
  return renderTemplate('digest.svg.hbs', {
    title: text.title,
    dateline: [...(text.isDemo ? [text.owner] : []), text.dates, ...(text.isSoFar ? ['so far'] : [])].join(
      ' · ',
    ),
    baseline: chart.bottom,
    left: chart.left,
    right: chart.right,
    headlines: text.headlines.slice(0, volumeCount).map((headline, i) => ({
      ...headline,
      x: chart.left + i * 272,
      valueSize: valueSize(headline.value),
      change: headline.change ?? '',
      arrow: arrowPath(headline.direction),
      hasArrow: headline.direction !== null,
      changeX: chart.left + i * 272 + (headline.direction === null ? 0 : 26),
    })),
    bars,
    hasBars: bars.some((bar) => bar.height > 0),
  })
}

/** Real drawing. System fonts are off: the picture is the same on every machine. */
export async function drawWithResvg(svg: string): Promise<Uint8Array> {
  const { Resvg } = await import('@resvg/resvg-js')
  const fontFiles = ['Inter-Regular.ttf', 'Inter-SemiBold.ttf'].map((name) =>
    join(packageRoot, 'templates/fonts', name),
  )
  const font = { loadSystemFonts: false, fontFiles, defaultFontFamily: 'Inter' }
  return new Resvg(svg, { font, fitTo: { mode: 'original' } }).render().asPng()
}

/** As large as four columns allow. */
function valueSize(value: string): number {
  if (value.length <= 8) return 50
  return value.length <= 10 ? 42 : 34
}

interface Bar {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
  readonly middle: number
  readonly valueY: number
  readonly label: string
  readonly value: string
}

function barsOf(data: ReportData): Bar[] {
  const byDate = new Map<string, { costUsd: number; unpriced: number }>()
  for (const row of data.rows.cost_by_day_and_model) {
    const day = byDate.get(row.local_date) ?? { costUsd: 0, unpriced: 0 }
    byDate.set(row.local_date, {
      costUsd: day.costUsd + row.cost_usd,
      unpriced: day.unpriced + row.unpriced_call_count,
    })
  }
  const largest = Math.max(...[...byDate.values()].map((day) => day.costUsd), 0)
  const step = (chart.right - chart.left) / Math.max(byDate.size, 1)
  const isWeek = byDate.size <= 7
  return [...byDate].map(([date, { costUsd, unpriced }], i) => {
    const height = largest > 0 ? rounded((costUsd / largest) * (chart.bottom - chart.top - 34)) : 0
    const width = rounded(step * 0.62)
    return {
      x: rounded(chart.left + step * (i + 0.19)),
      y: rounded(chart.bottom - height),
      width,
      height,
      middle: rounded(chart.left + step * (i + 0.5)),
      valueY: rounded(chart.bottom - height - 8),
      label: dayLabel(date, isWeek),
      value: isWeek && costUsd + unpriced > 0 ? formatCost(costUsd, unpriced) : '',
    }
  })
}

function dayLabel(date: string, isWeek: boolean): string {
  const day = Number(date.slice(8))
  if (!isWeek) return day % 5 === 0 || day === 1 ? String(day) : ''
  const weekday = new Date(`${date}T00:00:00Z`).getUTCDay()
  return `${['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'][weekday]} ${day}`
}

function arrowPath(direction: string | null): string {
  if (direction === 'up') return 'M0 14 L9 0 L18 14 Z'
  if (direction === 'down') return 'M0 0 L18 0 L9 14 Z'
  return 'M0 4 H18 V10 H0 Z'
}

function rounded(value: number): number {
  return Math.round(value * 10) / 10
}
