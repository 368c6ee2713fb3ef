// pi: one JSON object a line, one file a session; a branched session's file begins with a copy of what came before.
import { join } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { EntryFormat } from '../format.js'
import { openPiLog } from './reader.js'

export const pi: EntryFormat = {
  reading: 'entries',
  source: 'pi',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => [
    join(agentEnv.PI_CODING_AGENT_DIR ?? join(home, '.pi', 'agent'), 'sessions'),
  ],
  findFiles: (places, report) => findFilesByExtension(places, '.jsonl', () => 'main', report),
  isRecord: ({ type, timestamp }) => typeof type === 'string' && typeof timestamp === 'string',
  layoutOf: () => 'lines',
  lineTypeOf: ({ fields: { type, message } }) => {
    if (typeof type !== 'string') return '(none)'
    const role = (message as { role?: unknown } | null | undefined)?.role
    return type === 'message' && typeof role === 'string' ? `message/${role}` : type
  },
  openLog: openPiLog,
}
