// How a headline stands against the period before, against the usual one, and over the last eight.
import type { ReportData } from './data.js'
import { periodNoun, previousRow } from './figures.js'
import { type Change, changeFrom, countOf, type Direction, formatCount } from './format.js'
import type { HeadlineHistoryRow } from './rows.js'
import { sparklineSvg } from './sparkline.js'

export interface Comparison {
  /** "+12 %", or null where there is nothing to compare with. */
  readonly change: string | null
  readonly direction: Direction | null
  /** The comparison in words, so that nobody needs the arrow or its colour. */
  readonly comparison: string
}

interface Measure {
  readonly label: string
  readonly form: (value: number, unpricedCallCount: number) => string
  readonly isShare?: boolean
}

const mostDrawn = 8
const usualSpans = { weekly: 'four-week', monthly: 'three-month', last: 'four-period' } as const
const wholeSpans = { weekly: 4, monthly: 3, last: 4 } as const

/** A running period is not measured against a whole one: half a week is not "50 % down". */
export function againstBefore(
  measure: Measure,
  history: readonly HeadlineHistoryRow[],
  data: ReportData,
): Comparison {
  const noun = periodNoun(data)
  const before = history.find((row) => row.periods_back === 1)
  const value = before?.measure_value ?? null
  if (!before || value === null || previousRow(data) === null)
    return uncompared(`nothing to compare with the ${noun} before`)
  const was = measure.form(value, before.unpriced_call_count)
  if (data.isSoFar) return uncompared(`${was} in the whole ${noun} before`)
  const change = changeOf(measure, value, history[0]?.measure_value ?? null)
  if (!change) return uncompared(`${was} the ${noun} before`)
  if (change.direction === 'flat') return compared(change, `as the ${noun} before (${was})`)
  return compared(change, `${change.direction} from ${was} the ${noun} before`)
}

/** The median of the last weeks or months that had sessions; two of them are the least that has one. */
export function againstUsual(
  measure: Measure,
  history: readonly HeadlineHistoryRow[],
  data: ReportData,
): Comparison {
  const [now] = history
  const median = `${usualSpans[data.period.kind]} median`
  if (!now || now.usual_value === null)
    return uncompared(`no ${median}: ${missingWords(now?.usual_count ?? 0, periodNoun(data))}`)
  const usual = measure.form(now.usual_value, now.usual_unpriced_count)
  const of =
    now.usual_count < wholeSpans[data.period.kind]
      ? ` (of ${countOf(now.usual_count, periodNoun(data))})`
      : ''
  if (data.isSoFar) return uncompared(`${usual} is the ${median}${of}`)
  const change = changeOf(measure, now.usual_value, now.measure_value)
  if (!change) return uncompared(`${usual} is the ${median}${of}`)
  if (change.direction === 'flat') return compared(change, `as the ${median}, ${usual}${of}`)
  return compared(change, `against the ${median}, ${usual}${of}`)
}

/** The last eight periods with the names of their values; a week off is a 0 where something is counted, else a gap. */
export function sparkOf(measure: Measure, history: readonly HeadlineHistoryRow[], data: ReportData): string {
  const rows = history.filter((row) => row.periods_back < mostDrawn).toReversed()
  if (rows.filter((row) => row.measure_value !== null).length < 2) return ''
  const values = rows.map((row) =>
    row.measure_value === null ? 'not known' : measure.form(row.measure_value, row.unpriced_call_count),
  )
  const end = data.isSoFar ? ', the last one so far' : ''
  const label = `${measure.label}, the last ${countOf(rows.length, periodNoun(data))}${end}: ${values.join(', ')}`
  return sparklineSvg(
    rows.map((row) => row.measure_value),
    label,
  )
}

function changeOf(measure: Measure, before: number, now: number | null): Change | null {
  if (now === null) return null
  return measure.isShare ? pointsFrom(before, now) : changeFrom(before, now)
}

/** "+5 points": of two shares, the one less the other. */
function pointsFrom(before: number, now: number): Change {
  const points = (now - before) * 100
  const size = Math.abs(points) < 9.95 ? Number(Math.abs(points).toFixed(1)) : Math.round(Math.abs(points))
  if (size === 0) return { direction: 'flat', text: `±0\u00a0points` }
  const text = `${size < 10 ? size : formatCount(size)}\u00a0${size === 1 ? 'point' : 'points'}`
  return points > 0 ? { direction: 'up', text: `+${text}` } : { direction: 'down', text: `−${text}` }
}

function missingWords(count: number, noun: string): string {
  return count === 0 ? `no ${noun} tells it` : `only one ${noun} tells it`
}

function compared({ text, direction }: Change, comparison: string): Comparison {
  return { change: text, direction, comparison }
}

function uncompared(comparison: string): Comparison {
  return { change: null, direction: null, comparison }
}
