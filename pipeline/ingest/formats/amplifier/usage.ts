// What a reply used and what the agent says it cost.
import { countAt, FieldError, type Fields, fieldsAt, type LlmCallEntry } from '../entries.js'

export type Usage = Pick<
  LlmCallEntry,
  'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'webSearchCount' | 'loggedCostUsd'
>

/** Null where the reply has no usage. */
export function usageIn(data: Fields): Usage | null {
  const usage = fieldsAt(data, 'usage')
  if (usage === undefined) return null
  const counts = countAt(usage, 'input_tokens') === null ? shortCounts(usage) : grossCounts(usage, data)
  if (counts.inputTokens === null && counts.outputTokens === null) return null
  return {
    ...counts,
    webSearchCount: countAt(data, 'raw', 'usage', 'server_tool_use', 'web_search_requests') ?? 0,
    loggedCostUsd: dollarsIn(usage.cost_usd),
  }
}

type Counts = Omit<Usage, 'webSearchCount' | 'loggedCostUsd'>

/**
 * Amplifier's own contract: `input_tokens` holds what came fresh and what was read from the cache, cache writes come on
 * top, and of the cache's two counts a provider leaves out those that are 0.
 */
function grossCounts(usage: Fields, data: Fields): Counts {
  const gross = countAt(usage, 'input_tokens') ?? 0
  const cacheReadTokens = firstCount(usage, ['cache_read_tokens', 'cache_read_input_tokens']) ?? 0
  return {
    inputTokens: freshIn(data) ?? (gross >= cacheReadTokens ? gross - cacheReadTokens : gross),
    outputTokens: countAt(usage, 'output_tokens'),
    cacheReadTokens,
    cacheWriteTokens: firstCount(usage, ['cache_write_tokens', 'cache_creation_input_tokens']) ?? 0,
  }
}

/** What Anthropic itself answered, where it was kept: there `input_tokens` is what came fresh. */
function freshIn(data: Fields): number | null {
  return countAt(data, 'raw', 'usage', 'cache_read_input_tokens') === null
    ? null
    : countAt(data, 'raw', 'usage', 'input_tokens')
}

/** Older providers passed on Anthropic's counts, none of which holds another. */
function shortCounts(usage: Fields): Counts {
  return {
    inputTokens: countAt(usage, 'input'),
    outputTokens: firstCount(usage, ['output', 'output_tokens']),
    cacheReadTokens: countAt(usage, 'cache_read'),
    cacheWriteTokens: countAt(usage, 'cache_write'),
  }
}

function firstCount(usage: Fields, keys: readonly string[]): number | null {
  return keys.map((key) => countAt(usage, key)).find((count) => count !== null) ?? null
}

/** Costs are logged as decimals in text, so that none of their digits is lost. */
function dollarsIn(value: unknown): string | null {
  if (value === undefined || value === null) return null
  const text = typeof value === 'number' ? String(value) : value
  const parts =
    typeof text === 'string' ? /^(\d{1,9})(?:\.(\d{1,40}))?(?:[eE]([+-]?\d{1,2}))?$/.exec(text) : null
  if (parts === null) throw new FieldError('expected an amount in usage.cost_usd')
  return shiftPoint(parts[1] ?? '', parts[2] ?? '', Number(parts[3] ?? 0))
}

/** 1.5E-7 as 0.00000015. */
function shiftPoint(whole: string, fraction: string, exponent: number): string {
  const digits = (whole + fraction).padStart(whole.length + fraction.length + Math.max(0, -exponent), '0')
  const decimals = fraction.length - exponent
  const padded = decimals < 0 ? digits.padEnd(digits.length - decimals, '0') : digits
  const point = padded.length - Math.max(0, decimals)
  const before = padded.slice(0, point).replace(/^0+(?=\d)/, '') || '0'
  const after = padded.slice(point)
  return after === '' ? before : `${before}.${after}`
}
