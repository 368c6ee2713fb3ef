// What one message of a pi session says.
import { decimalText } from '../decimal-text.js'
import {
  countAt,
  FieldError,
  type Fields,
  type FileEdit,
  fieldsAt,
  flagAt,
  isFields,
  type LlmCallEntry,
  type LogEntry,
  listAt,
  type ToolErrorKind,
  textAt,
} from '../entries.js'

/** When, and what copies of the message have in common. */
export interface Told {
  readonly at: string | null
  readonly id: string
}

export function entriesOfMessage(message: Fields, told: Told): readonly LogEntry[] {
  switch (textAt(message, 'role')) {
    case 'user':
      return [{ kind: 'prompt', ...told, text: textOf(message), promptSource: null }]
    case 'assistant':
      return assistantEntries(message, told)
    case 'toolResult':
      return [toolResultOf(message, told), ...usageEntries(message, told, null)]
    case 'bashExecution':
      return [{ kind: 'system', ...told, text: `! ${textAt(message, 'command') ?? ''}` }]
    case null:
      throw new FieldError('expected text in message.role')
    default:
      return []
  }
}

function assistantEntries(message: Fields, told: Told): readonly LogEntry[] {
  const text = textOf(message)
  const ending = endEntries(message, told)
  // pi makes no call that a reply asks for before it is stopped or fails.
  const calls = ending.length > 0 ? [] : blocksOf(message).filter(({ type }) => type === 'toolCall')
  const said: LogEntry[] = text.trim() === '' ? [] : [{ kind: 'assistant', ...told, text }]
  const called = calls.map((block, i): LogEntry => {
    return {
      kind: 'tool_call',
      at: told.at,
      id: `${told.id} ${i}`,
      callId: textAt(block, 'id'),
      toolName: textAt(block, 'name') ?? 'unknown',
      input: fieldsAt(block, 'arguments') ?? {},
      delegatedAgent: null,
    }
  })
  return [...said, ...called, ...usageEntries(message, told, textAt(message, 'model')), ...ending]
}

function endEntries(message: Fields, told: Told): readonly LogEntry[] {
  const text = textAt(message, 'errorMessage') ?? ''
  const reason = textAt(message, 'stopReason')
  if (reason === 'aborted') return [{ kind: 'interruption', ...told, text }]
  return reason === 'error' ? [{ kind: 'api_error', ...told, text }] : []
}

/** None where all counts are 0: so a reply begins that was stopped before its usage was told. */
export function usageEntries(holder: Fields, told: Told, model: string | null): readonly LlmCallEntry[] {
  const usage = fieldsAt(holder, 'usage')
  if (usage === undefined) return []
  const counts = {
    inputTokens: countAt(usage, 'input'),
    outputTokens: countAt(usage, 'output'),
    cacheReadTokens: countAt(usage, 'cacheRead'),
    cacheWriteTokens: countAt(usage, 'cacheWrite'),
  }
  if (Object.values(counts).every((count) => (count ?? 0) === 0)) return []
  const loggedCostUsd = costOf(usage)
  return [{ kind: 'llm_call', ...told, model, ...counts, webSearchCount: 0, loggedCostUsd }]
}

/** Null for 0, which pi writes where it knows no price. */
function costOf(usage: Fields): string | null {
  const total = fieldsAt(usage, 'cost')?.total ?? null
  if (total === null || total === 0) return null
  if (typeof total !== 'number' || !(total > 0 && total < 1e9))
    throw new FieldError('expected an amount in usage.cost.total')
  return decimalText(total)
}

function toolResultOf(message: Fields, told: Told): LogEntry {
  const text = textOf(message)
  const isError = flagAt(message, 'isError') ?? false
  return {
    kind: 'tool_result',
    ...told,
    callId: textAt(message, 'toolCallId'),
    isError,
    errorKind: isError ? failureOf(text) : null,
    text,
    edit: isError ? null : editOf(message),
  }
}

const failures: readonly (readonly [pattern: RegExp, kind: ToolErrorKind])[] = [
  [/(Command|Operation) aborted\s*$/, 'interrupted'],
  [/Command timed out after [\d.]+ seconds\s*$/, 'timeout'],
  [/Command exited with code \d+\s*$/, 'command_failed'],
  [/^(Could not find the exact text|Found \d+ occurrences|No changes made)/, 'edit_mismatch'],
  [/^File not found/, 'not_found'],
  [/^Tool \S+ not found/, 'unknown_tool'],
]

/** pi says last, behind a command's output, how the command ended. */
function failureOf(text: string): ToolErrorKind | null {
  return failures.find(([pattern]) => pattern.test(text))?.[1] ?? null
}

/** An edit's diff has its signs at the beginning of lines, then their numbers; a file that was written has none. */
function editOf(message: Fields): FileEdit | null {
  const toolName = textAt(message, 'toolName')
  if (toolName === 'write') return { operation: 'create', linesAdded: null, linesDeleted: null }
  if (toolName !== 'edit') return null
  const details = message.details
  const diff = isFields(details) ? textAt(details, 'diff') : null
  if (diff === null) return { operation: 'update', linesAdded: null, linesDeleted: null }
  const lines = diff.split('\n')
  return {
    operation: 'update',
    linesAdded: lines.filter((line) => line.startsWith('+')).length,
    linesDeleted: lines.filter((line) => line.startsWith('-')).length,
  }
}

/** Content is text, or a list of blocks; images are left out. */
function textOf(message: Fields): string {
  if (typeof message.content === 'string') return message.content
  return blocksOf(message)
    .map((block) => (block.type === 'text' ? (textAt(block, 'text') ?? '') : ''))
    .filter((text) => text !== '')
    .join('\n')
}

function blocksOf(message: Fields): readonly Fields[] {
  return listAt(message, 'content').map((block) => {
    if (!isFields(block)) throw new FieldError('expected objects in message.content')
    return block
  })
}
