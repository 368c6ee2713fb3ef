// Events that the logger wrote twice: where two modules announce the same event, it is told of it twice.
import type { Fields } from '../entries.js'

/** Both lines are written at once; two replies or prompts that are equal take longer. */
const mostApartMs = 100

interface Repeatable {
  readonly type: string
  readonly at: string | null
  readonly fields: Fields
  readonly data: Fields
}

export class Repeats {
  readonly #last = new Map<string, { at: number; content: string }>()

  has({ type, at, fields, data }: Repeatable): boolean {
    // Without an id, two calls of one group may well be alike.
    const isCall = type.startsWith('tool:') && typeof data.tool_call_id !== 'string'
    if (at === null || isCall || type === 'llm:request') return false
    const told = { ...fields, ts: null, timestamp: null, data: { ...data, timestamp: null } }
    const now = { at: Date.parse(at), content: JSON.stringify(told) }
    const before = this.#last.get(type)
    this.#last.set(type, now)
    return before?.content === now.content && Math.abs(now.at - before.at) <= mostApartMs
  }
}
