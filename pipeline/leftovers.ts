// What a command that was cut off left half written: removed by the next one that holds the ledger.
import { existsSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.js'

/** Only for who holds the ledger: what lies there may otherwise be under way. Returns what it removed. */
export function removeLeftovers({
  out,
  ledger,
  parquet,
  warehouse,
  site,
  runs,
  logs,
}: Config['paths']): string[] {
  // A kill between the two renames of a snapshot: the former one is the only one then.
  if (existsSync(`${parquet}.old`) && !existsSync(parquet)) renameSync(`${parquet}.old`, parquet)
  const databases = [`${warehouse}.building`, `${ledger}.rewriting`]
  const whole = [
    ...databases.flatMap((path) => [path, `${path}.wal`, `${path}.tmp`]),
    ...[`${parquet}.old`, `${parquet}.writing`],
    join(out, '.restoring'),
  ].filter((path) => existsSync(path))
  const halfWritten = [
    ...temporaryFiles(site),
    ...temporaryFiles(logs),
    ...temporaryFiles(runs).filter(isOfEndedProcess),
  ]
  const found = [...whole, ...halfWritten]
  for (const path of found) rmSync(path, { recursive: true, force: true })
  return found
}

function temporaryFiles(folder: string): string[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.tmp'))
    .map((path) => join(folder, path))
}

/** A command writes its journal when it has let go of the ledger; the journal's name ends in its process id. */
function isOfEndedProcess(path: string): boolean {
  const pid = Number(/-(\d+)\.json\.tmp$/.exec(path)?.[1] ?? process.pid)
  if (pid === process.pid) return true // In a container every run may have the same one, and ours is not written yet.
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}
