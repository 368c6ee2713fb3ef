// `debrief schedule`: keeps the schedule until it is told to stop, or with `--once` runs what is due and ends.
import { setTimeout as wait } from 'node:timers/promises'
import type { Config } from '../pipeline/config.js'
import type { Log } from '../pipeline/log.js'
import type { RunContext } from '../pipeline/run/context.js'
import { readCronEntries } from '../pipeline/schedule/entries.js'
import { keepSchedule, type ScheduleEffects } from '../pipeline/schedule/keep.js'
import { beginRun, endRun, readHistory } from '../pipeline/schedule/ledger-runs.js'
import type { Plan } from '../pipeline/schedule/runs.js'
import { type CommonFlags, runJob } from './job.js'
import { workOff } from './scheduled-work.js'

export type ScheduleFlags = CommonFlags & { readonly once?: boolean }

/** Runs until it is told to stop, and lets the running job finish. */
export async function schedule(flags: ScheduleFlags): Promise<void> {
  const isOnce = flags.once === true
  await runJob(
    'schedule',
    flags,
    async (ctx, log) => {
      const plan = await readPlan(ctx.config)
      if (!isOnce) announce(ctx, plan)
      const stop = isOnce ? new AbortController().signal : stopOnSignal(ctx)
      await keepSchedule(plan, realScheduleEffects(ctx.config, log), { emit: ctx.emit, stop, isOnce })
      return isOnce ? { text: null, json: { stopped: false } } : { text: 'Stopped.', json: { stopped: true } }
    },
    { isJournaled: !isOnce }, // Called every few minutes, it would leave more journals than its jobs.
  )
}

export async function readPlan(config: Config): Promise<Plan> {
  const { timezone, week_starts_on } = config
  return { timezone, week_starts_on, entries: await readCronEntries(config) }
}

function announce(ctx: RunContext, { entries, timezone }: Plan): void {
  for (const { job, expression } of entries)
    ctx.emit({
      step: 'schedule',
      action: 'note',
      subject: job,
      message: `${job} at ${expression} (${timezone})`,
    })
}

/** The first signal ends the schedule after the running job; the second, not caught any more, the process. */
export function stopOnSignal(ctx: RunContext): AbortSignal {
  const stop = new AbortController()
  const signals = ['SIGINT', 'SIGTERM'] as const
  const onSignal = () => {
    for (const signal of signals) process.off(signal, onSignal)
    const message = 'Stopping; what is running finishes first. A second signal stops at once.'
    ctx.emit({ step: 'schedule', action: 'note', message })
    stop.abort()
  }
  for (const signal of signals) process.on(signal, onSignal)
  return stop.signal
}

function realScheduleEffects(config: Config, log: Log): ScheduleEffects {
  const { ledger } = config.paths
  return {
    now: () => new Date(),
    sleep: (ms, signal) => pause(ms, signal),
    readHistory: () => readHistory(ledger, new Date()),
    begin: (run) => beginRun(ledger, run, new Date()),
    end: (run, exitCode) => endRun(ledger, run, new Date(), exitCode),
    work: (run) => workOff(config, log, run),
  }
}

/** Ends early, and without an error, where the signal comes. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await wait(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error
  })
}
