// Chooses what a month sets for the month after: where it lies behind its own best months, and by how much to improve.

/** A metric in one month, of those that hold enough to tell. */
export interface Measured {
  readonly metricName: string
  readonly period: string
  readonly metricValue: number
  readonly sampleCount: number
  readonly isLessBetter: boolean
}

export interface Target {
  readonly metricName: string
  readonly baselineValue: number
  readonly sampleCount: number
  readonly targetValue: number
  readonly isLessBetter: boolean
  /** The best of the months before, where that was better. */
  readonly reference: { readonly value: number; readonly period: string } | null
}

/** In the order in which they fill up, with the least loss that is worth a target: less is noise. */
const leastLosses: Readonly<Record<string, number>> = {
  friction_cost_share: 0.02,
  error_rate: 0.02,
  corrections_per_prompt: 0.02,
  interruptions_per_session: 0.1,
  rejections_per_session: 0.1,
  completion_share: 0.02,
}
const metricOrder = Object.keys(leastLosses)
const perSession = new Set(['interruptions_per_session', 'rejections_per_session'])

const mostTargets = 4
const leastTargets = 2
/** A month that was better by less is no example. */
const leastGap = 0.1
const stepShare = 0.1

interface Candidate extends Target {
  /** How much of the loss the best month was without, 0 to 1. */
  readonly gap: number
}

/** `months` are those before, any number of them, of which the best counts. */
export function chooseTargets(month: readonly Measured[], months: readonly Measured[]): Target[] {
  const candidates = month
    .flatMap((measured) => candidateOf(measured, months) ?? [])
    .sort((a, b) => b.gap - a.gap || orderOf(a) - orderOf(b))
  const behind = candidates.filter(({ gap }) => gap > 0).slice(0, mostTargets)
  const others = candidates.filter(({ gap }) => gap === 0).slice(0, Math.max(0, leastTargets - behind.length))
  return [...behind, ...others].map(({ gap: _gap, ...target }) => target)
}

function orderOf({ metricName }: { readonly metricName: string }): number {
  return metricOrder.indexOf(metricName)
}

/** Null where there is too little to gain, or nothing that would show. */
function candidateOf(now: Measured, months: readonly Measured[]): Candidate | null {
  const loss = lossOf(now)
  if (loss < (leastLosses[now.metricName] ?? Number.POSITIVE_INFINITY)) return null
  const best = bestOf(months.filter(({ metricName }) => metricName === now.metricName))
  const gap = best === null ? 0 : 1 - lossOf(best) / loss
  const isBehind = best !== null && gap >= leastGap
  const aim = isBehind ? (loss + lossOf(best)) / 2 : loss * (1 - stepShare)
  const targetValue = roundShown(now.metricName, now.isLessBetter ? aim : 1 - aim)
  if (targetValue === roundShown(now.metricName, now.metricValue)) return null
  return {
    metricName: now.metricName,
    baselineValue: now.metricValue,
    sampleCount: now.sampleCount,
    targetValue,
    isLessBetter: now.isLessBetter,
    reference: isBehind ? { value: best.metricValue, period: best.period } : null,
    gap: isBehind ? gap : 0,
  }
}

/** How far a metric is from perfect: from none, or of what should be whole, from all. */
function lossOf({ metricValue, isLessBetter }: Measured): number {
  return isLessBetter ? metricValue : 1 - metricValue
}

/** The least loss; of equal ones the latest, which is best remembered. */
function bestOf(months: readonly Measured[]): Measured | null {
  const sorted = [...months].sort((a, b) => lossOf(a) - lossOf(b) || b.period.localeCompare(a.period))
  return sorted[0] ?? null
}

/** As the report shows it, and as sql/marts/targets.sql compares it. */
export function roundShown(metricName: string, value: number): number {
  return Number(value.toFixed(perSession.has(metricName) || value >= 0.0995 ? 2 : 3))
}
