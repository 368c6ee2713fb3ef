// Copilot CLI: one events file a session, sub-agents in the same file.
import { basename, join } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { EntryFormat } from '../format.js'
import { openCopilotLog } from './reader.js'

export const copilot: EntryFormat = {
  reading: 'entries',
  source: 'copilot',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => [
    join(agentEnv.COPILOT_HOME ?? join(home, '.copilot'), 'session-state'),
  ],
  findFiles: async (places, report) => {
    const files = await findFilesByExtension(places, '.jsonl', () => 'main', report)
    return files.filter(({ path }) => isLog(path))
  },
  isRecord: ({ type, id, data }) => typeof type === 'string' && typeof id === 'string' && data !== undefined,
  layoutOf: () => 'lines',
  lineTypeOf: ({ fields }) => (typeof fields.type === 'string' ? fields.type : '(none)'),
  openLog: openCopilotLog,
}

/** A session's folder may hold other files, such as those that the agent wrote to files/. */
function isLog(path: string): boolean {
  const below = /[\\/]session-state[\\/](.+)$/.exec(path)?.[1]
  return below === undefined
    ? basename(path) === 'events.jsonl'
    : /^[^\\/]+([\\/]events)?\.jsonl$/.test(below)
}
