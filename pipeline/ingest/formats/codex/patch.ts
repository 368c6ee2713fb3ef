// The files that a patch of Codex changes, and by how many lines.
import { lineCountOf } from '../../tool-facts.js'
import { type Fields, type FileEdit, isFields } from '../entries.js'

export interface PatchEdit extends FileEdit {
  /** The first file; the lines are those of all. */
  readonly path: string
}

interface Change {
  readonly path: string
  readonly isNew: boolean
  readonly linesAdded: number
  /** Null where a file was deleted and the log does not say how long it was. */
  readonly linesDeleted: number | null
}

const fileHeader = /^\*\*\* (Add|Update|Delete) File: (.+)$/

/** From the patch that the model wrote; null where the text is none. */
export function editOfPatch(patch: string): PatchEdit | null {
  const changes: Change[] = []
  for (const line of patch.split(/\r?\n/)) {
    const header = fileHeader.exec(line)
    const last = changes.at(-1)
    if (header !== null) {
      const linesDeleted = header[1] === 'Delete' ? null : 0
      changes.push({ path: header[2]!.trim(), isNew: header[1] === 'Add', linesAdded: 0, linesDeleted })
    } else if (last !== undefined && (line.startsWith('+') || line.startsWith('-')))
      changes[changes.length - 1] = withLine(last, line)
  }
  return together(changes)
}

/** From what Codex says it did: file by file. */
export function editOfChanges(changes: Fields): PatchEdit | null {
  return together(
    Object.entries(changes).flatMap(([path, change]) => (isFields(change) ? [changeOf(path, change)] : [])),
  )
}

/** Older versions nest a change below its type. */
function changeOf(path: string, logged: Fields): Change {
  const type = ['add', 'update', 'delete'].find((key) => logged.type === key || isFields(logged[key]))
  const fields = type !== undefined && isFields(logged[type]) ? logged[type] : logged
  const content = lineCountOf(fields.content)
  const unchanged = { path, isNew: type === 'add', linesAdded: 0, linesDeleted: 0 }
  if (type === 'add') return { ...unchanged, linesAdded: content ?? 0 }
  if (type === 'delete') return { ...unchanged, linesDeleted: content }
  const diff = typeof fields.unified_diff === 'string' ? fields.unified_diff.split('\n') : []
  return diff.filter((line) => !/^(\+\+\+|---) /.test(line)).reduce<Change>(withLine, unchanged)
}

function withLine(change: Change, line: string): Change {
  if (line.startsWith('+')) return { ...change, linesAdded: change.linesAdded + 1 }
  if (!line.startsWith('-') || change.linesDeleted === null) return change
  return { ...change, linesDeleted: change.linesDeleted + 1 }
}

function together(changes: readonly Change[]): PatchEdit | null {
  const first = changes[0]
  if (first === undefined) return null
  const deleted = changes.map(({ linesDeleted }) => linesDeleted)
  return {
    path: first.path,
    operation: changes.every(({ isNew }) => isNew) ? 'create' : 'update',
    linesAdded: changes.reduce((sum, { linesAdded }) => sum + linesAdded, 0),
    linesDeleted: deleted.includes(null)
      ? null
      : deleted.reduce<number>((sum, lines) => sum + (lines ?? 0), 0),
  }
}
