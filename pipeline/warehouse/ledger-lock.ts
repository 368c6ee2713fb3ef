// The ledger has one writer: who holds it says so in a file beside it, and another command waits a while.
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { setTimeout as sleepMs } from 'node:timers/promises'
import { LedgerHeld, messageOf } from '../errors.js'

export interface LedgerOwner {
  readonly command: string
  readonly runId: string
  readonly pid: number
  readonly since: string
}

export interface WaitOptions {
  readonly timeoutMs: number
  /** Told once, after two seconds, who is waited for. */
  readonly onWait: (holder: string) => void
}

const saysAfterMs = 2000
const looksEveryMs = 200

/** Tries until nobody else holds the database; the lock itself is the operating system's, and ends with its process. */
export async function openWhenFree<T>(path: string, open: () => Promise<T>, wait?: WaitOptions): Promise<T> {
  const startedAt = performance.now()
  let hasSaid = false
  for (;;) {
    try {
      return await open()
    } catch (error) {
      if (!isLocked(error)) throw error
      const waitedMs = performance.now() - startedAt
      const holder = holderOf(path, messageOf(error))
      if (waitedMs >= (wait?.timeoutMs ?? 0))
        throw new LedgerHeld(
          `another debrief command is writing ${path}: ${holder}`,
          'Wait for it to end, then try again.',
          { cause: error },
        )
      if (!hasSaid && waitedMs >= saysAfterMs) {
        hasSaid = true
        wait?.onWait(holder)
      }
      await sleepMs(looksEveryMs)
    }
  }
}

export function isLocked(error: unknown): boolean {
  return /could not set lock|conflicting lock/i.test(messageOf(error))
}

/** The owner file may be of an earlier command that was killed: DuckDB's own message has the process that counts. */
function holderOf(path: string, message: string): string {
  const pid = Number(/\(PID (\d+)\)/.exec(message)?.[1] ?? Number.NaN)
  const owner = readOwner(path)
  if (owner !== null && (Number.isNaN(pid) || owner.pid === pid))
    return `\`debrief ${owner.command}\` since ${owner.since} (process ${owner.pid}, run ${owner.runId})`
  return Number.isNaN(pid) ? 'a process that does not say which' : `process ${pid}`
}

const ownerFile = (path: string): string => `${path}.owner`

export function writeOwner(path: string, { command, runId }: Pick<LedgerOwner, 'command' | 'runId'>): void {
  const owner: LedgerOwner = { command, runId, pid: process.pid, since: new Date().toISOString() }
  writeFileSync(ownerFile(path), JSON.stringify(owner), { mode: 0o600 })
}

export function removeOwner(path: string): void {
  rmSync(ownerFile(path), { force: true })
}

function readOwner(path: string): LedgerOwner | null {
  try {
    return JSON.parse(readFileSync(ownerFile(path), 'utf8')) as LedgerOwner
  } catch {
    return null
  }
}
