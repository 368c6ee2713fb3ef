// A JSONL file being written: lines gather in memory and go to disk in large pieces.
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'

const pieceChars = 512 * 1024

export interface LogFile {
  readonly lineCount: number
  readonly byteCount: number
  /** Appends one physical line, as given. */
  write(line: string): void
  close(): void
}

export interface DemoEffects {
  createFile(path: string): LogFile
}

export const diskEffects: DemoEffects = { createFile: createDiskFile }

function createDiskFile(path: string): LogFile {
  mkdirSync(dirname(path), { recursive: true })
  const descriptor = openSync(path, 'w')
  let pending: string[] = []
  let pendingChars = 0
  let lineCount = 0
  let byteCount = 0
  const flush = (): void => {
    byteCount += writeSync(descriptor, pending.join(''))
    pending = []
    pendingChars = 0
  }
  return {
    get lineCount() {
      return lineCount
    },
    get byteCount() {
      return byteCount + pendingChars
    },
    write: (line) => {
      pending.push(line, '\n')
      pendingChars += line.length + 1
      lineCount++
      if (pendingChars > pieceChars) flush()
    },
    close: () => {
      flush()
      closeSync(descriptor)
    },
  }
}

/** A file that was deleted since: what is written to it leaves no trace. */
export function createLostFile(): LogFile {
  return { lineCount: 0, byteCount: 0, write: () => {}, close: () => {} }
}
