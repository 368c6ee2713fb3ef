// Reads one log of a format that is read by entries: to its entries, and from them to a transcript.
import type { Transcript, TranscriptMessage } from '../transcript.js'
import { FieldError, type LogEntry, type SessionRef, type ToolCallEntry } from './formats/entries.js'
import type { EntryFormat, OpenedLog } from './formats/format.js'
import { type ObjectsRead, readObjects } from './read-objects.js'

export interface EntriesRead extends ObjectsRead {
  /** How many objects of each type the log holds. */
  readonly lineTypes: ReadonlyMap<string, number>
}

/** Tells `emit` what a log says. Throws only where a file cannot be read. */
export function readEntries(
  format: EntryFormat,
  log: OpenedLog,
  emit: (session: SessionRef, entry: LogEntry) => void,
): EntriesRead {
  const lineTypes = new Map<string, number>()
  const reader = format.openLog(log, emit)
  const read = readObjects(format, log.members, (object) => {
    try {
      const type = format.lineTypeOf(object)
      reader.take(object)
      lineTypes.set(type, (lineTypes.get(type) ?? 0) + 1)
      return null
    } catch (error) {
      if (error instanceof FieldError) return error.message
      throw error
    }
  })
  reader.finish()
  return { ...read, lineTypes }
}

/** The log at a path, with all its files. */
export async function openedLog(
  format: EntryFormat,
  path: string,
  kind: OpenedLog['kind'] = 'main',
): Promise<OpenedLog> {
  return { path, kind, members: (await format.membersOf?.(path)) ?? [path] }
}

/** The conversation of one session, from the logs that hold it, in the order given; copies of an entry are left out. */
export async function readEntryTranscript(
  format: EntryFormat,
  paths: readonly string[],
  sessionId: string,
): Promise<Transcript> {
  const messages: Omit<TranscriptMessage, 'ordinal'>[] = []
  const toolNames = new Map<string, string>()
  const seen = new Set<string>()
  let title: string | null = null
  const take = (session: SessionRef, entry: LogEntry): void => {
    if (
      ![session.id, `${format.source}:${session.id}`].includes(sessionId) ||
      ('id' in entry && entry.id !== null && seen.has(`${entry.kind} ${entry.id}`))
    )
      return
    if ('id' in entry && entry.id !== null) seen.add(`${entry.kind} ${entry.id}`)
    if (entry.kind === 'title') title = entry.text
    if (entry.kind === 'tool_call' && entry.callId !== null) toolNames.set(entry.callId, entry.toolName)
    addMessage(messages, toolNames, entry)
  }
  for (const path of paths) readEntries(format, await openedLog(format, path), take)
  return { sessionId, title, messages: messages.map((message, i) => ({ ordinal: i + 1, ...message })) }
}

type Message = Omit<TranscriptMessage, 'ordinal'>

function addMessage(messages: Message[], toolNames: ReadonlyMap<string, string>, entry: LogEntry): void {
  const last = messages.at(-1)
  switch (entry.kind) {
    case 'prompt':
      messages.push({ role: 'human', text: entry.text, at: entry.at, toolCalls: [] })
      break
    case 'command':
      messages.push({ role: 'human', text: entry.name, at: entry.at, toolCalls: [] })
      break
    case 'assistant':
      messages.push({ role: 'assistant', text: entry.text, at: entry.at, toolCalls: [] })
      break
    case 'tool_call':
      if (last?.role === 'assistant')
        messages[messages.length - 1] = { ...last, toolCalls: [...last.toolCalls, called(entry)] }
      else messages.push({ role: 'assistant', text: '', at: entry.at, toolCalls: [called(entry)] })
      break
    case 'tool_result': {
      const id = entry.callId ?? ''
      const answered = { id, name: toolNames.get(id) ?? 'unknown', input: {}, isError: entry.isError }
      messages.push({ role: 'tool', text: entry.text, at: entry.at, toolCalls: [answered] })
      break
    }
    case 'interruption':
    case 'compaction':
      messages.push({ role: 'note', text: entry.text, at: entry.at, toolCalls: [] })
      break
  }
}

function called({ callId, toolName, input }: ToolCallEntry): TranscriptMessage['toolCalls'][number] {
  return { id: callId ?? '', name: toolName, input, isError: false }
}
