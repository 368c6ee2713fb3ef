// What a log says, one thing at a time, in words that all agents share. From it come the raw tables and the transcript.

export type Fields = Readonly<Record<string, unknown>>

/** Why a tool failed, as far as its answer says. */
export type ToolErrorKind =
  | 'rejected'
  | 'interrupted'
  | 'permission_denied'
  | 'not_found'
  | 'edit_mismatch'
  | 'command_failed'
  | 'timeout'
  | 'too_large'
  | 'unknown_tool'
  | 'cancelled'
  | 'other'

interface Said {
  /** When, as ISO 8601 with an offset or Z; null where the log does not say. */
  readonly at: string | null
  /** What copies in forks, branches and resumes have in common with the original, so that it counts once; null where there is none. */
  readonly id: string | null
}

/** What a person, or a headless caller, asked; never what the agent puts in the person's mouth. */
export interface PromptEntry extends Said {
  readonly kind: 'prompt'
  readonly text: string
  readonly promptSource: 'typed' | 'queued' | 'headless' | null
}

/** A slash command, with its slash. */
export interface CommandEntry extends Said {
  readonly kind: 'command'
  readonly name: string
}

/** What the assistant said. */
export interface AssistantEntry extends Said {
  readonly kind: 'assistant'
  readonly text: string
}

export interface ToolCallEntry extends Said {
  readonly kind: 'tool_call'
  /** Tells calls of one session apart, and joins the answer. */
  readonly callId: string | null
  /** As logged. */
  readonly toolName: string
  readonly input: Fields
  /** The sub-agent that was called, where one was. */
  readonly delegatedAgent: string | null
}

export interface FileEdit {
  readonly operation: 'create' | 'update'
  /** Null where the log does not say. */
  readonly linesAdded: number | null
  readonly linesDeleted: number | null
}

export interface ToolResultEntry extends Said {
  readonly kind: 'tool_result'
  readonly callId: string | null
  readonly isError: boolean
  /** Null for a failure of which only the text may tell, and for success. */
  readonly errorKind: ToolErrorKind | null
  readonly text: string
  readonly edit: FileEdit | null
}

/** Usage of one reply of a model. Cached input is no part of `inputTokens`; reasoning is part of `outputTokens`. */
export interface LlmCallEntry extends Said {
  readonly kind: 'llm_call'
  readonly model: string | null
  /** Null, not 0, where the log does not say. */
  readonly inputTokens: number | null
  readonly outputTokens: number | null
  readonly cacheReadTokens: number | null
  readonly cacheWriteTokens: number | null
  readonly webSearchCount: number
  /** What the agent says it cost, in USD, as an exact decimal; null where it does not say. */
  readonly loggedCostUsd: string | null
}

/** What else belongs to a session's course. */
export interface NoteEntry extends Said {
  readonly kind: 'interruption' | 'compaction' | 'api_error' | 'api_retry' | 'system'
  readonly text: string
}

/** Where and with what the session works from here on; what is left out stays as it was. */
export interface SettingEntry {
  readonly kind: 'setting'
  readonly at: string | null
  readonly workingDirectory?: string | null
  readonly gitBranch?: string | null
  readonly agentVersion?: string | null
  /** cli, vscode, exec and the like, as logged. */
  readonly entrypoint?: string | null
}

export interface TitleEntry {
  readonly kind: 'title'
  readonly text: string
}

export type LogEntry =
  | PromptEntry
  | CommandEntry
  | AssistantEntry
  | ToolCallEntry
  | ToolResultEntry
  | LlmCallEntry
  | NoteEntry
  | SettingEntry
  | TitleEntry

/** A session as the log names it. A sub-agent's id is `<main session>/<agent id>`, and `parentId` the main session's. */
export interface SessionRef {
  readonly id: string
  readonly parentId: string | null
}

export type EmitEntry = (session: SessionRef, entry: LogEntry) => void

/** One line, or the one object of a file that is a whole document. */
export interface LogObject {
  /** Of the file that it is in. */
  readonly path: string
  /** From 1, within that file. */
  readonly lineNumber: number
  readonly fields: Fields
}

/** Reads one log from its first object to its last. */
export interface EntryReader {
  /** Throws FieldError where a field is not what it must be: the line is rejected with the reason, and the rest is read. */
  take(object: LogObject): void
  /** Called once after the last object. */
  finish(): void
}

/** Says which field is not what was expected: `expected a whole number in payload.info.total_tokens`. */
export class FieldError extends Error {}

/** The object at a path of keys; undefined where there is none, FieldError where something else is. */
export function fieldsAt(fields: Fields, ...path: readonly string[]): Fields | undefined {
  const value = valueAt(fields, path)
  if (value === undefined || value === null) return undefined
  if (!isFields(value)) throw new FieldError(`expected an object in ${path.join('.')}`)
  return value
}

export function textAt(fields: Fields, ...path: readonly string[]): string | null {
  const value = valueAt(fields, path)
  if (value === undefined || value === null) return null
  if (typeof value !== 'string') throw new FieldError(`expected text in ${path.join('.')}`)
  return value
}

export function listAt(fields: Fields, ...path: readonly string[]): readonly unknown[] {
  const value = valueAt(fields, path)
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new FieldError(`expected a list in ${path.join('.')}`)
  return value
}

/** No reply has more tokens, and no price can carry them. */
const mostCount = 1_000_000_000

/** A whole number of things, from none to a thousand million; null where there is none. */
export function countAt(fields: Fields, ...path: readonly string[]): number | null {
  const value = valueAt(fields, path)
  if (value === undefined || value === null) return null
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > mostCount)
    throw new FieldError(`expected a whole number in ${path.join('.')}`)
  return value
}

export function flagAt(fields: Fields, ...path: readonly string[]): boolean | null {
  const value = valueAt(fields, path)
  if (value === undefined || value === null) return null
  if (typeof value !== 'boolean') throw new FieldError(`expected true or false in ${path.join('.')}`)
  return value
}

/** An instant from 1970 to 2199, as ISO 8601 in UTC; a number is taken as milliseconds since 1970. */
export function instantAt(fields: Fields, ...path: readonly string[]): string | null {
  const value = valueAt(fields, path)
  if (value === undefined || value === null) return null
  const milliseconds =
    typeof value === 'number' ? value : typeof value === 'string' ? Date.parse(value) : Number.NaN
  if (!(milliseconds >= 0 && milliseconds < Date.UTC(2200, 0)))
    throw new FieldError(`expected an instant from 1970 to 2199 in ${path.join('.')}`)
  return new Date(milliseconds).toISOString()
}

export function isFields(value: unknown): value is Fields {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

function valueAt(fields: Fields, path: readonly string[]): unknown {
  let value: unknown = fields
  for (const key of path) {
    if (value === undefined || value === null) return undefined
    if (!isFields(value)) throw new FieldError(`expected an object before ${key} in ${path.join('.')}`)
    value = value[key]
  }
  return value
}
