// What became of a tip: its metric in the weeks since, against the week in which it was given.
import { courseOf } from './compare.js'
import type { Measure } from './measure.js'
import type { PastTip, TipEffect } from './store.js'

/** Fewer weeks or fewer cases than these say little. */
const fewWeeks = 2
const fewCases = 30

/** Null where no week since could be measured. `since` are the measures of the weeks after the tip's, oldest first. */
export function effectOf(tip: PastTip, since: readonly (Measure | null)[]): TipEffect | null {
  const measured = since.filter((measure) => measure !== null)
  const latest = measured.at(-1)
  if (!latest) return null
  const sampleCount = measured.reduce((sum, measure) => sum + measure.sampleCount, 0)
  const mean = measured.reduce((sum, measure) => sum + measure.metricValue, 0) / measured.length
  const metricAfter = Number(mean.toFixed(4))
  return {
    tipId: tip.tipId,
    metricBefore: tip.metricValue,
    metricAfter,
    metricLatest: latest.metricValue,
    measuredWeekCount: measured.length,
    sampleCount,
    effect: courseOf(
      { value: tip.metricValue, count: tip.sampleCount },
      { value: metricAfter, count: sampleCount },
      tip.isLessBetter,
    ),
    isSmall: measured.length < fewWeeks || Math.min(sampleCount, tip.sampleCount) < fewCases,
  }
}
