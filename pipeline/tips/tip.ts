// A tip as it is kept, and its words made from what was chosen.
import { categoryOf, wordsOf } from './catalogue.js'
import type { TipCategory } from './rule.js'
import type { Choice, Priority } from './select.js'
import { formatShare } from './words/figures.js'

export interface Tip {
  /** <rule>/<period_kind>/<period> */
  readonly tipId: string
  readonly rule: string
  readonly period: string
  /** The end of the week, or of a running one its last event. */
  readonly generatedAt: string
  readonly priority: Priority
  readonly category: TipCategory
  readonly observation: string
  readonly recommendation: string
  readonly expectedBenefit: string
  readonly metricName: string
  readonly metricValue: number
  readonly isLessBetter: boolean
  readonly metricValues: Readonly<Record<string, number>>
  readonly sessionIds: readonly string[]
  /** rules, or the provider that phrased it. */
  readonly extractor: string
}

export function tipId(rule: string, period: string): string {
  return `${rule}/weekly/${period}`
}

export function tipOf({ measure, priority, worseSince }: Choice, period: string, generatedAt: string): Tip {
  const words = wordsOf(measure)
  const { rule, metricName, metricValue, isLessBetter, sessionIds, numbers } = measure
  const previous = worseSince === null ? {} : { previous_metric_value: worseSince.metricValue }
  return {
    tipId: tipId(rule, period),
    rule,
    period,
    generatedAt,
    priority,
    category: categoryOf(rule),
    ...words,
    observation:
      worseSince === null ? words.observation : `${words.observation} ${worseWords(worseSince, metricValue)}`,
    metricName,
    metricValue,
    isLessBetter,
    metricValues: { ...numbers, ...previous },
    sessionIds,
    extractor: 'rules',
  }
}

function worseWords({ period, metricValue }: { period: string; metricValue: number }, now: number): string {
  return `It was advised in ${period} already and has become worse since: ${formatShare(metricValue)} then, ${formatShare(now)} now.`
}
