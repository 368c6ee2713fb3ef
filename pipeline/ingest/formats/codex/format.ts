// Codex: one rollout a session, one JSON object a line.
import { basename, join } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { EntryFormat, FoundFile, ReportProblem } from '../format.js'
import { CodexReader } from './reader.js'
import { isRollout, readRecord } from './record.js'

export const codex: EntryFormat = {
  reading: 'entries',
  source: 'codex',
  parserVersion: 1,
  usualPlaces: ({ agentEnv, home }) => {
    const folder = agentEnv.CODEX_HOME ?? join(home, '.codex')
    return [join(folder, 'sessions'), join(folder, 'archived_sessions')]
  },
  findFiles,
  isRecord: isRollout,
  layoutOf: () => 'lines',
  lineTypeOf: ({ fields }) => {
    const { type, payload } = readRecord(fields, null)
    return typeof payload.type === 'string' ? `${type}/${payload.type}` : type
  },
  openLog: ({ path }, emit) => new CodexReader(path, emit),
}

/** A session that is archived moves; where both files are there, the first place has the one that goes on. */
async function findFiles(places: readonly string[], report: ReportProblem): Promise<readonly FoundFile[]> {
  const found = await Promise.all(
    places.map((place) => findFilesByExtension([place], '.jsonl', () => 'main', report)),
  )
  const byName = new Map<string, FoundFile>()
  for (const file of found.flat()) {
    const name = basename(file.path)
    if (!name.startsWith('rollout-') && !places.includes(file.path)) continue
    if (!byName.has(name)) byName.set(name, file)
  }
  return [...byName.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}
