// Keeps the schedule: one loop that runs what is due, one job at a time, and makes up for what was missed.
import { type ExitCode, LedgerHeld, messageOf } from '../errors.js'
import type { Emit } from '../events.js'
import { type DueTimes, dueTimes } from './due-times.js'
import { type History, missedRuns } from './missed.js'
import { openRetries, type Retry, retryOf } from './retries.js'
import { type DueRun, describeRun, dueRun, type Plan } from './runs.js'
import { createWaiting, type Waiting, workOf } from './waiting.js'

const minuteMs = 60_000

/** The outside world, which a simulated year replaces. */
export interface ScheduleEffects {
  now(): Date
  /** Ends early where the schedule is stopped. */
  sleep(ms: number, stop: AbortSignal): Promise<void>
  /** What the ledger knows; it begins with the first call. */
  readHistory(): Promise<History>
  /** Writes down that a run begins; false where it has ended before, or another process is at it. */
  begin(run: DueRun): Promise<boolean>
  end(run: DueRun, exitCode: ExitCode): Promise<void>
  /** Does what the job is; what goes wrong is reported and becomes its code. */
  work(run: DueRun): Promise<ExitCode>
}

export interface KeepOptions {
  readonly emit: Emit
  readonly stop: AbortSignal
  /** Runs what was missed and ends, for those who have cron call it. */
  readonly isOnce: boolean
  /** How long it sleeps at most, so that waking up is noticed; by default a minute. */
  readonly longestSleepMs?: number
}

interface Room {
  readonly plan: Plan
  readonly effects: ScheduleEffects
  readonly options: KeepOptions
  readonly due: ReadonlyMap<string, DueTimes>
  readonly waiting: Waiting
  readonly retries: Set<Retry>
}

/** Runs until it is stopped; a job that runs by then comes to its end. */
export async function keepSchedule(
  plan: Plan,
  effects: ScheduleEffects,
  options: KeepOptions,
): Promise<void> {
  const due = new Map(plan.entries.map((entry) => [entry.job, dueTimes(entry, plan.timezone)]))
  const room: Room = { plan, effects, options, due, waiting: createWaiting(), retries: new Set() }
  // Up to when due times were looked at; null where the ledger is to be asked: at first, and after a sleep.
  let seen: Date | null = null
  while (!options.stop.aborted) {
    const now = effects.now()
    try {
      if (seen === null) await addMissed(room, now)
      else if (!options.isOnce) addDue(room, seen, now)
      seen = now
      const run = room.waiting.first()
      if (run !== null) {
        await carryOut(room, run)
        continue
      }
      if (options.isOnce) return
    } catch (error) {
      if (!(error instanceof LedgerHeld)) throw error
      const message = `${messageOf(error)}: what is due waits for it`
      options.emit({ step: 'schedule', action: options.isOnce ? 'note' : 'warn', message })
      if (options.isOnce) return
    }
    if (await sleepsThrough(room, now)) seen = null
  }
}

/** Waits for what is next, at most a minute; true where much more time went by than that: the machine was asleep. */
async function sleepsThrough({ due, effects, options, waiting, retries }: Room, now: Date): Promise<boolean> {
  const next = [...due.values()].flatMap((times) => times.next(now)?.getTime() ?? [])
  const soonest = Math.min(...next, ...[...retries].map(({ at }) => at.getTime()))
  const pauseMs =
    waiting.first() === null
      ? Math.min(options.longestSleepMs ?? minuteMs, soonest - now.getTime())
      : minuteMs
  await effects.sleep(Math.max(pauseMs, 0), options.stop)
  const passedMs = effects.now().getTime() - now.getTime()
  return passedMs < 0 || passedMs > pauseMs + minuteMs // Also where the clock was set back.
}

async function addMissed(room: Room, now: Date): Promise<void> {
  const { plan, effects, options, due, waiting, retries } = room
  const history = await effects.readHistory()
  for (const entry of plan.entries)
    for (const run of missedRuns(entry, plan, history, now, due.get(entry.job))) {
      waiting.add(run)
      if (options.isOnce || isFresh(run, now)) continue
      const message = `${describeRun(run)} was missed and is made up for`
      options.emit({ step: 'schedule', action: 'note', subject: run.job, message })
    }
  retries.clear()
  for (const retry of openRetries(history, plan, now)) retries.add(retry)
  addRetries(room, now)
}

function isFresh({ dueAt }: DueRun, now: Date): boolean {
  return now.getTime() - dueAt.getTime() < minuteMs
}

function addDue(room: Room, after: Date, until: Date): void {
  const { plan, due, waiting } = room
  for (const { job } of plan.entries)
    for (const dueAt of due.get(job)?.between(after, until) ?? []) waiting.add(dueRun(job, dueAt, plan))
  addRetries(room, until)
}

function addRetries({ waiting, retries }: Room, until: Date): void {
  for (const retry of retries) {
    if (retry.at > until) continue
    if (!waiting.has(retry.run)) waiting.add(retry.run)
    retries.delete(retry)
  }
}

async function carryOut({ effects, options, waiting, retries }: Room, run: DueRun): Promise<void> {
  const isOurs = await effects.begin(run)
  waiting.remove(run)
  if (!isOurs) return
  const exitCode = await effects.work(run)
  await writeEnd({ effects, options }, run, exitCode)
  for (const other of retries) if (workOf(other.run) === workOf(run)) retries.delete(other)
  const retry = retryOf(run, exitCode, effects.now())
  if (retry === null) return
  retries.add(retry)
  const minutes = Math.round((retry.at.getTime() - effects.now().getTime()) / minuteMs)
  const message = `${describeRun(run)} is not delivered yet; it is tried again in ${minutes} minutes`
  options.emit({ step: 'schedule', action: 'note', subject: run.job, message })
}

/** Another command may have begun to write in the meantime: without its end the run would be made again. */
async function writeEnd(
  { effects, options }: Pick<Room, 'effects' | 'options'>,
  run: DueRun,
  exitCode: ExitCode,
): Promise<void> {
  for (;;) {
    try {
      return await effects.end(run, exitCode)
    } catch (error) {
      if (!(error instanceof LedgerHeld) || options.stop.aborted) throw error
      await effects.sleep(minuteMs, options.stop)
    }
  }
}
