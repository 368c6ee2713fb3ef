// Follows a Gemini session: a message is written anew, whole, each time that something of it changes.
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
import { messageEntries } from './message.js'

export interface GeminiPlace {
  /** The session whose sub-agent this is; null for a main session. */
  readonly parentId: string | null
  readonly directory: string | null
  /** The file's name, for a session that does not say its own. */
  readonly name: string
}

interface Message {
  readonly entries: readonly LogEntry[]
  /** Seen only as part of what the model was given, where copies have ids of their own. */
  readonly isContext: boolean
}

interface Header {
  sessionId: string | null
  startedAt: string | null
  directory: string | null
  isSubagent: boolean
  title: string | null
}

/** What was rewound was asked and billed all the same, so that `$rewindTo` takes nothing back. */
export function geminiReader(place: GeminiPlace, emit: EmitEntry): EntryReader {
  const messages = new Map<string, Message>()
  const header: Header = {
    sessionId: null,
    startedAt: null,
    directory: place.directory,
    isSubagent: place.parentId !== null,
    title: null,
  }
  return {
    take({ fields }) {
      if ('$rewindTo' in fields) return
      if (fields.id !== undefined) {
        const id = idOf(fields)
        messages.set(id, { entries: messageEntries(id, fields), isContext: false })
        return
      }
      const update = fieldsAt(fields, '$set')
      const isContext = update !== undefined
      const read = listAt(update ?? fields, 'messages').map((message) => {
        if (!isFields(message)) throw new FieldError('expected an object in messages')
        const id = idOf(message)
        return [id, messageEntries(id, message)] as const
      })
      updateHeader(header, update ?? fields)
      for (const [id, entries] of read)
        if (!isContext || (messages.get(id)?.isContext ?? true)) messages.set(id, { entries, isContext })
    },
    finish() {
      if (messages.size === 0) return
      const session = sessionOf(header, place)
      emit(session, { kind: 'setting', at: header.startedAt, workingDirectory: header.directory })
      if (header.title !== null) emit(session, { kind: 'title', text: header.title })
      for (const entry of withoutCopies([...messages.values()]))
        emit(session, session.parentId !== null && entry.kind === 'prompt' ? asTask(entry) : entry)
    },
  }
}

function idOf(message: Fields): string {
  const id = textAt(message, 'id')
  if (id === null) throw new FieldError('expected text in id')
  return id
}

function updateHeader(header: Header, fields: Fields): void {
  const sessionId = textAt(fields, 'sessionId')
  const startedAt = instantAt(fields, 'startTime')
  const title = textAt(fields, 'summary')
  const [directory] = listAt(fields, 'directories')
  header.sessionId ??= sessionId
  header.startedAt ??= startedAt
  header.title = title ?? header.title
  if (typeof directory === 'string') header.directory ??= directory
  if (fields.kind === 'subagent') header.isSubagent = true
}

/** Before sub-agents had a folder of their own, a file said no more than that it is one's. */
function sessionOf({ sessionId, isSubagent }: Header, { parentId, name }: GeminiPlace): SessionRef {
  const ownId = sessionId ?? name
  if (!isSubagent) return { id: ownId, parentId: null }
  return parentId === null
    ? { id: `${ownId}/${name}`, parentId: ownId }
    : { id: `${parentId}/${ownId}`, parentId }
}

/** What the main agent asks of a sub-agent is no person's prompt. */
function asTask({ at, id, text }: LogEntry & { kind: 'prompt' }): LogEntry {
  return { kind: 'system', at, id, text }
}

/** After a compression the model is given what is kept under new ids: said before, it is not said again. */
function withoutCopies(messages: readonly Message[]): readonly LogEntry[] {
  const said = new Set(
    messages.filter(({ isContext }) => !isContext).flatMap(({ entries }) => entries.flatMap(copyKeyOf)),
  )
  return messages.flatMap(({ entries, isContext }) =>
    isContext ? entries.filter((entry) => !copyKeyOf(entry).some((key) => said.has(key))) : entries,
  )
}

function copyKeyOf(entry: LogEntry): readonly string[] {
  if (entry.kind === 'prompt' || entry.kind === 'assistant') return [`${entry.kind} ${entry.text}`]
  if (entry.kind === 'command') return [`command ${entry.name}`]
  if (entry.kind === 'tool_call' || entry.kind === 'tool_result') return [`${entry.kind} ${entry.callId}`]
  return []
}
