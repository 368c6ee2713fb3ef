// What was said, held until the log's end: only later lines tell all of a reply's usage.
import type { EmitEntry, LlmCallEntry, LogEntry, SessionRef } from '../entries.js'
import { shareCost, shareUsage } from './shares.js'
import { type UsageAdded, usdText } from './usage.js'

type Told = Pick<LlmCallEntry, 'at' | 'id'>

interface Held {
  readonly session: SessionRef
  entry: LogEntry
}

interface HeldReply extends Held {
  entry: LlmCallEntry
}

export class HeldEntries {
  readonly #held: Held[] = []
  /** Replies that no shutdown has told of yet, by message. */
  readonly #open = new Map<string, HeldReply>()
  readonly #settled = new Set<string>()

  add(session: SessionRef, entry: LogEntry): void {
    this.#held.push({ session, entry })
  }

  /** A message may come in several lines, and a block of lines twice. */
  addReply(session: SessionRef, messageId: string, told: Told & Partial<LlmCallEntry>): void {
    if (this.#settled.has(messageId)) return
    const before = this.#open.get(messageId)
    if (before === undefined) {
      const held: HeldReply = { session, entry: { ...emptyCall, ...told, id: messageId } }
      this.#held.push(held)
      this.#open.set(messageId, held)
    } else {
      const counts = [before.entry.outputTokens, told.outputTokens ?? null].filter((count) => count !== null)
      before.entry = { ...before.entry, outputTokens: counts.length > 0 ? Math.max(...counts) : null }
    }
  }

  /** Replies of the model, or whose model the log does not say, share usage; what none of them told is a call of its own. */
  addUsage(main: SessionRef, told: Told, added: UsageAdded): void {
    const { model, nanoAiu, ...counts } = added
    const replies = [...this.#open].filter(([, { entry }]) => entry.model === model || entry.model === null)
    for (const [messageId] of replies) {
      this.#open.delete(messageId)
      this.#settled.add(messageId)
    }
    const id = told.id === null ? null : `${told.id} ${model}`
    const rest = { ...emptyCall, at: told.at, id, model }
    const shares = shareUsage(added, callsOf(replies))
    settle(replies, shares.calls)
    if (replies.length === 0)
      this.add(main, { ...rest, ...counts, loggedCostUsd: nanoAiu === null ? null : usdText(nanoAiu) })
    else if (shares.outputLeft > 0) this.add(main, { ...rest, ...noInput, outputTokens: shares.outputLeft })
  }

  /** Cost that no shutdown told of. */
  addCost(main: SessionRef, told: Told, model: string | null, nanoAiu: number): void {
    const replies = [...this.#open]
    settle(replies, shareCost(nanoAiu, callsOf(replies)))
    if (replies.length === 0)
      this.add(main, { ...emptyCall, ...told, model, loggedCostUsd: usdText(nanoAiu) })
  }

  /** All but replies of which nothing is known but that there were some. */
  emitTo(emit: EmitEntry): void {
    for (const { session, entry } of this.#held)
      if (entry.kind !== 'llm_call' || measures.some((key) => entry[key] !== null)) emit(session, entry)
  }
}

type Replies = readonly (readonly [messageId: string, held: HeldReply])[]

function callsOf(replies: Replies): readonly LlmCallEntry[] {
  return replies.map(([, { entry }]) => entry)
}

function settle(replies: Replies, calls: readonly LlmCallEntry[]): void {
  for (const [i, [, held]] of replies.entries()) held.entry = calls[i] ?? held.entry
}

const measures = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWriteTokens',
  'loggedCostUsd',
] as const

const noInput = { inputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 }

const emptyCall: LlmCallEntry = {
  kind: 'llm_call',
  at: null,
  id: null,
  model: null,
  inputTokens: null,
  outputTokens: null,
  cacheReadTokens: null,
  cacheWriteTokens: null,
  webSearchCount: 0,
  loggedCostUsd: null,
}
