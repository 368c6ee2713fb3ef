// Whose log a rollout is, from its header and those of the threads that it was copied from.
import { basename } from 'node:path'
import { type Fields, fieldsAt, isFields, type SessionRef, textAt } from '../entries.js'

export interface Header {
  readonly session: SessionRef
  /** What is asked of it comes from an agent. */
  readonly isSubagent: boolean
  readonly isHeadless: boolean
  readonly isTyped: boolean
  readonly entrypoint: string | null
}

/** @param parentIds of the headers that follow at once: the parent's, and its own parent's */
export function headerOf(payload: Fields, parentIds: readonly string[], path: string): Header {
  const id = textAt(payload, 'id') ?? threadIdIn(path)
  const source = payload.source
  const isSubagent = (isFields(source) && 'subagent' in source) || payload.thread_source === 'subagent'
  const otherIds = parentIds.filter((parentId) => parentId !== id)
  const parentId = isSubagent ? mainIdOf(payload, otherIds, id) : null
  const entrypoint = isSubagent ? 'subagent' : typeof source === 'string' ? source : null
  return {
    session: parentId === null ? { id, parentId } : { id: `${parentId}/${id}`, parentId },
    isSubagent,
    isHeadless: entrypoint === 'exec',
    isTyped: entrypoint === 'cli' || entrypoint === 'vscode',
    entrypoint,
  }
}

/** Newer versions name the main thread; older ones only the parent, which is another sub-agent below the first level. */
function mainIdOf(payload: Fields, parentIds: readonly string[], id: string): string | null {
  const root = textAt(payload, 'session_id')
  if (root !== null && root !== id) return root
  const source = isFields(payload.source) ? payload.source.subagent : null
  const spawn = isFields(source) ? fieldsAt(source, 'thread_spawn') : undefined
  const isDeep = typeof spawn?.depth === 'number' && spawn.depth > 1
  const named = textAt(payload, 'parent_thread_id') ?? (spawn && textAt(spawn, 'parent_thread_id')) ?? null
  return (isDeep ? parentIds.at(-1) : null) ?? named ?? parentIds[0] ?? null
}

/** A rollout's name ends with its thread's id. */
export function threadIdIn(path: string): string {
  const name = basename(path, '.jsonl')
  return /[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i.exec(name)?.[0] ?? name
}
