// Walks folders for log files with their size and time; a place that does not exist holds none.
import type { Dirent } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { FoundFile } from './formats/format.js'

export async function findFilesByExtension(
  places: readonly string[],
  extension: string,
  kindOf: (path: string) => FoundFile['kind'],
): Promise<FoundFile[]> {
  const paths = (await Promise.all(places.map((place) => walk(place, extension)))).flat()
  const found = await Promise.all(paths.map((path) => describe(path, kindOf(path))))
  return found.filter((file) => file !== null).sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function walk(place: string, extension: string): Promise<string[]> {
  if (place.endsWith(extension)) return [place]
  let entries: Dirent[]
  try {
    entries = await readdir(place, { withFileTypes: true, recursive: true })
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
  return entries
    .filter((entry) => entry.name.endsWith(extension) && !entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))
}

/** The file as it is now, or null where it went away since it was listed. */
async function describe(path: string, kind: FoundFile['kind']): Promise<FoundFile | null> {
  try {
    const { size, mtimeMs } = await stat(path)
    return { path, kind, sizeBytes: size, modifiedMs: Math.floor(mtimeMs) }
  } catch (error) {
    if (isMissing(error)) return null
    throw error
  }
}

function isMissing(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}
