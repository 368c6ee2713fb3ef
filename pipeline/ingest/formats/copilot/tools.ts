// Tool calls and answers as Copilot CLI logs them.
import {
  countAt,
  type Fields,
  type FileEdit,
  flagAt,
  isFields,
  type ToolCallEntry,
  type ToolErrorKind,
  type ToolResultEntry,
  textAt,
} from '../entries.js'

type Said = Pick<ToolCallEntry, 'at' | 'id'>

export function toolCallOf(said: Said, data: Fields): ToolCallEntry {
  const toolName = textAt(data, 'toolName') ?? 'unknown'
  const input = inputOf(data.arguments)
  return {
    kind: 'tool_call',
    ...said,
    callId: textAt(data, 'toolCallId'),
    toolName,
    input,
    delegatedAgent: toolName === 'task' && typeof input.agent_type === 'string' ? input.agent_type : null,
  }
}

/** Arguments are an object, but the text of a patch stands alone: then the first file that it names is its path. */
function inputOf(logged: unknown): Fields {
  if (isFields(logged)) return logged
  if (typeof logged !== 'string') return {}
  const path = /^\*\*\* (?:Add|Update|Delete) File: (.+)$/m.exec(logged)?.[1]?.trim()
  return path === undefined ? { input: logged } : { path, input: logged }
}

export function toolResultOf(
  said: Said,
  data: Fields,
  call: ToolCallEntry | undefined,
  refusal: ToolErrorKind | undefined,
): ToolResultEntry {
  const text = textAt(data, 'result', 'content') ?? textAt(data, 'error', 'message') ?? ''
  const isSuccess = flagAt(data, 'success') ?? true
  const exitCode = Number(/<[^<>]*exit(?:ed with exit)? code (\d+)>\s*$/.exec(text)?.[1] ?? 0)
  const isError = !isSuccess || exitCode !== 0
  return {
    kind: 'tool_result',
    ...said,
    callId: textAt(data, 'toolCallId'),
    isError,
    errorKind: isSuccess
      ? isError
        ? 'command_failed'
        : null
      : (refusal ?? kindOfCode(textAt(data, 'error', 'code'))),
    text,
    edit: isError || call === undefined ? null : editOf(call, data),
  }
}

function kindOfCode(code: string | null): ToolErrorKind | null {
  if (code === 'rejected') return 'rejected'
  if (code === 'denied') return 'permission_denied'
  return code === 'timeout' ? 'timeout' : null
}

/** What the end of a permission request means for its call; undefined where it was granted. */
export function refusalOf(outcome: string): ToolErrorKind | undefined {
  if (/denied-interactively|reject/.test(outcome)) return 'rejected'
  return outcome.startsWith('denied') ? 'permission_denied' : undefined
}

const editingTools = new Set(['apply_patch', 'create', 'edit', 'str_replace_editor'])

function editOf({ toolName, input }: ToolCallEntry, data: Fields): FileEdit | null {
  if (!editingTools.has(toolName) || input.command === 'view') return null
  const patch = typeof input.input === 'string' ? input.input : ''
  const isNew =
    toolName === 'create' || input.command === 'create' || /^\*\*\* Add File: /m.test(patch.slice(0, 200))
  return {
    operation: isNew ? 'create' : 'update',
    linesAdded: countAt(data, 'toolTelemetry', 'metrics', 'linesAdded'),
    linesDeleted: countAt(data, 'toolTelemetry', 'metrics', 'linesRemoved'),
  }
}
