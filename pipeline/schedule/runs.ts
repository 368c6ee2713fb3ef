// What a schedule has to do: runs with the hour they were due at, and the period that this hour means.
import { lastCompletePeriod, type PeriodKind, type WeekStart } from '../period.js'
import type { CronEntry, ScheduledJob } from './entries.js'

/** One run of a job, due at an hour that cron named. */
export interface DueRun {
  readonly job: ScheduledJob
  readonly dueAt: Date
  /** Of weekly and monthly jobs: the period that had just ended when the run was due, whenever it is made. */
  readonly period: string | null
  /** How often its deliveries were tried before. */
  readonly attempt: number
}

/** A run as the ledger remembers it. */
export interface PastRun {
  readonly job: string
  readonly dueAt: Date
  readonly startedAt: Date
  /** Null where it was cut off, or is under way. */
  readonly endedAt: Date | null
  readonly exitCode: number | null
  /** How often its deliveries had been tried before. */
  readonly attempt: number
  /** Whether a process that is still there is at it. */
  readonly isUnderWay: boolean
}

export interface Calendar {
  readonly timezone: string
  readonly week_starts_on: WeekStart
}

/** All that is to be kept: the jobs, and the calendar by which hours mean periods. */
export interface Plan extends Calendar {
  readonly entries: readonly CronEntry[]
}

/** How the periodic jobs count; the others bring everything up to now, whenever they run. */
export function periodKindOf(job: string): PeriodKind | null {
  return job === 'weekly' || job === 'monthly' ? job : null
}

export function dueRun(job: ScheduledJob, dueAt: Date, calendar: Calendar): DueRun {
  return { job, dueAt, period: periodDueAt(job, dueAt, calendar), attempt: 0 }
}

/** The label of the period that a run due at this instant is about; null for jobs without periods. */
export function periodDueAt(job: string, dueAt: Date, { timezone, week_starts_on }: Calendar): string | null {
  const kind = periodKindOf(job)
  return kind === null ? null : lastCompletePeriod(kind, dueAt, timezone, week_starts_on).label
}

/** "weekly 2026-W07" or "sync". */
export function describeRun({
  job,
  period,
}: {
  readonly job: string
  readonly period: string | null
}): string {
  return period === null ? job : `${job} ${period}`
}
