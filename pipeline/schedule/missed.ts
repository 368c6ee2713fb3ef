// Which runs a machine that slept, was off or crashed has to make up for, as the ledger tells.
import { lastCompletePeriod, type Period, type PeriodKind, periodOf } from '../period.js'
import { type DueTimes, dueTimes } from './due-times.js'
import type { CronEntry } from './entries.js'
import { instantsAt } from './local-time.js'
import { type Calendar, type DueRun, dueRun, type PastRun, periodDueAt, periodKindOf } from './runs.js'

/** Older periods are left alone: whoever was away for longer asks for them by name. */
const periodsMadeUp: Readonly<Record<PeriodKind, number>> = { weekly: 5, monthly: 2 }

/** What is known of the past: since when the schedule is kept, and the runs there were. */
export interface History {
  readonly since: Date
  readonly runs: readonly PastRun[]
}

/** Runs of one job that were due and did not come to an end, oldest first; nothing from before the schedule was kept. */
export function missedRuns(
  entry: CronEntry,
  calendar: Calendar,
  history: History,
  now: Date,
  due: DueTimes = dueTimes(entry, calendar.timezone),
): DueRun[] {
  const runs = history.runs.filter((run) => run.job === entry.job)
  if (runs.some(({ isUnderWay }) => isUnderWay)) return []
  const ended = runs.filter(({ endedAt }) => endedAt !== null)
  const hasEndedSince = (dueAt: Date) => ended.some((run) => run.dueAt >= dueAt)
  const kind = periodKindOf(entry.job)
  if (kind === null) {
    const latest = due.latest(history.since, now)
    return latest === null || hasEndedSince(latest) ? [] : [dueRun(entry.job, latest, calendar)]
  }
  const reported = new Set(ended.map((run) => periodDueAt(run.job, run.dueAt, calendar)))
  const periods = lastPeriods(kind, calendar, now)
  return periods.flatMap((period, i) => {
    const latest = latestDueFor(period, due, calendar, history.since, now)
    if (latest === null) return []
    // An earlier period is done once it was reported; the latest again where its job was due again.
    const isDone = i === periods.length - 1 ? hasEndedSince(latest) : reported.has(period.label)
    return isDone ? [] : [dueRun(entry.job, latest, calendar)]
  })
}

/** The complete periods that may be made up for, oldest first. */
export function lastPeriods(kind: PeriodKind, { timezone, week_starts_on }: Calendar, now: Date): Period[] {
  const periods = [lastCompletePeriod(kind, now, timezone, week_starts_on)]
  while (periods.length < periodsMadeUp[kind])
    periods.unshift(periodOf(kind, periods[0]?.previous.startDate ?? '', week_starts_on))
  return periods
}

/** The last time the job was due while this period was the latest complete one. */
function latestDueFor(
  period: Period,
  due: DueTimes,
  { timezone, week_starts_on }: Calendar,
  since: Date,
  now: Date,
): Date | null {
  const next = periodOf(period.kind, period.endDate, week_starts_on)
  const justBefore = (date: string) => (instantsAt(Date.parse(date), timezone)[0] ?? 0) - 1
  const after = Math.max(since.getTime(), justBefore(period.endDate))
  const until = Math.min(now.getTime(), justBefore(next.endDate))
  return until <= after ? null : due.latest(new Date(after), new Date(until))
}
