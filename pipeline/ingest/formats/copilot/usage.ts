// What a session's running totals add to what was counted before: a resumed session goes on counting in the same file.
import { decimalText } from '../decimal-text.js'
import { countAt, FieldError, type Fields, fieldsAt, isFields } from '../entries.js'

const nanoAiuPerUsd = 1e11

export interface UsageAdded {
  readonly model: string
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  /** What it cost, in the agent's units; null where it does not say. */
  readonly nanoAiu: number | null
}

export interface UsageMeter {
  /** What a shutdown's totals say beyond those before, by model; a model of which they say nothing new is left out. */
  addShutdown(data: Fields): readonly UsageAdded[]
  addCheckpoint(data: Fields): void
  /** Cost that checkpoints told of and no shutdown. */
  nanoAiuLeft(): number
}

const measures = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens', 'nanoAiu'] as const
type Totals = Readonly<Record<(typeof measures)[number], number | null>>

export function startUsageMeter(): UsageMeter {
  const counted = new Map<string, Totals>()
  let toldNanoAiu = 0
  let countedNanoAiu = 0

  return {
    addCheckpoint: (data) => {
      toldNanoAiu = Math.max(toldNanoAiu, amountAt(data, 'totalNanoAiu') ?? 0)
    },
    addShutdown: (data) => {
      const told = amountAt(data, 'totalNanoAiu')
      const totals = totalsByModel(data)
      if (totals.length === 0) return []
      toldNanoAiu = Math.max(toldNanoAiu, told ?? 0)
      const ofSession = told === null ? null : toldNanoAiu - countedNanoAiu
      const hasOwnCost = totals.some(([, { nanoAiu }]) => nanoAiu !== null)
      countedNanoAiu = toldNanoAiu
      const added = totals.map(([model, now], i) => {
        const grown = growth(counted.get(model), now)
        counted.set(model, largest(counted.get(model), now))
        return { model, ...grown, nanoAiu: hasOwnCost || i > 0 ? grown.nanoAiu : ofSession }
      })
      return added.filter((usage) => measures.some((key) => (usage[key] ?? 0) > 0))
    },
    nanoAiuLeft: () => toldNanoAiu - countedNanoAiu,
  }
}

function totalsByModel(data: Fields): [string, Totals][] {
  const metrics = fieldsAt(data, 'modelMetrics') ?? {}
  return Object.entries(metrics).map(([model, metric]) => {
    if (!isFields(metric)) throw new FieldError(`expected an object in modelMetrics.${model}`)
    const cacheReadTokens = countAt(metric, 'usage', 'cacheReadTokens')
    const cacheWriteTokens = countAt(metric, 'usage', 'cacheWriteTokens')
    const allInput = countAt(metric, 'usage', 'inputTokens')
    const uncached = countAt(metric, 'tokenDetails', 'input', 'tokenCount')
    const inputTokens =
      uncached ??
      (allInput === null ? null : Math.max(0, allInput - (cacheReadTokens ?? 0) - (cacheWriteTokens ?? 0)))
    return [
      model,
      {
        inputTokens,
        outputTokens: countAt(metric, 'usage', 'outputTokens'),
        cacheReadTokens,
        cacheWriteTokens,
        nanoAiu: amountAt(metric, 'totalNanoAiu'),
      },
    ]
  })
}

function growth(before: Totals | undefined, now: Totals): Totals {
  return combine(before, now, (old, value) => Math.max(0, value - old))
}

/** A block of lines that was written twice adds nothing the second time. */
function largest(before: Totals | undefined, now: Totals): Totals {
  return combine(before, now, Math.max)
}

function combine(
  before: Totals | undefined,
  now: Totals,
  how: (old: number, value: number) => number,
): Totals {
  const of = (key: keyof Totals): number | null => {
    const value = now[key]
    return value === null ? null : how(before?.[key] ?? 0, value)
  }
  return {
    inputTokens: of('inputTokens'),
    outputTokens: of('outputTokens'),
    cacheReadTokens: of('cacheReadTokens'),
    cacheWriteTokens: of('cacheWriteTokens'),
    nanoAiu: of('nanoAiu'),
  }
}

export function usdText(nanoAiu: number): string {
  return decimalText(nanoAiu / nanoAiuPerUsd)
}

/** Billing units go beyond what a count of tokens may be. */
function amountAt(fields: Fields, key: string): number | null {
  const value = fields[key]
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !(value >= 0 && value <= Number.MAX_SAFE_INTEGER))
    throw new FieldError(`expected an amount in ${key}`)
  return value
}
