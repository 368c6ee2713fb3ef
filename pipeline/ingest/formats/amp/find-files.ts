// A file is named as it may be; in a folder its ending tells metrics from what else lies there.
import { stat } from 'node:fs/promises'
import { findFilesByExtension } from '../../find-files.js'
import type { FoundFile, ReportProblem } from '../format.js'

export async function findMetricsFiles(
  places: readonly string[],
  report: ReportProblem,
): Promise<readonly FoundFile[]> {
  const areFiles = await Promise.all(places.map(isFile))
  const named = places.filter((_, i) => areFiles[i])
  const folders = places.filter((_, i) => !areFiles[i])
  const find = (within: readonly string[], ending: string): Promise<FoundFile[]> =>
    findFilesByExtension(within, ending, () => 'main', report)
  const found = [await find(named, ''), await find(folders, '.jsonl'), await find(folders, '.ndjson')].flat()
  const byPath = new Map(found.map((file) => [file.path, file]))
  return [...byPath.values()].sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** What is missing or cannot be looked at is no file: the walk through the folders says why. */
async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  )
}
