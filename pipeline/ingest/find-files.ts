// Walks folders for log files with their size and time; a place that does not exist holds none.
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { messageOf } from '../errors.js'
import type { FoundFile, ReportProblem } from './formats/format.js'

export async function findFilesByExtension(
  places: readonly string[],
  extension: string,
  kindOf: (path: string) => FoundFile['kind'],
  report: ReportProblem,
): Promise<FoundFile[]> {
  const paths = (await Promise.all(places.map((place) => walk(place, extension, report)))).flat()
  const found = await Promise.all(paths.map((path) => describe(path, kindOf(path), report)))
  return found.filter((file) => file !== null).sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Folder by folder, so that one that cannot be listed stops only itself. */
async function walk(place: string, extension: string, report: ReportProblem): Promise<string[]> {
  if (place.endsWith(extension)) return [place]
  let entries: Dirent[]
  try {
    entries = await readdir(place, { withFileTypes: true })
  } catch (error) {
    if (!isMissing(error)) report(place, messageOf(error))
    return []
  }
  const found = await Promise.all(
    entries.map((entry) => {
      const path = join(place, entry.name)
      if (entry.isDirectory()) return walk(path, extension, report)
      return entry.name.endsWith(extension) ? [path] : []
    }),
  )
  return found.flat()
}

/** The file as it is now, or null where it went away since it was listed, or is no file that can be read. */
async function describe(
  path: string,
  kind: FoundFile['kind'],
  report: ReportProblem,
): Promise<FoundFile | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, kind, sizeBytes: size, modifiedMs: Math.floor(mtimeMs) }
  } catch (error) {
    if (!isMissing(error)) report(path, messageOf(error))
    return null
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
