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
  readonly loggedCostUsd: string | null
}

export interface UsageMeter {
  /** Output that a message reported for itself. */
  addMessage(model: string | null, outputTokens: number): void
  /** What a shutdown's totals say beyond all that was reported before, by model. */
  addShutdown(data: Fields): readonly UsageAdded[]
  addCheckpoint(data: Fields): void
  /** Cost that checkpoints told of and no shutdown; null where there is none. */
  costLeft(): string | null
}

const measures = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const
type Totals = Readonly<Record<(typeof measures)[number], number | null>> & { readonly nanoAiu: number | null }

export function startUsageMeter(): UsageMeter {
  const counted = new Map<string, Totals>()
  const ofMessages = new Map<string | null, number>()
  let toldNanoAiu = 0
  let countedNanoAiu = 0

  /** Takes from what messages have reported; what is left is the output of no message in this file. */
  const outputLeft = (model: string, output: number): number => {
    let left = output
    for (const key of [model, null]) {
      const taken = Math.min(left, ofMessages.get(key) ?? 0)
      ofMessages.set(key, (ofMessages.get(key) ?? 0) - taken)
      left -= taken
    }
    return left
  }

  return {
    addMessage: (model, outputTokens) => {
      ofMessages.set(model, (ofMessages.get(model) ?? 0) + outputTokens)
    },
    addCheckpoint: (data) => {
      toldNanoAiu = Math.max(toldNanoAiu, amountAt(data, 'totalNanoAiu') ?? 0)
    },
    addShutdown: (data) => {
      const told = amountAt(data, 'totalNanoAiu')
      const totals = totalsByModel(data)
      toldNanoAiu = Math.max(toldNanoAiu, told ?? 0)
      const hasOwnCost = totals.some(([, { nanoAiu }]) => nanoAiu !== null)
      const added = totals.map(([model, now], i) => {
        const before = counted.get(model)
        counted.set(model, largest(before, now))
        const grown = growth(before, now)
        const sessionCost = !hasOwnCost && i === 0 && told !== null ? toldNanoAiu - countedNanoAiu : null
        const cost = now.nanoAiu === null ? sessionCost : (grown.nanoAiu ?? 0)
        return { model, grown, cost }
      })
      if (totals.length > 0) countedNanoAiu = toldNanoAiu
      return added
        .filter(({ grown, cost }) => measures.some((key) => (grown[key] ?? 0) > 0) || (cost ?? 0) > 0)
        .map(({ model, grown, cost }) => ({
          model,
          inputTokens: grown.inputTokens,
          outputTokens: grown.outputTokens === null ? null : outputLeft(model, grown.outputTokens),
          cacheReadTokens: grown.cacheReadTokens,
          cacheWriteTokens: grown.cacheWriteTokens,
          loggedCostUsd: cost === null ? null : usdText(cost),
        }))
    },
    costLeft: () => (toldNanoAiu > countedNanoAiu ? usdText(toldNanoAiu - countedNanoAiu) : null),
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

function usdText(nanoAiu: number): string {
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
