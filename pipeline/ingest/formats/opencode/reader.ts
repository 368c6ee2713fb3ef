// Follows an OpenCode session, whether its parts come in one export or each in a file of its own.
import {
  type EmitEntry,
  type EntryReader,
  FieldError,
  type Fields,
  fieldsAt,
  instantAt,
  isFields,
  type LogEntry,
  listAt,
  type SessionRef,
  textAt,
} from '../entries.js'
import { type Message, messageEntries, messageOf, promptEntries } from './message.js'
import { partEntries, promptTextOf } from './part.js'

/** Finds the session that the parent of a sub-agent's began with. */
export type FindMainSession = (parentId: string) => string

/** What an object is; a part that lies in a file of its own is known by its own type. */
export function objectTypeOf(fields: Fields): string {
  if (isFields(fields.info) && 'messages' in fields) return 'export'
  if (typeof fields.messageID === 'string') return typeof fields.type === 'string' ? fields.type : 'part'
  if (typeof fields.role === 'string') return 'message'
  return typeof fields.id === 'string' && 'directory' in fields ? 'session' : '(none)'
}

export function opencodeReader(findMainSession: FindMainSession, emit: EmitEntry): EntryReader {
  const tree = sessionReader(findMainSession, emit)
  return {
    take({ fields }) {
      if (objectTypeOf(fields) === 'export') emitExport(fields, findMainSession, emit)
      else takeTreeObject(tree, fields)
    },
    finish: () => tree.finish(),
  }
}

/** All of it or nothing: a document is one line. */
function emitExport(document: Fields, findMainSession: FindMainSession, emit: EmitEntry): void {
  const told: [SessionRef, LogEntry][] = []
  const reader = sessionReader(findMainSession, (session, entry) => told.push([session, entry]))
  reader.takeSession(fieldsAt(document, 'info') ?? {})
  for (const message of listAt(document, 'messages')) {
    const info = isFields(message) ? fieldsAt(message, 'info') : undefined
    if (!isFields(message) || info === undefined) throw new FieldError('expected an object in messages.info')
    reader.takeMessage(info)
    for (const part of listAt(message, 'parts')) {
      if (!isFields(part)) throw new FieldError('expected an object in messages.parts')
      reader.takePart(part)
    }
  }
  reader.finish()
  for (const [session, entry] of told) emit(session, entry)
}

function takeTreeObject(reader: SessionReader, fields: Fields): void {
  const type = objectTypeOf(fields)
  if (type === 'session') reader.takeSession(fields)
  else if (type === 'message') reader.takeMessage(fields)
  else if ('messageID' in fields) reader.takePart(fields)
}

interface SessionReader {
  takeSession(info: Fields): void
  takeMessage(info: Fields): void
  takePart(part: Fields): void
  finish(): void
}

function sessionReader(findMainSession: FindMainSession, emit: EmitEntry): SessionReader {
  let session: SessionRef | null = null
  let opening: readonly LogEntry[] = []
  let directory: string | null = null
  let message: Message | null = null
  let promptTexts: string[] = []
  const tell = (entries: readonly LogEntry[]): void => {
    for (const entry of entries) if (session !== null) emit(session, entry)
  }
  const closeMessage = (): void => {
    if (message !== null) tell(promptEntries(message, promptTexts, session?.parentId !== null))
    message = null
    promptTexts = []
  }
  return {
    takeSession(info) {
      session = sessionOf(info, findMainSession)
      opening = openingOf(info)
      directory = textAt(info, 'directory')
    },
    takeMessage(info) {
      closeMessage()
      const read = messageOf(info)
      const entries = messageEntries(read, info)
      const moved = read.directory !== null && read.directory !== directory
      session ??= read.sessionId === null ? null : { id: read.sessionId, parentId: null }
      tell(opening)
      opening = []
      if (moved) {
        directory = read.directory
        tell([{ kind: 'setting', at: read.at, workingDirectory: directory }])
      }
      tell(entries)
      message = read
    },
    takePart(part) {
      // Of a message that could not be read: nobody knows who says it.
      if (message === null || (textAt(part, 'messageID') ?? message.id) !== message.id) return
      if (message.role === 'user') promptTexts.push(...promptTextOf(part))
      else tell(partEntries(message, part))
    },
    finish: closeMessage,
  }
}

function sessionOf(info: Fields, findMainSession: FindMainSession): SessionRef {
  const id = textAt(info, 'id')
  if (id === null) throw new FieldError('expected text in id')
  const parentId = textAt(info, 'parentID')
  if (parentId === null) return { id, parentId: null }
  const mainId = findMainSession(parentId)
  return { id: `${mainId}/${id}`, parentId: mainId }
}

function openingOf(info: Fields): readonly LogEntry[] {
  const title = textAt(info, 'title')
  const setting: LogEntry = {
    kind: 'setting',
    at: instantAt(info, 'time', 'created'),
    workingDirectory: textAt(info, 'directory'),
    agentVersion: textAt(info, 'version'),
  }
  return title === null ? [setting] : [setting, { kind: 'title', text: title }]
}
