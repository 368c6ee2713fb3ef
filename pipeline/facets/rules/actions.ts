// The agent's tool calls joined with their answers, and what kind of work each was.
import type { TranscriptMessage, TranscriptToolCall } from '../../transcript.js'

export type ActionKind = 'edit' | 'test' | 'check' | 'commit' | 'push' | 'pull_request' | 'shell' | 'other'

export interface Action {
  readonly kind: ActionKind
  readonly tool: string
  /** The file, command or query it was called with, on one line. */
  readonly target: string
  readonly input: Readonly<Record<string, unknown>>
  readonly call: TranscriptMessage
  /** Null where the log ends before the answer. */
  readonly answer: TranscriptMessage | null
  readonly isError: boolean
  /** The user refused it; not a failure of the tool. */
  readonly isRejected: boolean
  /** For a test or check: it ran and something failed, even where the exit code was hidden by a pipe. */
  readonly isFailing: boolean
}

const editTool =
  /^(?:edit|multiedit|write|notebookedit|apply_patch|patch|create|edit_file|write_file|create_file|replace|str_replace\w*)$/i
const shellTool = /^(?:bash|shell|exec\w*|local_shell\w*|run_shell_command|run_terminal_c\w+|terminal)$/i
const rejection =
  /^(?:<tool_use_error>)?The user (?:doesn['’]t|does not) want to (?:proceed|take this action)|^(?:User|The user) (?:rejected|declined|denied|cancelled)/i
const sibling = /Sibling tool call errored/

const testCommand =
  /\b(?:go test|cargo (?:test|nextest)|pytest|py\.test|vitest|jest|mocha|rspec|phpunit|ctest|mix (?:test|precommit)|playwright test|dotnet test|mvn test|(?:npm|pnpm|yarn|bun)(?: run)?(?: -s)? test|(?:make|mise run|just|rake|gradlew?|deno) test)/
const checkCommand =
  /\b(?:lint|eslint|biome|ruff|mypy|tsc|typecheck|clippy|go (?:build|vet)|cargo (?:build|check)|make(?: build)?|(?:npm|pnpm|yarn|bun)(?: run)? build|gofmt|prettier|compile)\b/
const failure =
  /^(?:--- )?FAIL(?:ED)?\b|^ERROR\b|\b[1-9]\d* (?:failed|failing|failures?|errors?)\b|\bBUILD FAILED\b|\bTests? failed\b/m

export function actionsOf(messages: readonly TranscriptMessage[]): Action[] {
  const answers = new Map<string, TranscriptMessage>()
  for (const message of messages)
    if (message.role === 'tool') for (const call of message.toolCalls) answers.set(call.id, message)
  return messages.flatMap((message) =>
    message.role === 'assistant'
      ? message.toolCalls.map((call) => actionOf(message, call, answers.get(call.id) ?? null))
      : [],
  )
}

function actionOf(
  message: TranscriptMessage,
  call: TranscriptToolCall,
  answer: TranscriptMessage | null,
): Action {
  const kind = kindOf(call)
  const isRejected = answer !== null && rejection.test(answer.text)
  const isFailed = answer?.toolCalls.some(({ id, isError }) => id === call.id && isError) === true
  const isError = isFailed && !isRejected && !sibling.test(answer?.text ?? '')
  const isRun = (kind === 'test' || kind === 'check') && answer !== null && !isRejected
  return {
    kind,
    tool: call.name,
    target: targetOf(call),
    input: call.input,
    call: message,
    answer,
    isError,
    isRejected,
    isFailing: isRun && (isError || failure.test(answer.text)),
  }
}

function kindOf(call: TranscriptToolCall): ActionKind {
  if (editTool.test(call.name)) return isPlan(targetOf(call)) ? 'other' : 'edit'
  if (!shellTool.test(call.name)) return 'other'
  const command = targetOf(call)
  if (/\bgh pr create\b/.test(command)) return 'pull_request'
  if (/\bgit\b[^&|;]*\bpush\b/.test(command)) return 'push'
  if (/\bgit\b[^&|;]*\bcommit\b/.test(command)) return 'commit'
  if (testCommand.test(command)) return 'test'
  return checkCommand.test(command) ? 'check' : 'shell'
}

/** A plan written down on the way is not the work. */
function isPlan(path: string): boolean {
  return /[/\\]\.claude[/\\]plans[/\\]/.test(path)
}

function targetOf(call: TranscriptToolCall): string {
  const { input } = call
  const target =
    input.file_path ??
    input.path ??
    input.notebook_path ??
    input.command ??
    input.cmd ??
    input.query ??
    input.url
  if (Array.isArray(target)) return target.join(' ')
  return typeof target === 'string' ? target : JSON.stringify(input)
}

/** Whether the action did what it was meant to do. */
export function isDone(action: Action): boolean {
  return action.answer !== null && !action.isError && !action.isRejected && !action.isFailing
}
