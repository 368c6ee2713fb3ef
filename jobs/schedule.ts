// `debrief schedule`: runs the configured jobs when they are due; jobs that meet queue and never overlap.
import type { Config } from '../pipeline/config.js'
import { type ExitCode, exitCodes, messageOf, UserError } from '../pipeline/errors.js'
import type { Log } from '../pipeline/log.js'
import {
  deliveryCode,
  type RunContext,
  runDebrief,
  runFacets,
  runSnapshot,
  runSync,
} from '../pipeline/run.js'
import { type ScheduledJob, type ScheduleEntry, scheduleEntries } from '../pipeline/schedule.js'
import { type CommonFlags, journaled, runJob } from './job.js'

const work: Readonly<Record<ScheduledJob, (ctx: RunContext) => Promise<ExitCode>>> = {
  sync: (ctx) => runSync(ctx).then(() => exitCodes.done),
  facets: (ctx) => runFacets(ctx, {}).then(() => exitCodes.done),
  snapshot: (ctx) => runSnapshot(ctx).then(() => exitCodes.done),
  weekly: (ctx) => debriefAndPublish(ctx, 'weekly'),
  monthly: (ctx) => debriefAndPublish(ctx, 'monthly'),
}

async function debriefAndPublish(ctx: RunContext, kind: 'weekly' | 'monthly'): Promise<ExitCode> {
  const { publish } = await runDebrief(ctx, { kind, label: undefined, isPublished: true })
  return deliveryCode(publish)
}

/** Runs until it is told to stop, and lets the running job finish. */
export async function schedule(flags: CommonFlags): Promise<void> {
  await runJob('schedule', flags, async (ctx, log) => {
    const entries = await validEntries(ctx.config)
    const queue = createQueue()
    const stop = await startTimers(ctx.config, entries, (job) =>
      queue.add(job, () => runScheduled(ctx, log, job)),
    )
    for (const { job, expression } of entries)
      ctx.emit({
        step: 'schedule',
        action: 'note',
        subject: job,
        message: `${job} at ${expression} (${ctx.config.timezone})`,
      })
    await new Promise<void>((resolve) => {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve)
    })
    ctx.emit({ step: 'schedule', action: 'note', message: 'Stopping; a running job finishes first.' })
    stop()
    await queue.idle()
    return { text: 'Stopped.', json: { stopped: true } }
  })
}

export async function listSchedule(flags: CommonFlags): Promise<void> {
  await runJob(
    'schedule list',
    flags,
    async (ctx) => {
      const cron = await import('node-cron')
      const { timezone } = ctx.config
      const next = (await validEntries(ctx.config)).map(({ job, expression }) => {
        const task = cron.schedule(expression, () => {}, { timezone }) // Only a started task has a next run.
        const due = task.getNextRun()
        task.destroy()
        return { job, expression, next_run_at: due?.toISOString() ?? null }
      })
      const text = next.map(({ job, expression, next_run_at }) =>
        [
          job.padEnd(9),
          expression.padEnd(16),
          next_run_at === null ? 'never' : localTime(next_run_at, timezone),
        ].join('  '),
      )
      return { text: [...text, `Times are in ${timezone}.`].join('\n'), json: next }
    },
    { isJournaled: false },
  )
}

/** Each run has its own journal; one that fails is reported and the schedule goes on. */
async function runScheduled(ctx: RunContext, log: Log, job: ScheduledJob): Promise<void> {
  await journaled(job, ctx.config, log, work[job]).catch((error: unknown) => {
    ctx.emit({ step: 'schedule', action: 'fail', subject: job, message: messageOf(error) })
  })
}

async function validEntries(config: Config): Promise<ScheduleEntry[]> {
  const cron = await import('node-cron')
  const entries = scheduleEntries(config)
  for (const { job, expression } of entries)
    if (!cron.validate(expression))
      throw new UserError(
        `schedule.${job}: expected a cron expression such as "0 6 * * 1", got "${expression}"`,
        `Mend it in ${config.configFile ?? 'debrief.yaml'}.`,
      )
  return entries
}

async function startTimers(
  { timezone }: Config,
  entries: readonly ScheduleEntry[],
  start: (job: ScheduledJob) => void,
): Promise<() => void> {
  const cron = await import('node-cron')
  const tasks = entries.map(({ job, expression }) =>
    cron.schedule(expression, () => start(job), { timezone, name: job, noOverlap: true }),
  )
  return () => {
    for (const task of tasks) task.destroy()
  }
}

interface Queue {
  /** Adds a job, unless it is waiting already: two of the same would do the same. */
  add(name: string, run: () => Promise<void>): void
  idle(): Promise<void>
}

export function createQueue(): Queue {
  const waiting = new Set<string>()
  let last: Promise<void> = Promise.resolve()
  return {
    add: (name, run) => {
      if (waiting.has(name)) return
      waiting.add(name)
      last = last.then(() => {
        waiting.delete(name)
        return run()
      })
    },
    idle: () => last,
  }
}

function localTime(instant: string, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    dateStyle: 'full',
    timeStyle: 'short',
  }).format(new Date(instant))
}
