// Whether a share has moved by more than chance and habit alone would make it move.

export interface Sample {
  /** 0 to 1 */
  readonly value: number
  readonly count: number
}

export type Course = 'better' | 'worse' | 'same'

/** A change is one where the share moved by a fifth of itself, and by more than nine of ten equal samples would. */
const leastRelativeChange = 0.2
const nineOfTen = 1.64

export function courseOf(before: Sample, after: Sample, isLessBetter: boolean): Course {
  const change = after.value - before.value
  if (Math.abs(change) < leastRelativeChange * before.value || isWithinChance(before, after)) return 'same'
  return change < 0 === isLessBetter ? 'better' : 'worse'
}

function isWithinChance(before: Sample, after: Sample): boolean {
  const count = before.count + after.count
  if (before.count === 0 || after.count === 0) return true
  const pooled = (before.value * before.count + after.value * after.count) / count
  const error = Math.sqrt(pooled * (1 - pooled) * (1 / before.count + 1 / after.count))
  return Math.abs(after.value - before.value) <= nineOfTen * error
}
