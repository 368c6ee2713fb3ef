// `debrief schedule list`: when each job runs next, how it last ended, and what was missed.
import { existsSync } from 'node:fs'
import type { Config } from '../pipeline/config.js'
import { messageOf } from '../pipeline/errors.js'
import { dueTimes } from '../pipeline/schedule/due-times.js'
import type { CronEntry } from '../pipeline/schedule/entries.js'
import { peekHistory } from '../pipeline/schedule/ledger-runs.js'
import { type History, missedRuns } from '../pipeline/schedule/missed.js'
import { describeRun, type PastRun, type Plan, periodDueAt } from '../pipeline/schedule/runs.js'
import { alignedTable } from './aligned-table.js'
import { type CommonFlags, runJob } from './job.js'
import { readPlan } from './schedule.js'

interface ListedJob {
  readonly job: string
  readonly expression: string
  readonly next_run_at: string | null
  readonly last_run: {
    readonly due_at: string
    readonly started_at: string
    readonly ended_at: string | null
    readonly exit_code: number | null
    readonly period: string | null
    readonly is_running: boolean
  } | null
  readonly missed: readonly { readonly due_at: string; readonly period: string | null }[]
}

export async function listSchedule(flags: CommonFlags): Promise<void> {
  await runJob(
    'schedule list',
    flags,
    async (ctx) => {
      const plan = await readPlan(ctx.config)
      const now = ctx.now()
      const { history, problem } = await readPast(ctx.config, now)
      if (problem !== null) ctx.emit({ step: 'schedule', action: 'warn', message: problem })
      const jobs = plan.entries.map((entry) => listedJob(entry, plan, history, now))
      return { text: listText(jobs, plan.timezone), json: jobs }
    },
    { isJournaled: false },
  )
}

/** Reads and changes nothing. While another command writes, the ledger cannot be read; the times still can be told. */
async function readPast(
  { paths }: Config,
  now: Date,
): Promise<{ readonly history: History; readonly problem: string | null }> {
  const none: History = { since: now, runs: [] }
  if (!existsSync(paths.ledger)) return { history: none, problem: null }
  try {
    return { history: await peekHistory(paths.ledger, now), problem: null }
  } catch (error) {
    return { history: none, problem: whyUnread(messageOf(error)) }
  }
}

function whyUnread(message: string): string {
  if (/lock/i.test(message)) return 'a command is writing the ledger: what ran last can be told when it ends'
  if (/scheduled_runs/.test(message))
    return 'the ledger is of an earlier version: nothing is known of earlier runs'
  return `the ledger cannot be read, so nothing is known of earlier runs: ${message}`
}

function listedJob(entry: CronEntry, plan: Plan, history: History, now: Date): ListedJob {
  const last = history.runs.filter(({ job }) => job === entry.job).at(-1)
  return {
    job: entry.job,
    expression: entry.expression,
    next_run_at: dueTimes(entry, plan.timezone).next(now)?.toISOString() ?? null,
    last_run: last ? listedRun(last, plan) : null,
    missed: missedRuns(entry, plan, history, now).map(({ dueAt, period }) => ({
      due_at: dueAt.toISOString(),
      period,
    })),
  }
}

function listedRun(run: PastRun, plan: Plan): ListedJob['last_run'] {
  return {
    due_at: run.dueAt.toISOString(),
    started_at: run.startedAt.toISOString(),
    ended_at: run.endedAt?.toISOString() ?? null,
    exit_code: run.exitCode,
    period: periodDueAt(run.job, run.dueAt, plan),
    is_running: run.isUnderWay,
  }
}

function listText(jobs: readonly ListedJob[], timezone: string): string {
  const at = (instant: string) => localTime(instant, timezone)
  const rows = jobs.map(({ job, expression, next_run_at, last_run }) => [
    job,
    expression,
    next_run_at === null ? 'never' : at(next_run_at),
    last_run === null ? 'none yet' : `${at(last_run.started_at)}, ${ending(last_run)}`,
  ])
  const missed = jobs.flatMap(({ job, missed: runs }) =>
    runs.map(({ due_at, period }) => `Missed: ${describeRun({ job, period })}, due ${at(due_at)}.`),
  )
  const remedy = missed.length === 0 ? [] : ['It is made up for when `debrief schedule` runs.']
  const table = alignedTable(['job', 'cron', 'next run', 'last run'], rows, 4)
  return [table, ...missed, ...remedy, `Times are in ${timezone}.`].join('\n')
}

const endings: Readonly<Record<number, string>> = {
  0: 'done',
  1: 'failed with a bug',
  2: 'failed',
  3: 'done, but something is still to be delivered',
  4: 'a check failed, nothing was published',
}

function ending({ is_running, exit_code, ended_at }: NonNullable<ListedJob['last_run']>): string {
  if (is_running) return 'running'
  if (ended_at === null) return 'cut off'
  return endings[exit_code ?? 1] ?? `ended with code ${exit_code}`
}

function localTime(instant: string, timezone: string): string {
  return new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    weekday: 'short',
    day: 'numeric',
    month: 'short',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
  }).format(new Date(instant))
}
