// What a tool answered, and whether it failed: its exit code counts, then what the answer says.
import { type Fields, isFields, type ToolErrorKind, textAt } from '../entries.js'

export interface CodexAnswer {
  readonly text: string
  readonly isError: boolean
  readonly errorKind: ToolErrorKind | null
}

/** What an event said of a call before its answer came. */
export interface CallEnd {
  readonly exitCode: number | null
  readonly isFailed: boolean
}

/** Only these openings are Codex's own words; anything else may be a tool's output. */
const failures: readonly (readonly [RegExp, ToolErrorKind | null])[] = [
  [/^apply_patch verification failed/i, 'edit_mismatch'],
  [/^(exec command|patch|user) rejected|rejected by user/i, 'rejected'],
  [/^aborted/i, 'interrupted'],
  [/^unsupported (custom tool )?call/i, 'unknown_tool'],
  [/^(command timed out|timed out)/i, 'timeout'],
  [
    /^(err(or)?:|execution error|exec_command failed|failed (to|for)|script failed|tool call error|unable to)/i,
    null,
  ],
]

export function answerOf(payload: Fields, end: CallEnd | undefined): CodexAnswer {
  const { text, exitCode: loggedCode, isFailed } = outputOf(payload.output)
  const exitCode = end?.exitCode ?? loggedCode ?? exitCodeIn(text)
  if (exitCode !== null && exitCode !== 0)
    return { text, isError: true, errorKind: exitCode === 124 ? 'timeout' : 'command_failed' }
  if (exitCode === 0 && !end?.isFailed) return { text, isError: false, errorKind: null }
  const failure = failures.find(([pattern]) => pattern.test(text.slice(0, 200).trimStart()))
  const isError = isFailed || end?.isFailed === true || payload.status === 'failed' || failure !== undefined
  return { text, isError, errorKind: isError ? (failure?.[1] ?? null) : null }
}

interface Output {
  readonly text: string
  readonly exitCode: number | null
  readonly isFailed: boolean
}

/** Text, text that is JSON of its own, a list of items, or an object. */
function outputOf(output: unknown): Output {
  const plain = { exitCode: null, isFailed: false }
  if (Array.isArray(output)) return { text: textsOf(output), ...plain }
  if (isFields(output)) {
    const text = typeof output.content === 'string' ? output.content : ''
    return { text, exitCode: null, isFailed: output.success === false }
  }
  if (typeof output !== 'string') return { text: '', ...plain }
  const wrapped = output.startsWith('{"output"') ? parsed(output) : null
  if (wrapped === null || typeof wrapped.output !== 'string') return { text: output, ...plain }
  const code = isFields(wrapped.metadata) ? wrapped.metadata.exit_code : null
  return { text: wrapped.output, exitCode: typeof code === 'number' ? code : null, isFailed: false }
}

function textsOf(items: readonly unknown[]): string {
  return items
    .filter(isFields)
    .flatMap(({ text }) => (typeof text === 'string' ? [text] : []))
    .join('\n')
}

function parsed(text: string): Fields | null {
  try {
    const value: unknown = JSON.parse(text)
    return isFields(value) ? value : null
  } catch {
    return null
  }
}

/** Of the lines that Codex puts before a command's output. */
function exitCodeIn(text: string): number | null {
  for (const line of text.split('\n', 8)) {
    const code = /^(?:Process exited with code|Exit code:) (-?\d+)\s*$/.exec(line)?.[1]
    if (code !== undefined) return Number(code)
    if (/^Output:/.test(line)) break
  }
  return null
}

/** `exec_command_end`, `patch_apply_end`, `mcp_tool_call_end` and completed items; null where nothing is said of success. */
export function callEndOf(payload: Fields): CallEnd | null {
  if (typeof payload.exit_code === 'number') return { exitCode: payload.exit_code, isFailed: false }
  if (typeof payload.success === 'boolean') return { exitCode: null, isFailed: !payload.success }
  if (isFields(payload.result)) {
    const ok = isFields(payload.result.Ok) ? payload.result.Ok : null
    return {
      exitCode: null,
      isFailed: 'Err' in payload.result || ok?.isError === true || ok?.is_error === true,
    }
  }
  const status = textAt(payload, 'status')
  return status === null ? null : { exitCode: null, isFailed: /^(failed|declined)$/i.test(status) }
}
