// How many lines an edit changed, from what it was asked to put in another's place.
import { type FileEdit, isFields } from '../entries.js'

export function editOf(toolName: string | null, input: unknown): FileEdit | null {
  if (toolName !== 'edit_file' || !isFields(input)) return null
  const { old_string: before, new_string: after } = input
  if (typeof before !== 'string' || typeof after !== 'string' || input.replace_all === true)
    return { operation: 'update', linesAdded: null, linesDeleted: null }
  return { operation: 'update', ...changedLines(before.split('\n'), after.split('\n')) }
}

/** Lines between the equal beginning and the equal end of both. */
function changedLines(before: readonly string[], after: readonly string[]) {
  const most = Math.min(before.length, after.length)
  let first = 0
  while (first < most && before[first] === after[first]) first += 1
  let last = 0
  while (last < most - first && before.at(-1 - last) === after.at(-1 - last)) last += 1
  return { linesAdded: after.length - first - last, linesDeleted: before.length - first - last }
}
