// What an OpenCode message says of itself: who, when, where, and what the reply used.
import { createHash } from 'node:crypto'
import { countAt, FieldError, type Fields, instantAt, isFields, type LogEntry, textAt } from '../entries.js'

export interface Message {
  readonly id: string | null
  readonly sessionId: string | null
  readonly role: string | null
  readonly at: string | null
  readonly directory: string | null
  /** Of what a compaction kept; nobody says it. */
  readonly isSummary: boolean
}

export function messageOf(info: Fields): Message {
  return {
    id: textAt(info, 'id'),
    sessionId: textAt(info, 'sessionID'),
    role: textAt(info, 'role'),
    at: instantAt(info, 'time', 'created'),
    directory: textAt(info, 'path', 'cwd'),
    isSummary: info.summary === true,
  }
}

/** A fork gives what it copies new ids, but leaves times and contents: these are what copies have in common. */
export function copyIdOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32)
}

export function messageEntries(message: Message, info: Fields): readonly LogEntry[] {
  if (message.role !== 'assistant') return []
  return [...usageEntries(message, info), ...noteEntries(message, info)]
}

/** One prompt a message, whatever files and selections are beside its text. */
export function promptEntries(
  { at, role }: Message,
  texts: readonly string[],
  isSubagent: boolean,
): readonly LogEntry[] {
  const text = texts.join('\n').trim()
  if (role !== 'user' || text === '') return []
  const id = copyIdOf(at, text)
  // What the main agent asks of a sub-agent is no person's prompt.
  return [
    isSubagent ? { kind: 'system', at, id, text } : { kind: 'prompt', at, id, text, promptSource: null },
  ]
}

/** A reply that was broken off before it used anything says 0 of everything: no usage is known. */
function usageEntries({ at }: Message, info: Fields): readonly LogEntry[] {
  const input = countAt(info, 'tokens', 'input')
  const output = countAt(info, 'tokens', 'output')
  const reasoning = countAt(info, 'tokens', 'reasoning')
  const cacheRead = countAt(info, 'tokens', 'cache', 'read')
  const cacheWrite = countAt(info, 'tokens', 'cache', 'write')
  const counts = [input, output, reasoning, cacheRead, cacheWrite]
  if (counts.every((count) => count === null || count === 0)) return []
  const withoutReasoning = (input ?? 0) + (output ?? 0) + (cacheRead ?? 0) + (cacheWrite ?? 0)
  const isReasoningInside = countAt(info, 'tokens', 'total') === withoutReasoning
  const model = textAt(info, 'modelID')
  return [
    {
      kind: 'llm_call',
      at,
      id: copyIdOf(at, instantAt(info, 'time', 'completed'), model, counts),
      model,
      inputTokens: input,
      outputTokens: output === null ? null : output + (isReasoningInside ? 0 : (reasoning ?? 0)),
      cacheReadTokens: cacheRead,
      cacheWriteTokens: cacheWrite,
      webSearchCount: 0,
      loggedCostUsd: costOf(info),
    },
  ]
}

/** A subscription's replies cost 0: that is no price. */
function costOf({ cost }: Fields): string | null {
  if (cost === undefined || cost === null || cost === 0) return null
  if (typeof cost !== 'number' || !(cost > 0 && cost < 1e9))
    throw new FieldError('expected an amount in cost')
  const text = String(cost)
  return text.includes('e') ? cost.toFixed(18).replace(/\.?0+$/, '') : text
}

function noteEntries({ at, isSummary }: Message, info: Fields): readonly LogEntry[] {
  const notes: LogEntry[] = isSummary
    ? [{ kind: 'compaction', at, id: copyIdOf(at, 'compaction'), text: '' }]
    : []
  const error = isFields(info.error) ? info.error : null
  if (error === null) return notes
  const name = typeof error.name === 'string' ? error.name : 'Error'
  const message = isFields(error.data) && typeof error.data.message === 'string' ? error.data.message : ''
  const kind = name === 'MessageAbortedError' ? 'interruption' : 'api_error'
  const text = message === '' ? name : `${name}: ${message}`
  return [...notes, { kind, at: instantAt(info, 'time', 'completed') ?? at, id: copyIdOf(at, text), text }]
}
