// When a report that could not be delivered is tried again: as the ledger tells, so that no restart forgets it.
import { exitCodes } from '../errors.js'
import { type History, lastPeriods } from './missed.js'
import { type Calendar, type DueRun, periodDueAt, periodKindOf } from './runs.js'

const minuteMs = 60_000
/** A machine that wakes up has no network for a while: what could not be delivered is tried again after these. */
const delaysMs = [10, 60, 240, 720].map((minutes) => minutes * minuteMs)

export interface Retry {
  readonly run: DueRun
  readonly at: Date
}

/** Null where there is nothing to try again, or it was tried often enough: the next run of its job completes it. */
export function retryOf(run: DueRun, exitCode: number | null, endedAt: Date): Retry | null {
  const delayMs = delaysMs[run.attempt]
  if (exitCode !== exitCodes.undelivered || run.period === null || delayMs === undefined) return null
  return { run: { ...run, attempt: run.attempt + 1 }, at: new Date(endedAt.getTime() + delayMs) }
}

/** Those that are still to come, or should have been made while nobody was there. */
export function openRetries({ runs }: History, calendar: Calendar, now: Date): Retry[] {
  return runs.flatMap((past) => {
    const job = periodKindOf(past.job)
    if (job === null || past.endedAt === null) return []
    const period = periodDueAt(job, past.dueAt, calendar)
    const isReachable = lastPeriods(job, calendar, now).some(({ label }) => label === period)
    const isRepeated = runs.some(
      (later) =>
        later.job === job && later.dueAt > past.dueAt && periodDueAt(job, later.dueAt, calendar) === period,
    )
    if (!isReachable || isRepeated) return []
    const { dueAt, attempt, exitCode, endedAt } = past
    return retryOf({ job, dueAt, period, attempt }, exitCode, endedAt) ?? []
  })
}
