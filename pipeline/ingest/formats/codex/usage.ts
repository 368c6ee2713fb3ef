// What each reply of a model used, from counts that go on through a session.
import { countAt, FieldError, type Fields, fieldsAt, type LlmCallEntry, textAt } from '../entries.js'
import type { CodexRecord } from './record.js'

interface Usage {
  readonly input: number
  readonly cached: number
  readonly cacheWrite: number
  readonly output: number
}

const noUsage: Usage = { input: 0, cached: 0, cacheWrite: 0, output: 0 }

interface UsageRecord {
  readonly responseId: string
  readonly entry: LlmCallEntry
  readonly usage: Usage
  readonly threadTotal: Usage | null
}

/** Keeps the running total of one log; every count of it must pass, those of copied lines too. */
export class UsageMeter {
  #total: Usage | null = null
  #lastRecord: UsageRecord | null = null
  readonly #unclaimed = new Map<string, UsageRecord>()
  readonly #compactions = new Set<string>()

  /** The reply that a `token_count` tells of; null where it repeats the one before. */
  takeCount(record: CodexRecord, model: string | null): LlmCallEntry | null {
    const info = fieldsAt(record.payload, 'info')
    if (info === undefined) return null
    const total = usageAt(record.payload, ['info', 'total_token_usage'], totalAt)
    const last = usageAt(record.payload, ['info', 'last_token_usage'], countAt)
    const before = this.#total
    const isRepeat = total !== null && before !== null && isEqual(total, before)
    this.#total = total ?? before
    const usage = last ?? (total === null ? null : difference(total, before))
    if (isRepeat || usage === null || isEqual(usage, noUsage)) return null
    const request = this.#claim(usage, total)
    if (request !== null && this.#compactions.has(request.responseId)) return null
    return entryOf(record, usage, textAt(info, 'model') ?? model, request?.responseId ?? null)
  }

  /**
   * Versions since 0.140 also write a record per request. It repeats the `token_count` that follows, save for a
   * compaction that the server made: that is in no `token_count`.
   */
  takeRecord(record: CodexRecord, model: string | null): LlmCallEntry | null {
    this.#lastRecord = null
    const responseId = textAt(record.payload, 'response_id')
    const usage = usageAt(record.payload, ['usage'], countAt)
    if (!responseId || usage === null || isEqual(usage, noUsage)) return null
    const entry = entryOf(record, usage, textAt(record.payload, 'model') ?? model, responseId)
    const threadTotal = usageAt(record.payload, ['thread_token_usage'], totalAt)
    this.#lastRecord = { responseId, entry, usage, threadTotal }
    this.#unclaimed.set(responseId, this.#lastRecord)
    return this.#compactions.has(responseId) ? entry : null
  }

  /** What compacting the context used, where no `token_count` said so. */
  takeCompaction({ payload }: CodexRecord): LlmCallEntry | null {
    const responseId = textAt(payload, 'compaction_response_id')
    if (!responseId) return null
    this.#compactions.add(responseId)
    return this.#unclaimed.get(responseId)?.entry ?? null
  }

  /** The request whose record came just before, if it is this one. */
  #claim(usage: Usage, total: Usage | null): UsageRecord | null {
    const record = this.#lastRecord
    this.#lastRecord = null
    if (record === null) return null
    const isSame =
      isEqual(record.usage, usage) ||
      (record.threadTotal !== null && total !== null && isEqual(record.threadTotal, total))
    if (!isSame) return null
    this.#unclaimed.delete(record.responseId)
    return record
  }
}

/** Cached input is part of the input that is logged, and reasoning of the output. */
function entryOf(record: CodexRecord, usage: Usage, model: string | null, id: string | null): LlmCallEntry {
  const cached = Math.min(usage.cached, usage.input)
  const cacheWrite = Math.min(usage.cacheWrite, usage.input - cached)
  return {
    kind: 'llm_call',
    at: record.at,
    id: id ?? [record.at, model, usage.input, usage.cached, usage.output].join('/'),
    model,
    inputTokens: usage.input - cached - cacheWrite,
    outputTokens: usage.output,
    cacheReadTokens: cached,
    cacheWriteTokens: cacheWrite,
    webSearchCount: 0,
    loggedCostUsd: null,
  }
}

type ReadCount = (fields: Fields, ...path: readonly string[]) => number | null

function usageAt(fields: Fields, path: readonly string[], read: ReadCount): Usage | null {
  if (fieldsAt(fields, ...path) === undefined) return null
  const count = (name: string): number => read(fields, ...path, name) ?? 0
  return {
    input: count('input_tokens'),
    cached: count('cached_input_tokens'),
    cacheWrite: count('cache_write_input_tokens'),
    output: count('output_tokens'),
  }
}

/** A running total may grow past what one reply can have. */
function totalAt(fields: Fields, ...path: readonly string[]): number | null {
  const value = fieldsAt(fields, ...path.slice(0, -1))?.[path.at(-1)!]
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isSafeInteger(value) || value < 0)
    throw new FieldError(`expected a whole number in ${path.join('.')}`)
  return value
}

/** A total that falls is that of a new start. */
function difference(total: Usage, before: Usage | null): Usage {
  if (before === null || total.input < before.input || total.output < before.output) return total
  return {
    input: total.input - before.input,
    cached: Math.max(0, total.cached - before.cached),
    cacheWrite: Math.max(0, total.cacheWrite - before.cacheWrite),
    output: total.output - before.output,
  }
}

function isEqual(a: Usage, b: Usage): boolean {
  return (
    a.input === b.input && a.cached === b.cached && a.cacheWrite === b.cacheWrite && a.output === b.output
  )
}
