// Gemini CLI: one document a session, or in newer versions one object a line; sub-agents in a folder beside it.
import { readFileSync } from 'node:fs'
import { basename, dirname, join, parse } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { Fields } from '../entries.js'
import type { EntryFormat, FoundFile } from '../format.js'
import { geminiReader } from './reader.js'

export const gemini: EntryFormat = {
  reading: 'entries',
  source: 'gemini',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => [join(agentEnv.GEMINI_CLI_HOME || home, '.gemini', 'tmp')],
  findFiles: async (places, report) => {
    const found = await Promise.all(
      ['.json', '.jsonl'].map((extension) => findFilesByExtension(places, extension, kindOf, report)),
    )
    return found
      .flat()
      .filter(({ path }) => places.includes(path) || isChat(path))
      .sort((a, b) => (a.path < b.path ? -1 : 1))
  },
  isRecord: (object) =>
    typeof object.projectHash === 'string' ||
    '$set' in object ||
    (typeof object.id === 'string' && typeof object.type === 'string' && 'timestamp' in object),
  layoutOf: (path) => (path.endsWith('.jsonl') ? 'lines' : 'document'),
  lineTypeOf: ({ fields }) => lineTypeOf(fields),
  openLog: ({ path }, emit) =>
    geminiReader({ parentId: parentOf(path), directory: projectOf(path), name: parse(path).name }, emit),
}

/** Among logs of prompts, checkpoints and what tools wrote. */
function isChat(path: string): boolean {
  return /[\\/]chats[\\/]/.test(path) || basename(path).startsWith('session-')
}

/** The session whose sub-agent wrote the file: `chats/<session>/<sub-agent>.jsonl`. */
function parentOf(path: string): string | null {
  const folder = dirname(path)
  return basename(dirname(folder)) === 'chats' ? basename(folder) : null
}

function kindOf(path: string): FoundFile['kind'] {
  return parentOf(path) === null ? 'main' : 'subagent'
}

/** Newer versions name the project's directory beside the folder of chats; older ones leave no more than its hash. */
function projectOf(path: string): string | null {
  const project = path.replace(/[\\/]chats[\\/].*$/, '')
  try {
    return project === path ? null : readFileSync(join(project, '.project_root'), 'utf8').trim() || null
  } catch {
    return null
  }
}

function lineTypeOf(fields: Fields): string {
  if ('$set' in fields) return '$set'
  if ('$rewindTo' in fields) return '$rewindTo'
  if (typeof fields.type === 'string') return fields.type
  return typeof fields.sessionId === 'string' ? 'session' : '(none)'
}
