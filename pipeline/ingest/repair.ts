// The second look at a file with lines that DuckDB could not read: recovers their whole objects, rejects the rest.
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs'
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

/** A line that was not read, where DuckDB saw the file. */
export interface UnreadLine {
  /** Among the lines that it saw, from 1. */
  readonly position: number
  /** Bytes of the lines before it, those without a length left out. */
  readonly bytesBefore: number
  /** False where it is no object, so that its length is not known. */
  readonly hasLength: boolean
}

export interface PlacedSpec extends Pick<RepairSpec, 'path' | 'target' | 'isRecord'> {
  readonly sizeBytes: number
  readonly seenLineCount: number
  /** Bytes of all lines, those without a length left out. */
  readonly seenBytes: number
  readonly unread: readonly UnreadLine[]
}

const longestLineBytes = 256 * 1024 * 1024
const byteOrderMark = Buffer.from([0xef, 0xbb, 0xbf])
const writeBytes = 8 * 1024 * 1024
const mostPlacedBytes = 4 * 1024 * 1024
const newline = 10

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

/**
 * The same, reading nothing but these lines, by what is known of those before them; null where it does not add up to
 * the file as it is: blank lines, other line ends, white space.
 */
export function repairPlaced(spec: PlacedSpec): Repaired | null {
  const { path, target, isRecord, sizeBytes, seenLineCount, unread } = spec
  const rejects: Reject[] = []
  let [rejectedLineCount, recoveredCount, furtherCount, unknownBytes] = [0, 0, 0, 0]
  let pending = ''
  const descriptor = openSync(path, 'r')
  try {
    for (const { position, bytesBefore, hasLength } of unread) {
      const line = readLineAt(descriptor, bytesBefore + unknownBytes + position - 1)
      if (line === null) return null
      if (!hasLength) unknownBytes += line.length
      const { objects, problem } = splitObjects(line.toString('utf8'), isRecord)
      if (objects.length === 0) rejectedLineCount += 1
      if (problem !== null) rejects.push({ lineNumber: position, reason: problem })
      recoveredCount += objects.length
      for (const [i, object] of objects.entries()) {
        const ordinal = i === 0 ? position : seenLineCount + 1 + furtherCount++
        pending += `{"ordinal":${ordinal},"line":${position},"object":${object}}\n`
      }
      if (pending.length > writeBytes) return null
    }
    const lineEnds = seenLineCount - (byteAt(descriptor, sizeBytes - 1) === newline ? 0 : 1)
    if (spec.seenBytes + unknownBytes + lineEnds !== sizeBytes) return null
  } finally {
    closeSync(descriptor)
  }
  writeFileSync(target, pending)
  return {
    lineCount: seenLineCount,
    blankLineCount: 0,
    blankLineNumbers: [],
    rejectedLineCount,
    loadedLineCount: seenLineCount - rejectedLineCount,
    objectCount: seenLineCount - unread.length + recoveredCount,
    rejects,
    isAligned: true,
  }
}

/** The line that starts there; null where none does, or one too long to be worth it. */
function readLineAt(descriptor: number, start: number): Buffer | null {
  if (start > 0 && byteAt(descriptor, start - 1) !== newline) return null
  const buffer = Buffer.allocUnsafe(mostPlacedBytes)
  let length = 0
  while (length < mostPlacedBytes) {
    const piece = Math.min(64 * 1024 + length, mostPlacedBytes - length)
    const byteCount = readSync(descriptor, buffer, length, piece, start + length)
    const end = buffer.subarray(0, length + byteCount).indexOf(newline, length)
    length += byteCount
    if (end !== -1) return buffer.subarray(0, end)
    if (byteCount === 0) return buffer.subarray(0, length)
  }
  return null
}

function byteAt(descriptor: number, position: number): number | null {
  const byte = Buffer.alloc(1)
  return readSync(descriptor, byte, 0, 1, position) === 1 ? byte[0]! : null
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
export function* readLines(path: string): Generator<Buffer | null> {
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
