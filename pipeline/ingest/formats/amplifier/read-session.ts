// Reads a session's files to entries: the events say everything, the transcript what they lack.
import { basename } from 'node:path'
import type { EmitEntry, EntryReader } from '../entries.js'
import type { OpenedLog } from '../format.js'
import { completeFrom } from './complete.js'
import { EventReader } from './events.js'
import { sessionFolder } from './find-sessions.js'
import { isAsked, type Message, messageOf } from './messages.js'
import { Session } from './session.js'

export function openSession(log: OpenedLog, emit: EmitEntry): EntryReader {
  const session = new Session(sessionFolder(log.path), emit)
  const messages: Message[] = []
  let events: EventReader | null = null
  const openEvents = (): EventReader => {
    events ??= new EventReader(session, messages.filter(isAsked))
    return events
  }
  return {
    take: ({ path, fields }) => {
      const file = basename(path)
      if (file === 'metadata.json') session.describe(fields)
      else if (file === 'transcript.jsonl') messages.push(messageOf(fields))
      else openEvents().take(fields)
    },
    finish: () => completeFrom(messages, session, openEvents().seen),
  }
}
