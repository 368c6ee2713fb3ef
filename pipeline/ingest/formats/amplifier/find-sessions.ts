// Finds sessions: a folder each, with one or more of events.jsonl, transcript.jsonl and metadata.json.
import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { findFilesByExtension } from '../../find-files.js'
import type { FoundFile, ReportProblem } from '../format.js'
import { parentInName } from './lineage.js'

/** Where a second logger keeps the same events in another wrapping. */
const secondFolder = 'context-intelligence'

/** Of these, the first that is there is the log's path. */
const logFiles = ['events.jsonl', join(secondFolder, 'events.jsonl'), 'transcript.jsonl']

export async function findSessions(
  places: readonly string[],
  report: ReportProblem,
): Promise<readonly FoundFile[]> {
  const files = await findFilesByExtension(places, '.jsonl', () => 'main', report)
  const folders = new Set(files.filter(isLogFile).map((file) => sessionFolder(file.path)))
  return [...folders].flatMap((folder) => describeSession(folder, report) ?? [])
}

/** Metadata come first, as they say whose the lines are; the transcript is known before the events that it completes. */
export async function membersOf(path: string): Promise<readonly string[]> {
  return sessionMembers(sessionFolder(path))
}

/** The folder that a session's file lies in, also where it is the second logger's. */
export function sessionFolder(path: string): string {
  const folder = dirname(path)
  return basename(folder) === secondFolder ? dirname(folder) : folder
}

function sessionMembers(folder: string): string[] {
  const first = join(folder, 'events.jsonl')
  const second = join(folder, secondFolder, 'events.jsonl')
  const events = sizeOf(first) > 0 || !existsSync(second) ? [first] : [second]
  const secondMetadata = events[0] === second ? [join(folder, secondFolder, 'metadata.json')] : []
  const members = [
    join(folder, 'metadata.json'),
    ...secondMetadata,
    join(folder, 'transcript.jsonl'),
    ...events,
  ]
  return members.filter((path) => existsSync(path))
}

function isLogFile(file: FoundFile): boolean {
  return logFiles.includes(file.path.slice(sessionFolder(file.path).length + 1))
}

function describeSession(folder: string, report: ReportProblem): FoundFile | null {
  const path = logFiles.map((name) => join(folder, name)).find((candidate) => existsSync(candidate))
  if (path === undefined) return null
  const kind = parentInName(basename(folder)) === null ? 'main' : 'subagent'
  try {
    const members = sessionMembers(folder)
    const stats = members.map((member) => statSync(member))
    return {
      path,
      fullerPaths: logFiles
        .map((name) => join(folder, name))
        .slice(
          0,
          logFiles.findIndex((name) => path === join(folder, name)),
        ),
      kind,
      sizeBytes: stats.reduce((sum, { size }) => sum + size, 0),
      modifiedMs: Math.floor(Math.max(...stats.map(({ mtimeMs }) => mtimeMs))),
      members,
    }
  } catch (error) {
    report(folder, error instanceof Error ? error.message : String(error))
    return null
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}
