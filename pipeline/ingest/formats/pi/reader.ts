// What the lines of a pi session say, in all versions of its format.
import { createHash } from 'node:crypto'
import { basename } from 'node:path'
import { stableJson } from '../../../stable-json.js'
import {
  type EmitEntry,
  type EntryReader,
  FieldError,
  type Fields,
  fieldsAt,
  instantAt,
  type LogEntry,
  type SessionRef,
  textAt,
} from '../entries.js'
import type { OpenedLog } from '../format.js'
import { leftBranches, type TreeEntry } from './branches.js'
import { entriesOfMessage, type Told, usageEntries } from './messages.js'

interface HeldEntry {
  /** Of the line, from version 2 on. */
  readonly treeId: string | null
  readonly entry: LogEntry
}

/** Holds back what is said until the end, which alone tells the branches that were left. */
export function openPiLog(log: OpenedLog, emit: EmitEntry): EntryReader {
  let session: SessionRef | null = null
  let model: string | null = null
  const tree: TreeEntry[] = []
  const held: HeldEntry[] = []

  return {
    take({ fields }) {
      const entries = entriesOf(fields, model)
      const treeId = treeIdOf(fields)
      const type = textAt(fields, 'type')
      if (treeId !== null) tree.push({ id: treeId, parentId: textAt(fields, 'parentId') })
      if (type === 'session') session ??= sessionOf(fields)
      model = modelOf(fields) ?? model
      for (const entry of entries) held.push({ treeId, entry })
    },
    finish() {
      const left = leftBranches(tree)
      for (const { treeId, entry } of held)
        if (treeId === null || !left.has(treeId) || isDone(entry))
          emit(session ?? fileSession(log.path), entry)
    },
  }
}

/** What was done and billed counts on branches that were left as well; what was said there is left out. */
function isDone({ kind }: LogEntry): boolean {
  return kind !== 'prompt' && kind !== 'assistant'
}

function entriesOf(fields: Fields, model: string | null): readonly LogEntry[] {
  switch (textAt(fields, 'type')) {
    case 'session':
      return [
        { kind: 'setting', at: instantAt(fields, 'timestamp'), workingDirectory: textAt(fields, 'cwd') },
      ]
    case 'message': {
      const message = fieldsAt(fields, 'message')
      if (message === undefined) throw new FieldError('expected an object in message')
      return entriesOfMessage(message, toldOf(fields, message))
    }
    case 'compaction': {
      const told = toldOf(fields, null)
      const note = { kind: 'compaction' as const, ...told, text: textAt(fields, 'summary') ?? '' }
      return [note, ...usageEntries(fields, told, model)]
    }
    case 'branch_summary':
      return usageEntries(fields, toldOf(fields, null), model)
    case 'session_info': {
      const text = textAt(fields, 'name')
      return text === null ? [] : [{ kind: 'title', text }]
    }
    default:
      return []
  }
}

/**
 * A branch's file repeats older messages: in version 1 without ids and under new line times, later as they were.
 * So a copy is told by the message itself, which has its own time; where it has none, the line's must do.
 */
function toldOf(fields: Fields, message: Fields | null): Told {
  const { id: _, parentId: __, timestamp, ...rest } = fields
  const content = message?.timestamp === undefined ? { timestamp, rest } : message
  const id = createHash('sha256').update(stableJson(content)).digest('hex').slice(0, 32)
  const at = instantAt(fields, 'timestamp') ?? (message === null ? null : instantAt(message, 'timestamp'))
  return { at, id }
}

function treeIdOf(fields: Fields): string | null {
  return textAt(fields, 'type') === 'session' ? null : textAt(fields, 'id')
}

function modelOf(fields: Fields): string | null {
  const type = textAt(fields, 'type')
  return type === 'session' || type === 'model_change' ? textAt(fields, 'modelId') : null
}

function sessionOf(fields: Fields): SessionRef {
  const id = textAt(fields, 'id')
  if (id === null) throw new FieldError('expected text in id')
  return { id, parentId: null }
}

/** `<time>_<session id>.jsonl`, where the header cannot be read. */
function fileSession(path: string): SessionRef {
  return { id: basename(path, '.jsonl').replace(/^.*_/, ''), parentId: null }
}
