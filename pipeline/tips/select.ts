// Chooses a week's tips: the largest first, few of a kind, none that was dismissed or has just been given.
import { categoryOf } from './catalogue.js'
import { courseOf } from './compare.js'
import type { Measure } from './measure.js'

const maxTips = 5
const maxOfCategory = 2

export type Priority = 'high' | 'medium' | 'low'

/** A tip of one of the three weeks before. */
export interface RecentTip {
  readonly rule: string
  readonly period: string
  readonly metricValue: number
  readonly sampleCount: number
}

export interface Choice {
  readonly measure: Measure
  readonly priority: Priority
  /** The tip that it repeats, because things got worse since; null where it is not a repetition. */
  readonly worseSince: RecentTip | null
}

/** By what share of the week it is about. */
export function priorityOf({ sizeShare }: Measure): Priority {
  if (sizeShare >= 0.25) return 'high'
  return sizeShare >= 0.1 ? 'medium' : 'low'
}

export function selectTips(
  measures: readonly Measure[],
  recent: readonly RecentTip[],
  dismissedRules: ReadonlySet<string>,
): Choice[] {
  const open = measures
    .filter(({ isFiring, rule }) => isFiring && !dismissedRules.has(rule))
    .flatMap((measure) => choiceOf(measure, recent))
    .sort(byWeight)
  const chosen: Choice[] = []
  for (const choice of open) {
    const category = categoryOf(choice.measure.rule)
    const alike = chosen.filter(({ measure }) => categoryOf(measure.rule) === category)
    if (alike.length < maxOfCategory && chosen.length < maxTips) chosen.push(choice)
  }
  return chosen
}

function choiceOf(measure: Measure, recent: readonly RecentTip[]): Choice[] {
  const priority = priorityOf(measure)
  const [last] = recent
    .filter(({ rule }) => rule === measure.rule)
    .sort((a, b) => b.period.localeCompare(a.period))
  if (!last) return [{ measure, priority, worseSince: null }]
  const course = courseOf(
    { value: last.metricValue, count: last.sampleCount },
    { value: measure.metricValue, count: measure.sampleCount },
    measure.isLessBetter,
  )
  return course === 'worse' ? [{ measure, priority, worseSince: last }] : []
}

const ranks: Readonly<Record<Priority, number>> = { high: 0, medium: 1, low: 2 }

function byWeight(a: Choice, b: Choice): number {
  return (
    ranks[a.priority] - ranks[b.priority] ||
    b.measure.sizeShare - a.measure.sizeShare ||
    (a.measure.rule < b.measure.rule ? -1 : 1)
  )
}
