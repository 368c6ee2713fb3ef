// A line of a rollout in one shape, whichever version wrote it.
import { createHash } from 'node:crypto'
import { type Fields, instantAt, isFields, textAt } from '../entries.js'

export interface CodexRecord {
  readonly type: string
  readonly payload: Fields
  /** Of the line itself, or of the last one before it that has a time. */
  readonly at: string | null
  readonly hasOwnTime: boolean
  /** Counts the lines of a log, copied ones too; null in versions that do not number them. */
  readonly ordinal: number | null
}

export function isRollout(fields: Fields): boolean {
  return typeof fields.type === 'string' && isFields(fields.payload)
}

/** Until August 2025 items stood bare on their lines, without a time, below a header without a type. */
export function readRecord(fields: Fields, lastAt: string | null): CodexRecord {
  const ownAt = instantAt(fields, 'timestamp')
  const ordinal = typeof fields.ordinal === 'number' ? fields.ordinal : null
  const rest = { at: ownAt ?? lastAt, hasOwnTime: ownAt !== null, ordinal }
  const type = textAt(fields, 'type')
  if (isFields(fields.payload)) return { type: type ?? '(none)', payload: fields.payload, ...rest }
  if (type !== null) return { type: 'response_item', payload: fields, ...rest }
  if (typeof fields.id === 'string') return { type: 'session_meta', payload: fields, ...rest }
  return { type: textAt(fields, 'record_type') ?? '(none)', payload: fields, ...rest }
}

/** When a thread or turn was made, milliseconds since 1970, as the first 48 bits of a UUID of version 7 say. */
export function madeAtMs(id: string | null): number | null {
  if (id === null || !/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-/i.test(id)) return null
  return Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16)
}

export function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}
