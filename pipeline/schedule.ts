// When the jobs of the configuration are due, all in its time zone.
import type { Config } from './config.js'

export const scheduledJobs = ['sync', 'facets', 'snapshot', 'weekly', 'monthly'] as const
export type ScheduledJob = (typeof scheduledJobs)[number]

export interface ScheduleEntry {
  readonly job: ScheduledJob
  readonly expression: string
}

/** The jobs that are on. The weekly one runs by default at 06:00 on the day the next week begins. */
export function scheduleEntries({ schedule, week_starts_on }: Config): ScheduleEntry[] {
  const weekly = schedule.weekly ?? `0 6 * * ${week_starts_on === 'monday' ? 1 : 0}`
  return scheduledJobs.flatMap((job) => {
    const expression = job === 'weekly' ? weekly : schedule[job]
    return expression === null ? [] : [{ job, expression }]
  })
}
