// Which jobs are scheduled and by which cron expression, checked by node-cron.
import type { Config } from '../config.js'
import { messageOf, UserError } from '../errors.js'

export const scheduledJobs = ['sync', 'facets', 'snapshot', 'weekly', 'monthly'] as const
export type ScheduledJob = (typeof scheduledJobs)[number]

export interface ScheduleEntry {
  readonly job: ScheduledJob
  readonly expression: string
}

/** An entry whose expression node-cron has read. */
export interface CronEntry extends ScheduleEntry {
  /** Times of day, in seconds since midnight and in order. */
  readonly secondsOfDay: readonly number[]
  /** Whether it names every hour: such a job is asked to keep a pace, not to meet an hour of the wall clock. */
  readonly isEveryHour: boolean
  /** Whether the expression names this date, YYYY-MM-DD. */
  readonly isOn: (date: string) => boolean
}

/** The jobs that are on. The weekly one runs by default at 06:00 on the day the next week begins. */
export function scheduleEntries({ schedule, week_starts_on }: Config): ScheduleEntry[] {
  const weekly = schedule.weekly ?? `0 6 * * ${week_starts_on === 'monday' ? 1 : 0}`
  return scheduledJobs.flatMap((job) => {
    const expression = job === 'weekly' ? weekly : schedule[job]
    return expression === null ? [] : [{ job, expression }]
  })
}

/** The same, read by node-cron; UserError names the key of one that is no cron expression. */
export async function readCronEntries(config: Config): Promise<CronEntry[]> {
  const cron = await import('node-cron')
  return scheduleEntries(config).map((entry) => {
    try {
      return { ...entry, ...readExpression(cron, entry.expression) }
    } catch (cause) {
      throw new UserError(
        `schedule.${entry.job}: expected a cron expression such as "0 6 * * 1", got "${entry.expression}" (${messageOf(cause)})`,
        `Mend it in ${config.configFile ?? 'debrief.yaml'}.`,
        { cause },
      )
    }
  })
}

type Cron = typeof import('node-cron')

/** Dates are matched in UTC, so that no time zone has a say: what hour of ours that is, due-times.ts tells. */
function readExpression(cron: Cron, expression: string): Omit<CronEntry, 'job' | 'expression'> {
  const { hour, minute, second } = cron.parse(expression)
  const secondsOfDay = hour
    .flatMap((h) => minute.flatMap((m) => second.map((s) => h * 3600 + m * 60 + s)))
    .sort((a, b) => a - b)
  const task = cron.createTask(expression, () => {}, { timezone: 'UTC' })
  const [first = 0] = secondsOfDay
  return {
    secondsOfDay,
    isEveryHour: new Set(hour).size === 24,
    isOn: (date) => task.match(new Date(Date.parse(date) + first * 1000)),
  }
}
