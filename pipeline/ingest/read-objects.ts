// The objects of a log's files, one after the other, whatever else its lines hold.
import { readFileSync } from 'node:fs'
import type { Fields, LogObject } from './formats/entries.js'
import type { EntryFormat } from './formats/format.js'
import { type LineCounts, type Reject, readLines } from './repair.js'
import { splitObjects } from './split-objects.js'

export interface ObjectsRead extends LineCounts {
  readonly rejects: readonly Reject[]
}

/** Takes an object; the reason where it cannot be used. */
export type TakeObject = (object: LogObject) => string | null

/**
 * Gives each whole object of the files to `take`, in order. Lines are counted on through all files of a log; where
 * these are several, a reason begins with the file's place below their common folder.
 */
export function readObjects(
  format: Pick<EntryFormat, 'layoutOf' | 'isRecord'>,
  members: readonly string[],
  take: TakeObject,
): ObjectsRead {
  const counts = { lineCount: 0, loadedLineCount: 0, blankLineCount: 0, rejectedLineCount: 0, objectCount: 0 }
  const rejects: Reject[] = []
  const folder = commonFolder(members)
  for (const path of members) {
    const lines = format.layoutOf(path) === 'lines' ? readLines(path) : [readFileSync(path)]
    const place = members.length > 1 ? `${path.slice(folder.length)}: ` : ''
    let lineNumber = 0
    for (const line of lines) {
      lineNumber += 1
      counts.lineCount += 1
      const text = line === null ? null : line.toString('utf8').replace(/^\uFEFF/, '')
      if (text !== null && text.trim() === '') {
        counts.blankLineCount += 1
        continue
      }
      const { objects, problem } =
        text === null
          ? { objects: [], problem: 'expected a line of at most 256 MB' }
          : splitObjects(text, format.isRecord)
      const reasons = problem === null ? [] : [problem]
      let loaded = 0
      for (const object of objects) {
        const reason = take({ path, lineNumber, fields: JSON.parse(object) as Fields })
        if (reason === null) loaded += 1
        else reasons.push(reason)
      }
      counts.objectCount += loaded
      counts[loaded > 0 ? 'loadedLineCount' : 'rejectedLineCount'] += 1
      for (const reason of reasons) rejects.push({ lineNumber: counts.lineCount, reason: place + reason })
    }
  }
  return { ...counts, rejects }
}

function commonFolder(paths: readonly string[]): string {
  let folder = (paths[0] ?? '').replace(/[^\\/]*$/, '')
  while (!paths.every((path) => path.startsWith(folder))) folder = folder.replace(/[^\\/]*[\\/]$/, '')
  return folder
}
