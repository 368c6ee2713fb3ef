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
  /** The same in the few words that stand beside a change; the note below the headlines says of what. Null: nothing. */
  readonly brief: string | null
}

interface Measure {
  readonly label: string
  readonly form: (value: number, unpricedCallCount: number) => string
  readonly isShare?: boolean
}

const mostDrawn = 8
const usualSpans = { weekly: 'four-week', monthly: 'three-month', last: 'four-period' } as const
const usualPeriods = { weekly: 'four weeks', monthly: 'three months', last: 'four such periods' } as const
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
    return uncompared(`nothing to compare with the ${noun} before`, null)
  const was = measure.form(value, before.unpriced_call_count)
  if (data.isSoFar) return uncompared(`${was} in the whole ${noun} before`)
  const change = changeOf(measure, value, history[0]?.measure_value ?? null)
  const brief = `was ${was}`
  if (!change) return uncompared(`${was} the ${noun} before`, brief)
  if (change.direction === 'flat') return compared(change, `as the ${noun} before (${was})`, brief)
  return compared(change, `${change.direction} from ${was} the ${noun} before`, brief)
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
    return uncompared(`no ${median}: ${missingWords(now?.usual_count ?? 0, periodNoun(data))}`, null)
  const usual = measure.form(now.usual_value, now.usual_unpriced_count)
  const of =
    now.usual_count < wholeSpans[data.period.kind]
      ? ` (of ${countOf(now.usual_count, periodNoun(data))})`
      : ''
  const brief = `usually ${usual}${of}`
  if (data.isSoFar) return uncompared(`${usual} is the ${median}${of}`, brief)
  const change = changeOf(measure, now.usual_value, now.measure_value)
  if (!change) return uncompared(`${usual} is the ${median}${of}`, brief)
  if (change.direction === 'flat') return compared(change, `as the ${median}, ${usual}${of}`, brief)
  return compared(change, `against the ${median}, ${usual}${of}`, brief)
}

/** What the brief comparisons are made with, said once below them all. */
export function comparisonNote(
  data: ReportData,
  headlines: readonly { readonly usual: Comparison }[],
): string {
  const noun = periodNoun(data)
  const hasUsual = headlines.some(({ usual }) => usual.brief !== null)
  const usually = `“usually” the median of the ${usualPeriods[data.period.kind]} before`
  if (data.isSoFar)
    return `The ${noun} is not over and not measured against whole ones${hasUsual ? `; ${usually}` : ''}.`
  const hasBefore = previousRow(data) !== null
  if (!hasBefore && !hasUsual) return `There is no ${noun} before to compare with yet.`
  if (!hasBefore) return `Nothing was logged the ${noun} before; ${usually}.`
  return `“Was” is the ${noun} before${hasUsual ? `, ${usually}` : ''}.`
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

function compared({ text, direction }: Change, comparison: string, brief: string): Comparison {
  return { change: text, direction, comparison, brief }
}

function uncompared(comparison: string, brief: string | null = comparison): Comparison {
  return { change: null, direction: null, comparison, brief }
}
