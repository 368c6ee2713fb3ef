// Gives what is only told for many calls together to each of them, in equal parts: their sum is what was told.
import type { LlmCallEntry } from '../entries.js'
import { type UsageAdded, usdText } from './usage.js'

export interface Shares {
  readonly calls: readonly LlmCallEntry[]
  /** Output of no call that the log shows. */
  readonly outputLeft: number
}

/** Calls keep the output that they told themselves; what is left of it goes to those that told none. */
export function shareUsage(added: UsageAdded, calls: readonly LlmCallEntry[]): Shares {
  const told = calls.reduce((sum, { outputTokens }) => sum + (outputTokens ?? 0), 0)
  const outputLeft = Math.max(0, (added.outputTokens ?? 0) - told)
  const silent = calls.filter(({ outputTokens }) => outputTokens === null)
  const shared = calls.map((call, i) => ({
    ...call,
    inputTokens: share(added.inputTokens, i, calls.length),
    cacheReadTokens: share(added.cacheReadTokens, i, calls.length),
    cacheWriteTokens: share(added.cacheWriteTokens, i, calls.length),
    outputTokens:
      call.outputTokens ??
      (added.outputTokens === null ? null : share(outputLeft, silent.indexOf(call), silent.length)),
  }))
  return { calls: shareCost(added.nanoAiu, shared), outputLeft: silent.length > 0 ? 0 : outputLeft }
}

export function shareCost(nanoAiu: number | null, calls: readonly LlmCallEntry[]): readonly LlmCallEntry[] {
  return calls.map((call, i) => {
    const part = share(nanoAiu, i, calls.length)
    return { ...call, loggedCostUsd: part === null ? null : usdText(part) }
  })
}

function share(total: number | null, index: number, count: number): number | null {
  if (total === null) return null
  const size = Math.floor(total / count)
  return index < count - 1 ? size : total - size * (count - 1)
}
