// Claude Code: one JSONL file a session, sub-agents in a folder beside it.
import { basename, join, sep } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { LogFormat } from '../format.js'
import { claudeCodeMacros } from './macros.js'
import { readTranscript } from './transcript.js'

const usage = {
  input_tokens: 'BIGINT',
  output_tokens: 'BIGINT',
  cache_read_input_tokens: 'BIGINT',
  cache_creation_input_tokens: 'BIGINT',
  cache_creation: { ephemeral_5m_input_tokens: 'BIGINT', ephemeral_1h_input_tokens: 'BIGINT' },
  server_tool_use: { web_search_requests: 'BIGINT' },
  speed: 'VARCHAR',
  inference_geo: 'VARCHAR',
}
const message = { id: 'VARCHAR', model: 'VARCHAR', usage, content: 'JSON' }
const toolUseResult = { type: 'VARCHAR', structuredPatch: [{ lines: ['VARCHAR'] }] }

export const claudeCode: LogFormat = {
  source: 'claude-code',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => {
    const configured = agentEnv.CLAUDE_CONFIG_DIR?.split(',').map((folder) => folder.trim())
    const folders = configured ?? [join(home, '.claude'), join(home, '.config', 'claude')]
    return folders.filter(Boolean).map((folder) => join(folder, 'projects'))
  },
  findFiles: (places) =>
    findFilesByExtension(places, '.jsonl', (path) =>
      path.includes(`${sep}subagents${sep}`) || basename(path).startsWith('agent-') ? 'subagent' : 'main',
    ),
  lineShape: {
    type: 'VARCHAR',
    subtype: 'VARCHAR',
    uuid: 'VARCHAR',
    sessionId: 'VARCHAR',
    agentId: 'VARCHAR',
    timestamp: 'VARCHAR',
    isSidechain: 'BOOLEAN',
    isMeta: 'BOOLEAN',
    isCompactSummary: 'BOOLEAN',
    isApiErrorMessage: 'BOOLEAN',
    version: 'VARCHAR',
    cwd: 'VARCHAR',
    gitBranch: 'VARCHAR',
    requestId: 'VARCHAR',
    entrypoint: 'VARCHAR',
    promptSource: 'VARCHAR',
    toolUseResult,
    message,
    attachment: { type: 'VARCHAR', prompt: 'JSON', commandMode: 'VARCHAR' },
    data: {
      type: 'VARCHAR',
      agentId: 'VARCHAR',
      message: {
        type: 'VARCHAR',
        uuid: 'VARCHAR',
        timestamp: 'VARCHAR',
        requestId: 'VARCHAR',
        toolUseResult,
        message,
      },
    },
  },
  isRecord: (object) => typeof object.type === 'string' && typeof object.sessionId === 'string',
  macros: claudeCodeMacros,
  sqlFolder: 'claude_code',
  steps: ['messages', 'user_texts'],
  readTranscript,
}
