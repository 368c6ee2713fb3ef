// Whose a session is: a sub-agent's belongs to the main session that its parents lead to.
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { type Fields, isFields, type SessionRef } from '../entries.js'

/** No agent delegates deeper; two sessions that name each other as parent end here. */
const mostParents = 20

/** What a session says of its origin. */
export interface Origin {
  /** Null where it is a main session. */
  readonly parentId: string | null
  /** The first session of the tree, where its parents' folders are gone. */
  readonly traceId: string | null
}

/** @param folder the session's own; its parents' lie beside it. */
export function sessionRefOf(folder: string, id: string, origin: Origin): SessionRef {
  if (origin.parentId === null) return { id, parentId: null }
  const top = topOf(dirname(folder), origin.parentId)
  const main = top.isKnown ? top.id : (origin.traceId ?? top.id)
  return main === id ? { id, parentId: null } : { id: `${main}/${id}`, parentId: main }
}

/** A fork names the session it was copied from as parent, but is a main session itself. */
export function originIn(metadata: Fields): Origin {
  const isFork = metadata.forked_from_turn !== undefined && metadata.forked_from_turn !== null
  return { parentId: isFork ? null : wordsIn(metadata.parent_id), traceId: wordsIn(metadata.trace_id) }
}

/** The parent in a sub-agent's id, `<parent>-<16 hex digits>_<agent>`; null in a main session's. */
export function parentInName(id: string): string | null {
  return /^(.+)-[0-9a-f]{16}_[^/\\]+$/.exec(id)?.[1] ?? null
}

/** Where the way up ends; known to be the main session only where its metadata are there to say so. */
function topOf(sessions: string, parentId: string): { id: string; isKnown: boolean } {
  let id = parentId
  for (let step = 0; step < mostParents; step += 1) {
    const metadata = readMetadata(sessions, id)
    const parent = (metadata === null ? null : originIn(metadata).parentId) ?? parentInName(id)
    if (parent === null) return { id, isKnown: metadata !== null }
    id = parent
  }
  return { id: parentId, isKnown: false }
}

/** Null where it is missing or cannot be read: a session that was killed has none. */
function readMetadata(sessions: string, id: string): Fields | null {
  if (/[\\/]/.test(id)) return null
  try {
    const value: unknown = JSON.parse(readFileSync(join(sessions, id, 'metadata.json'), 'utf8'))
    return isFields(value) ? value : null
  } catch {
    return null
  }
}

function wordsIn(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}
