// Which lines of a fork or of a sub-agent's log were copied from its parent's: they are counted there.
import { textAt } from '../entries.js'
import { type CodexRecord, madeAtMs } from './record.js'

/** A copied history is written in one go, under the time of the copying; what the session itself does comes after a pause. */
const longestPauseMs = 1000

export class Replay {
  readonly #ownId: string | null
  readonly #startMs: number | null
  readonly #startOrdinal: number | null
  #isCopied: boolean
  #lastCopiedMs: number | null = null

  constructor(header: CodexRecord) {
    const { payload } = header
    this.#ownId = textAt(payload, 'id')
    this.#startMs = madeAtMs(this.#ownId) ?? msOf(textAt(payload, 'timestamp') ?? header.at)
    this.#startOrdinal = ordinalOf(payload.subagent_history_start_ordinal)
    this.#isCopied = textAt(payload, 'forked_from_id') !== null
    this.#lastCopiedMs = msOf(header.at)
  }

  /** To be asked of every line behind the header, in order. */
  isCopied(record: CodexRecord): boolean {
    if (this.#startOrdinal !== null && record.ordinal !== null) return record.ordinal < this.#startOrdinal
    if (record.type === 'session_meta' && textAt(record.payload, 'id') !== this.#ownId) this.#isCopied = true
    else this.#isCopied = this.#opensOlderTurn(record) ?? (this.#isCopied && !this.#isAfterPause(record))
    if (this.#isCopied) this.#lastCopiedMs = msOf(record.at) ?? this.#lastCopiedMs
    return this.#isCopied
  }

  /** A turn that is older than the session was not its own; null where the line opens no turn that tells its age. */
  #opensOlderTurn({ type, payload }: CodexRecord): boolean | null {
    if (type !== 'turn_context' && payload.type !== 'task_started') return null
    const turnMs = madeAtMs(textAt(payload, 'turn_id'))
    return turnMs === null || this.#startMs === null ? null : turnMs < this.#startMs
  }

  #isAfterPause({ at }: CodexRecord): boolean {
    const ms = msOf(at)
    if (ms === null || this.#lastCopiedMs === null) return false
    return ms - this.#lastCopiedMs > longestPauseMs && (this.#startMs === null || ms >= this.#startMs)
  }
}

function msOf(at: string | null): number | null {
  return at === null ? null : Date.parse(at)
}

/** Some versions write it as text. */
function ordinalOf(value: unknown): number | null {
  const ordinal = typeof value === 'string' ? Number(value) : value
  return typeof ordinal === 'number' && Number.isInteger(ordinal) && ordinal > 0 ? ordinal : null
}
