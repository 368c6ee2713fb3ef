// Amplifier: a folder a session, with events, transcript and metadata.
import { basename, join } from 'node:path'
import type { LogObject } from '../entries.js'
import type { EntryFormat } from '../format.js'
import { findSessions, membersOf } from './find-sessions.js'
import { openSession } from './read-session.js'

export const amplifier: EntryFormat = {
  reading: 'entries',
  source: 'amplifier',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => [
    join(agentEnv.AMPLIFIER_HOME || join(home, '.amplifier'), 'projects'),
  ],
  findFiles: findSessions,
  membersOf,
  isRecord: (object) =>
    typeof (object.event ?? object.type) === 'string' && typeof (object.ts ?? object.timestamp) === 'string',
  layoutOf: (path) => (path.endsWith('.jsonl') ? 'lines' : 'document'),
  lineTypeOf,
  openLog: openSession,
}

function lineTypeOf({ path, fields }: LogObject): string {
  const file = basename(path)
  if (file === 'metadata.json') return 'metadata'
  const type = file === 'transcript.jsonl' ? fields.role : (fields.event ?? fields.type)
  if (typeof type !== 'string') return '(none)'
  return file === 'transcript.jsonl' ? `transcript ${type}` : type
}
