// What was said in one iteration, put together at its end: a call, its answer and the edit come on lines far apart.
import { toolKindOf } from '../../tool-facts.js'
import type { EmitEntry, FileEdit, LogEntry, SessionRef, ToolCallEntry } from '../entries.js'

export interface Answer {
  /** Null where the log does not say how long the call took. */
  readonly at: string | null
  readonly isError: boolean
  readonly text: string
}

export interface Call {
  entry: ToolCallEntry
  /** Its start was logged, and it is not logged again yet. */
  isOnlyBegun: boolean
  answer: Answer | null
  edit: FileEdit | null
}

export interface PathEdit {
  readonly path: string
  readonly at: string | null
  readonly edit: FileEdit
}

export interface Iteration {
  readonly session: SessionRef
  /** In the log's order. */
  readonly said: (LogEntry | Call)[]
  readonly edits: PathEdit[]
}

/** Tells what the iteration holds. Edits that no call made are none of the agent's tools' work, and are left out. */
export function emitIteration({ session, said, edits }: Iteration, emit: EmitEntry): void {
  const calls = said.filter((item) => isCall(item))
  for (const edit of edits) attachEdit(edit, calls)
  const workingDirectory = workTreeOf(session.id, calls)
  const first = said.map((item) => (isCall(item) ? item.entry : item)).find(({ kind }) => kind !== 'title')
  if (workingDirectory !== null)
    emit(session, { kind: 'setting', at: first && 'at' in first ? first.at : null, workingDirectory })
  for (const item of said) {
    if (!isCall(item)) emit(session, item)
    else emitCall(session, item, emit)
  }
}

export function isCall(item: LogEntry | Call): item is Call {
  return 'entry' in item
}

function emitCall(session: SessionRef, { entry, answer, edit }: Call, emit: EmitEntry): void {
  emit(session, entry)
  if (answer === null && edit === null) return
  const { id, callId } = entry
  const { at, isError, text } = answer ?? { at: null, isError: false, text: '' }
  emit(session, { kind: 'tool_result', id, callId, at, isError, errorKind: null, text, edit })
}

/** The latest call that names the path and came before the edit was seen, else the first that came after. */
function attachEdit({ path, at, edit }: PathEdit, calls: readonly Call[]): void {
  const able = calls.filter(
    (call) => call.edit === null && isEditCall(call) && call.answer?.isError !== true && names(call, path),
  )
  const before = able.filter(({ entry }) => entry.at === null || at === null || entry.at <= at)
  const call = before.at(-1) ?? able[0]
  if (call !== undefined) call.edit = edit
}

function isEditCall({ entry }: Call): boolean {
  return ['edit', 'write'].includes(toolKindOf(entry.toolName))
}

/** A call names a whole path, an edit one within the repository. */
function names({ entry }: Call, path: string): boolean {
  const named = entry.input.path ?? entry.input.file_path
  if (typeof named !== 'string') return false
  const [whole, part] = [named.replaceAll('\\', '/'), path.replaceAll('\\', '/')]
  return whole === part || whole.endsWith(`/${part}`) || part.endsWith(`/${whole}`)
}

/** The session manager gives each session a work tree that is called by the session's id. */
function workTreeOf(sessionId: string, calls: readonly Call[]): string | null {
  for (const { entry } of calls) {
    const path = typeof entry.input.path === 'string' ? entry.input.path : ''
    const start = path.search(/[\\/]\.?worktrees[\\/]/) < 0 ? -1 : path.indexOf(sessionId)
    if (start > 0 && /^([\\/]|$)/.test(path.slice(start + sessionId.length)))
      return path.slice(0, start + sessionId.length)
  }
  return null
}
