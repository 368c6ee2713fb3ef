// What a part of an OpenCode message says: text, or a tool call with its answer.
import {
  FieldError,
  type Fields,
  type FileEdit,
  fieldsAt,
  instantAt,
  isFields,
  type LogEntry,
  type ToolErrorKind,
  textAt,
} from '../entries.js'
import { copyIdOf, type Message } from './message.js'

export function partEntries(message: Message, part: Fields): readonly LogEntry[] {
  switch (textAt(part, 'type')) {
    case 'text':
      return textEntries(message, part)
    case 'tool':
      return toolEntries(message, part)
    case 'retry': {
      const at = instantAt(part, 'time', 'created') ?? message.at
      const text = textAt(part, 'error', 'name') ?? ''
      return [{ kind: 'api_retry', at, id: copyIdOf(at, 'retry', part.attempt), text }]
    }
    default:
      return []
  }
}

/** What a person typed, not what the program adds: file contents, reminders, what the model is not to see. */
export function promptTextOf(part: Fields): readonly string[] {
  if (textAt(part, 'type') !== 'text' || part.synthetic === true || part.ignored === true) return []
  return [textAt(part, 'text') ?? '']
}

function textEntries(message: Message, part: Fields): readonly LogEntry[] {
  const text = textAt(part, 'text')?.trim() ?? ''
  if (text === '' || message.isSummary || part.synthetic === true) return []
  const at = instantAt(part, 'time', 'start') ?? message.at
  return [{ kind: 'assistant', at, id: copyIdOf(at, text), text }]
}

function toolEntries(message: Message, part: Fields): readonly LogEntry[] {
  const state = fieldsAt(part, 'state')
  if (state === undefined) throw new FieldError('expected an object in state')
  const callId = textAt(part, 'callID')
  const toolName = textAt(part, 'tool') ?? 'unknown'
  const metadata = fieldsAt(state, 'metadata') ?? {}
  const input = fieldsAt(state, 'input') ?? {}
  const at = instantAt(state, 'time', 'start') ?? message.at
  const id = copyIdOf(message.at, callId)
  const called: LogEntry = {
    kind: 'tool_call',
    at,
    id,
    callId,
    toolName,
    input: toolName === 'apply_patch' ? { ...input, ...patchedFile(input, metadata) } : input,
    delegatedAgent: toolName === 'task' ? textAt(input, 'subagent_type') : null,
  }
  const status = textAt(state, 'status')
  if (status !== 'completed' && status !== 'error') return [called]
  const text = (status === 'error' ? textAt(state, 'error') : textAt(state, 'output')) ?? ''
  // A command that fails is a call that was completed, to OpenCode.
  const hasFailed = status === 'completed' && typeof metadata.exit === 'number' && metadata.exit !== 0
  const answered: LogEntry = {
    kind: 'tool_result',
    at: instantAt(state, 'time', 'end') ?? at,
    id,
    callId,
    isError: status === 'error' || hasFailed,
    errorKind: hasFailed ? 'command_failed' : status === 'error' ? errorKindOf(text) : null,
    text,
    edit: status === 'completed' ? editOf(toolName, metadata) : null,
  }
  return [called, answered]
}

/** Null where the text must tell. */
function errorKindOf(text: string): ToolErrorKind | null {
  if (/^Tool execution aborted/i.test(text)) return 'interrupted'
  if (/user (has )?(rejected|dismissed)/i.test(text)) return 'rejected'
  return /rule which prevents/i.test(text) ? 'permission_denied' : null
}

/** A patch names its files in a text; the first is named here as it is by other tools. */
function patchedFile(input: Fields, metadata: Fields): Fields {
  const [first]: unknown[] = Array.isArray(metadata.files) ? metadata.files : []
  if (isFields(first) && typeof first.filePath === 'string') return { filePath: first.filePath }
  const named = /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(String(input.patchText ?? ''))?.[1]
  return named === undefined ? {} : { filePath: named.trim() }
}

function editOf(toolName: string, metadata: Fields): FileEdit | null {
  if (toolName === 'write')
    return { operation: metadata.exists === false ? 'create' : 'update', ...linesOf([]) }
  if (toolName === 'edit') return { operation: 'update', ...linesOf([metadata.filediff]) }
  if (toolName !== 'apply_patch' && toolName !== 'patch') return null
  const files: unknown[] = Array.isArray(metadata.files) ? metadata.files : []
  const isCreation = files.length > 0 && files.every((file) => isFields(file) && file.type === 'add')
  return { operation: isCreation ? 'create' : 'update', ...linesOf(files) }
}

function linesOf(files: readonly unknown[]): Pick<FileEdit, 'linesAdded' | 'linesDeleted'> {
  return { linesAdded: sumOf(files, 'additions'), linesDeleted: sumOf(files, 'deletions') }
}

function sumOf(files: readonly unknown[], key: 'additions' | 'deletions'): number | null {
  const counts = files.map((file) => (isFields(file) ? file[key] : null))
  return counts.length > 0 && counts.every((count) => typeof count === 'number')
    ? counts.reduce<number>((sum, count) => sum + Number(count), 0)
    : null
}
