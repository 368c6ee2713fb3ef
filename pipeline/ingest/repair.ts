// The second look at a file with lines that DuckDB could not read: recovers their whole objects, rejects the rest.
import { closeSync, openSync, readSync } from 'node:fs'
import { appendFile, writeFile } from 'node:fs/promises'
import { type JsonObject, splitObjects } from './split-objects.js'

export interface Reject {
  readonly lineNumber: number
  readonly reason: string
}

export interface LineCounts {
  readonly lineCount: number
  readonly loadedLineCount: number
  readonly blankLineCount: number
  readonly rejectedLineCount: number
  readonly objectCount: number
}

export interface Repaired extends LineCounts {
  readonly rejects: readonly Reject[]
  readonly blankLineNumbers: readonly number[]
  /** False where the lines do not match what DuckDB saw; then only a look at every line is right. */
  readonly isAligned: boolean
}

export interface RepairSpec {
  readonly path: string
  /** Where the recovered objects go, one a line, each as {"ordinal": …, "line": …, "object": …}. */
  readonly target: string
  /** Which lines to look into, as positions among the lines that are not blank, from 1; or all of them. */
  readonly suspects: ReadonlySet<number> | 'all'
  /** How many lines DuckDB saw, where it saw the file. */
  readonly seenLineCount: number | null
  isRecord(object: JsonObject): boolean
}

const longestLineBytes = 256 * 1024 * 1024
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const writeBytes = 8 * 1024 * 1024

/** Looks into the suspect lines and says what each line of the file came to. */
export async function repairFile(spec: RepairSpec): Promise<Repaired> {
  const { path, target, suspects, seenLineCount, isRecord } = spec
  const rejects: Reject[] = []
  const blankLineNumbers: number[] = []
  let [lineCount, rejectedLineCount, recoveredCount, furtherCount] = [0, 0, 0, 0, 0]
  const firstFurther = suspects === 'all' ? 1 : (seenLineCount ?? 0) + 1
  let pending = ''
  await writeFile(target, '')
  for (const logged of readLines(path)) {
    lineCount += 1
    const line = lineCount === 1 ? withoutByteOrderMark(logged) : logged
    if (line !== null && isBlank(line)) blankLineNumbers.push(lineCount)
    else if (suspects === 'all' || suspects.has(lineCount - blankLineNumbers.length)) {
      const { objects, problem } = readLine(line, isRecord)
      if (objects.length === 0) rejectedLineCount += 1
      if (problem !== null) rejects.push({ lineNumber: lineCount, reason: problem })
      recoveredCount += objects.length
      for (const [i, object] of objects.entries()) {
        // The first of a line has the line's place; those glued to it come after all that the file was seen to hold.
        const isFirst = suspects !== 'all' && i === 0
        const ordinal = isFirst ? lineCount - blankLineNumbers.length : firstFurther + furtherCount++
        pending += `{"ordinal":${ordinal},"line":${lineCount},"object":${object}}\n`
      }
      if (pending.length > writeBytes) {
        await appendFile(target, pending)
        pending = ''
      }
    }
  }
  await appendFile(target, pending)
  const filledCount = lineCount - blankLineNumbers.length
  const untouchedCount = suspects === 'all' ? 0 : filledCount - suspects.size
  return {
    lineCount,
    blankLineCount: blankLineNumbers.length,
    blankLineNumbers,
    rejectedLineCount,
    loadedLineCount: filledCount - rejectedLineCount,
    objectCount: untouchedCount + recoveredCount,
    rejects,
    isAligned: suspects === 'all' || seenLineCount === filledCount,
  }
}

function readLine(
  line: Buffer | null,
  isRecord: (object: JsonObject) => boolean,
): ReturnType<typeof splitObjects> {
  if (line === null) return { objects: [], problem: `expected a line of at most ${longestLineBytes} bytes` }
  return splitObjects(line.toString('utf8'), isRecord)
}

function withoutByteOrderMark(line: Buffer | null): Buffer | null {
  return line?.subarray(0, 3).equals(byteOrderMark) ? line.subarray(3) : line
}

function isBlank(line: Buffer): boolean {
  for (const byte of line) if (byte !== 32 && byte !== 9 && byte !== 13) return false
  return true
}

/** The lines of a file as bytes, without their line ends; null for one too long to hold. Waiting on each costs more. */
function* readLines(path: string): Generator<Buffer | null> {
  let pieces: Buffer[] = []
  let pendingBytes = 0
  for (const chunk of readChunks(path)) {
    let start = 0
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      const tail = chunk.subarray(start, end)
      if (pendingBytes + tail.length > longestLineBytes) yield null
      else yield pieces.length === 0 ? tail : Buffer.concat([...pieces, tail])
      pieces = []
      pendingBytes = 0
      start = end + 1
    }
    pendingBytes += chunk.length - start
    if (pendingBytes <= longestLineBytes) pieces.push(chunk.subarray(start))
  }
  if (pendingBytes > 0) yield pendingBytes > longestLineBytes ? null : Buffer.concat(pieces)
}

function* readChunks(path: string): Generator<Buffer> {
  const descriptor = openSync(path, 'r')
  try {
    for (;;) {
      const chunk = Buffer.allocUnsafe(1 << 20)
      const byteCount = readSync(descriptor, chunk)
      if (byteCount === 0) return
      yield chunk.subarray(0, byteCount)
    }
  } finally {
    closeSync(descriptor)
  }
}
