// The schedule's memory: state.scheduled_runs in the ledger, which is opened for a moment only.
import type { ExitCode } from '../errors.js'
import { type Database, inTransaction, openDatabase } from '../warehouse/db.js'
import { openLedger } from '../warehouse/ledger.js'
import type { History } from './missed.js'
import type { DueRun, PastRun } from './runs.js'

/** Its row says since when the schedule is kept, and which process keeps it. */
const scheduleItself = 'schedule'
/** A process with the number of one that died long ago is another one. */
const longestRunMs = 6 * 3_600_000
/** Longer than anything is made up for. */
const rememberedDays = 100

interface RunRow {
  readonly job: string
  readonly due_at: string
  readonly started_at: string
  readonly ended_at: string | null
  readonly exit_code: number | null
  readonly process_id: number | null
  readonly attempt: number | null
}

/** Which processes are at work, as the system says. */
export interface Processes {
  readonly own: number
  isAlive(processId: number): boolean
}

export const realProcesses: Processes = {
  own: process.pid,
  isAlive: (processId) => {
    try {
      return process.kill(processId, 0)
    } catch (error) {
      return (error as NodeJS.ErrnoException).code === 'EPERM'
    }
  },
}

/** What the ledger at this path knows; the first time, it writes down that the schedule is kept from now on. */
export async function readHistory(
  path: string,
  now: Date,
  processes: Processes = realProcesses,
): Promise<History> {
  return withLedger(path, async (ledger) => {
    await ledger.run(
      `insert into state.scheduled_runs values (?, ?::timestamp, ?::timestamp, ?::timestamp, 0, ?, 0)
       on conflict do update set process_id = excluded.process_id`,
      [scheduleItself, beginning, now.toISOString(), now.toISOString(), processes.own],
    )
    return selectHistory(ledger, now, processes)
  })
}

const beginning = '1970-01-01T00:00:00Z'

/** As above, without writing anything; fails while another command writes. */
export async function peekHistory(path: string, now: Date): Promise<History> {
  const ledger = await openDatabase(path, { readOnly: true })
  try {
    return await selectHistory(ledger, now, realProcesses)
  } finally {
    ledger.close()
  }
}

/** Nothing was missed where nothing was kept. */
async function selectHistory(ledger: Database, now: Date, processes: Processes): Promise<History> {
  const rows = await ledger.rows<RunRow>(
    `select * from state.scheduled_runs where job = ? or due_at > ?::timestamp - interval ${rememberedDays} day
     order by due_at, job`,
    [scheduleItself, now.toISOString()],
  )
  const runs = rows
    .filter(({ job }) => job !== scheduleItself)
    .map((row): PastRun => {
      const isUnderWay = isAtWork(row, now, processes)
      return {
        job: row.job,
        dueAt: new Date(row.due_at),
        startedAt: new Date(row.started_at),
        endedAt: row.ended_at === null ? null : new Date(row.ended_at),
        exitCode: row.exit_code,
        attempt: row.attempt ?? 0,
        isUnderWay,
      }
    })
  const first = rows.find(({ job }) => job === scheduleItself)
  return { since: first ? new Date(first.started_at) : now, runs }
}

/** Writes that a run begins; false where it has come to an end before, or another process is at it. */
export async function beginRun(
  path: string,
  run: DueRun,
  now: Date,
  processes: Processes = realProcesses,
): Promise<boolean> {
  return withLedger(path, (ledger) =>
    inTransaction(ledger, async () => {
      const key = [run.job, run.dueAt.toISOString()]
      const [before] = await ledger.rows<RunRow>(
        'select * from state.scheduled_runs where job = ? and due_at = ?::timestamp',
        key,
      )
      if (before && isAtWork(before, now, processes)) return false
      if (before && before.ended_at !== null && run.attempt === 0) return false
      await ledger.run(
        'insert or replace into state.scheduled_runs values (?, ?::timestamp, ?::timestamp, null, null, ?, ?)',
        [...key, now.toISOString(), processes.own, run.attempt],
      )
      return true
    }),
  )
}

export async function endRun(path: string, run: DueRun, now: Date, exitCode: ExitCode): Promise<void> {
  await withLedger(path, (ledger) =>
    ledger.run(
      `update state.scheduled_runs set ended_at = ?::timestamp, exit_code = ?
       where job = ? and due_at = ?::timestamp`,
      [now.toISOString(), exitCode, run.job, run.dueAt.toISOString()],
    ),
  )
}

/** A run that another process, alive, began not long ago; a row of this process that has no end was cut off. */
function isAtWork(row: RunRow, now: Date, { own, isAlive }: Processes): boolean {
  if (row.ended_at !== null || row.process_id === null || row.process_id === own) return false
  return now.getTime() - Date.parse(row.started_at) < longestRunMs && isAlive(row.process_id)
}

async function withLedger<T>(path: string, use: (ledger: Database) => Promise<T>): Promise<T> {
  const ledger = await openLedger(path)
  try {
    return await use(ledger)
  } finally {
    ledger.close()
  }
}
