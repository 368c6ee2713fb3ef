// Claude Code: one JSONL file a session, sub-agents in a folder beside it.
import { basename, join, sep } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { FoundFile, SqlFormat } from '../format.js'
import { claudeCodeMacros } from './macros.js'
import { ownRecords } from './own-records.js'
import { promptHistory } from './prompt-history.js'
import { sessionDocuments } from './session-documents.js'
import { readTranscript } from './transcript.js'

export const claudeCode: SqlFormat = {
  reading: 'sql',
  source: 'claude-code',
  parserVersion: 4,
  usualPlaces: ({ agentEnv, home }) => {
    const configured = agentEnv.CLAUDE_CONFIG_DIR?.split(',').map((folder) => folder.trim())
    const folders = configured ?? [join(home, '.claude'), join(home, '.config', 'claude')]
    return folders.filter(Boolean).map((folder) => join(folder, 'projects'))
  },
  findFiles: (places, report) => findFilesByExtension(places, '.jsonl', kindOf, report),
  isRecord: (object) => typeof object.type === 'string' && typeof object.sessionId === 'string',
  macros: claudeCodeMacros,
  sqlFolder: 'claude_code',
  views: ['messages'],
  steps: ['user_texts', 'abandoned', 'called_tools', 'places'],
  readTranscript,
  ownRecords,
  promptHistory,
  sessionDocuments,
}

function kindOf(path: string): FoundFile['kind'] {
  return path.includes(`${sep}subagents${sep}`) || basename(path).startsWith('agent-') ? 'subagent' : 'main'
}
