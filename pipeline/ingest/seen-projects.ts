// In which git repositories agents worked lately, by a look at the beginnings of their newest logs: for `debrief init`.
import { open } from 'node:fs/promises'
import type { Config } from '../config.js'
import { formats } from './formats/registry.js'
import { findRepositoryRoot } from './repositories.js'
import { sourceSpecs } from './source-specs.js'

export interface SeenProject {
  readonly path: string
  readonly log_count: number
}

const newestCount = 200
const beginningBytes = 64 * 1024

/** Most logs first. What cannot be read is left out here; `doctor` and `sync` say what that is. */
export async function findSeenProjects(config: Config): Promise<SeenProject[]> {
  const counts = new Map<string, number>()
  for (const path of await newestLogs(config)) {
    const directory = await workingDirectoryIn(path)
    const root = directory === null ? null : await findRepositoryRoot(directory, config.home)
    if (root !== null) counts.set(root, (counts.get(root) ?? 0) + 1)
  }
  return [...counts]
    .map(([path, log_count]) => ({ path, log_count }))
    .sort((a, b) => b.log_count - a.log_count || (a.path < b.path ? -1 : 1))
}

async function newestLogs(config: Config): Promise<string[]> {
  const found = await Promise.all(
    sourceSpecs(config)
      .filter(({ enabled }) => enabled)
      .map(async ({ source, paths }) => {
        const places = paths ?? formats[source].usualPlaces(config)
        return formats[source].findFiles(places, () => {}).catch(() => [])
      }),
  )
  return found
    .flat()
    .filter(({ kind }) => kind === 'main')
    .sort((a, b) => b.modifiedMs - a.modifiedMs || (a.path < b.path ? -1 : 1))
    .slice(0, newestCount)
    .map(({ path }) => path)
}

/** The first directory that a log names, under the keys that agents use for it. */
async function workingDirectoryIn(path: string): Promise<string | null> {
  try {
    const file = await open(path)
    try {
      const { buffer, bytesRead } = await file.read(Buffer.alloc(beginningBytes), 0, beginningBytes, 0)
      const text = buffer.toString('utf8', 0, bytesRead)
      const quoted = /"(?:cwd|working_dir|directory)"\s*:\s*("(?:[^"\\]|\\.)*")/.exec(text)?.[1]
      return quoted === undefined ? null : (JSON.parse(quoted) as string)
    } finally {
      await file.close()
    }
  } catch {
    return null
  }
}
