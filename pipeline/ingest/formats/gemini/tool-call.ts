// A tool call of a Gemini message, which holds the answer too.
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

export function toolEntries(messageId: string, saidAt: string | null, call: unknown): readonly LogEntry[] {
  if (!isFields(call)) throw new FieldError('expected an object in toolCalls')
  const callId = textAt(call, 'id')
  const toolName = textAt(call, 'name') ?? 'unknown'
  const input = fieldsAt(call, 'args') ?? {}
  const answeredAt = instantAt(call, 'timestamp')
  const id = `${messageId}/${callId}`
  const called: LogEntry = {
    kind: 'tool_call',
    at: calledAt(callId, answeredAt) ?? saidAt,
    id,
    callId,
    toolName,
    input,
    delegatedAgent: delegatedAgentOf(toolName, input),
  }
  const status = textAt(call, 'status')
  if (status !== 'success' && status !== 'error' && status !== 'cancelled') return [called]
  const text = answerOf(call)
  const exitCode = toolName === 'run_shell_command' ? /^Exit Code: (-?\d+)$/m.exec(text)?.[1] : undefined
  const hasFailed = exitCode !== undefined && exitCode !== '0'
  const answered: LogEntry = {
    kind: 'tool_result',
    at: answeredAt,
    id,
    callId,
    isError: status !== 'success' || hasFailed,
    errorKind: status === 'cancelled' ? cancellationOf(text) : hasFailed ? 'command_failed' : null,
    text,
    edit: status === 'success' && editTools.has(toolName) ? editOf(call, text) : null,
  }
  return [called, answered]
}

/** The call's id holds the time of the call; the time beside it is when it was last written, which is after its end. */
function calledAt(callId: string | null, answeredAt: string | null): string | null {
  const milliseconds = /-(\d{13})-/.exec(callId ?? '')?.[1]
  if (milliseconds === undefined) return null
  const at = new Date(Number(milliseconds)).toISOString()
  return answeredAt === null || at <= answeredAt ? at : null
}

const delegatingTools = new Set(['invoke_agent', 'delegate_to_agent'])
/** Agents that are tools by their own names. */
const agentTools = new Set(['codebase_investigator', 'cli_help', 'generalist'])

function delegatedAgentOf(toolName: string, { agent_name: agentName }: Fields): string | null {
  if (agentTools.has(toolName)) return toolName
  return delegatingTools.has(toolName) && typeof agentName === 'string' ? agentName : null
}

function answerOf(call: Fields): string {
  const texts = (Array.isArray(call.result) ? call.result : []).flatMap((part: unknown) => {
    const response = isFields(part) && isFields(part.functionResponse) ? part.functionResponse.response : null
    const text = isFields(response) ? (response.output ?? response.error) : null
    return typeof text === 'string' ? [text] : []
  })
  if (texts.length > 0) return texts.join('\n')
  return typeof call.resultDisplay === 'string' ? call.resultDisplay : ''
}

function cancellationOf(text: string): ToolErrorKind {
  return /denied|declined|rejected|did not allow/i.test(text) ? 'rejected' : 'cancelled'
}

const editTools = new Set(['write_file', 'replace', 'edit'])

function editOf(call: Fields, text: string): FileEdit {
  const shown = isFields(call.resultDisplay) ? call.resultDisplay : {}
  const stat = isFields(shown.diffStat) ? shown.diffStat : {}
  return {
    operation: /^Successfully created/.test(text) ? 'create' : 'update',
    linesAdded: lineCountOf(stat.model_added_lines, shown.fileDiff, '+'),
    linesDeleted: lineCountOf(stat.model_removed_lines, shown.fileDiff, '-'),
  }
}

function lineCountOf(counted: unknown, diff: unknown, sign: '+' | '-'): number | null {
  if (typeof counted === 'number' && Number.isInteger(counted) && counted >= 0) return counted
  if (typeof diff !== 'string') return null
  const hunks = diff.slice(Math.max(diff.indexOf('\n@@'), 0))
  return hunks.split('\n').filter((line) => line.startsWith(sign)).length
}
