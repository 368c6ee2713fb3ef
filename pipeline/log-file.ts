// The log on disk: what every run said, as JSON lines in out/logs, turned over by size so that it never fills a disk.
import { appendFileSync, existsSync, mkdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.js'
import { logLine } from './journal.js'

/** At most so many files of about so many bytes: debrief.jsonl is the newest, debrief.4.jsonl the oldest. */
export const logFileCount = 5
export const logFileBytes = 5_000_000

export interface LogFile {
  /** Never throws: a disk that is full or may not be written must not stop what is being logged. */
  append(entry: object): void
}

export function openLogFile(config: Config, maxBytes = logFileBytes): LogFile {
  const { logs } = config.paths
  const current = join(logs, 'debrief.jsonl')
  return {
    append: (entry) => {
      try {
        mkdirSync(logs, { recursive: true, mode: 0o700 })
        const line = logLine(entry, config)
        // Asked anew each time: another command may write the same file, or have turned it over.
        const bytes = existsSync(current) ? statSync(current).size : 0
        if (bytes > 0 && bytes + Buffer.byteLength(line) > maxBytes) turnOver(logs)
        appendFileSync(current, line, { mode: 0o600 })
      } catch {
        // The journal, the terminal and the exit code still say what happened.
      }
    },
  }
}

function turnOver(folder: string): void {
  const nameOf = (number: number) => join(folder, number === 0 ? 'debrief.jsonl' : `debrief.${number}.jsonl`)
  rmSync(nameOf(logFileCount - 1), { force: true })
  for (let number = logFileCount - 2; number >= 0; number -= 1)
    if (existsSync(nameOf(number))) renameSync(nameOf(number), nameOf(number + 1))
}
