// The slow second look at a file that DuckDB could not read whole: recovers every object, rejects the rest by line.

import { once } from 'node:events'
import { createReadStream, createWriteStream } from 'node:fs'
import { type JsonObject, type SplitLine, splitObjects } from './split-objects.js'

export interface Reject {
  readonly lineNumber: number
  readonly reason: string
}

export interface Repaired {
  readonly lineCount: number
  readonly loadedLineCount: number
  readonly blankLineCount: number
  readonly rejectedLineCount: number
  readonly objectCount: number
  readonly rejects: readonly Reject[]
}

const longestLineBytes = 256 * 1024 * 1024

/** Writes the whole objects of `path` to `target`, one a line, and says what each line came to. */
export async function repairFile(
  path: string,
  target: string,
  isRecord: (object: JsonObject) => boolean,
): Promise<Repaired> {
  const output = createWriteStream(target)
  const rejects: Reject[] = []
  let [lineCount, loadedLineCount, blankLineCount, rejectedLineCount, objectCount] = [0, 0, 0, 0, 0]
  for await (const line of readLines(path)) {
    lineCount += 1
    const { objects, problem } = readLine(line, lineCount, isRecord)
    if (problem === null && objects.length === 0) blankLineCount += 1
    else if (objects.length === 0) rejectedLineCount += 1
    else loadedLineCount += 1
    if (problem !== null) rejects.push({ lineNumber: lineCount, reason: problem })
    for (const object of objects) {
      objectCount += 1
      if (!output.write(`${object}\n`)) await once(output, 'drain')
    }
  }
  output.end()
  await once(output, 'close')
  return { lineCount, loadedLineCount, blankLineCount, rejectedLineCount, objectCount, rejects }
}

function readLine(
  line: Buffer | null,
  lineNumber: number,
  isRecord: (object: JsonObject) => boolean,
): SplitLine {
  if (line === null) return { objects: [], problem: `expected a line of at most ${longestLineBytes} bytes` }
  const text = line.toString('utf8')
  return splitObjects(lineNumber === 1 ? text.replace(/^\uFEFF/, '') : text, isRecord)
}

/** The lines of a file as bytes, without their line ends; null for one too long to hold. */
async function* readLines(path: string): AsyncGenerator<Buffer | null> {
  let pieces: Buffer[] = []
  let pendingBytes = 0
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) {
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      pieces.push(chunk.subarray(start, end))
      yield pendingBytes + end - start > longestLineBytes ? null : Buffer.concat(pieces)
      pieces = []
      pendingBytes = 0
      start = end + 1
    }
    pendingBytes += chunk.length - start
    if (pendingBytes <= longestLineBytes) pieces.push(chunk.subarray(start))
  }
  if (pendingBytes > 0) yield pendingBytes > longestLineBytes ? null : Buffer.concat(pieces)
}
