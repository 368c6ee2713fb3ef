// `debrief forget`: says what would go, asks, and removes it for good.
import { createInterface } from 'node:readline/promises'
import { UserError } from '../pipeline/errors.js'
import type { RunContext } from '../pipeline/run/context.js'
import { type ForgetResult, forgetCode, runForget } from '../pipeline/run/forget.js'
import { type CommonFlags, runJob } from './job.js'

export interface ForgetFlags extends CommonFlags {
  readonly project?: string
  readonly session?: string
  readonly from?: string
  readonly until?: string
  readonly yes?: boolean
}

type Selection = Parameters<typeof runForget>[1]['selection']

export async function forget(flags: ForgetFlags): Promise<void> {
  // A journal of this run would name what is to be forgotten.
  const options = { isJournaled: false }
  await runJob(
    'forget',
    flags,
    async (ctx, log) => {
      const selection = readSelection(flags)
      const planned = flags.yes ? null : await runForget(ctx, { selection, isDryRun: true })
      if (planned !== null) {
        const text = planLines(ctx, planned).join('\n')
        if (flags.json || process.stdin.isTTY !== true)
          return {
            text: `${text}\n\nNothing was removed. Add --yes to remove it.`,
            json: toJson(planned, true),
          }
        log.print(text)
        if (!(await isConfirmed())) return { text: 'Nothing was removed.', json: null }
      }
      const result = await runForget(ctx, { selection, isDryRun: false })
      return {
        text: resultLines(result).join('\n'),
        json: toJson(result, false),
        exitCode: forgetCode(result),
      }
    },
    options,
  )
}

function readSelection({ project, session, from, until }: ForgetFlags): Selection {
  const given = [project, session, from ?? until].filter((value) => value !== undefined)
  if (given.length !== 1)
    throw new UserError(
      `expected one of --project, --session, or --from with --until, got ${given.length}`,
      'See debrief forget --help.',
    )
  if (project !== undefined) return { kind: 'project', project }
  if (session !== undefined) return { kind: 'session', sessionId: session }
  if (from === undefined || until === undefined || from > until)
    throw new UserError(
      `expected --from DATE and --until DATE in this order, got ${from ?? 'none'} and ${until ?? 'none'}`,
      'Both dates are included; give the same one twice for a single day.',
    )
  return { kind: 'period', from, until }
}

async function isConfirmed(): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  try {
    return (await terminal.question('Type "forget" to remove it: ')).trim() === 'forget'
  } finally {
    terminal.close()
  }
}

function planLines({ config }: RunContext, { plan }: ForgetResult): string[] {
  const { s3 } = config.publish
  const bucket = s3
    ? `In bucket ${s3.bucket}: what changed is overwritten; under your prefix, what is not in out/ any more is deleted.`
    : 'S3 is not configured (publish.s3): no bucket is looked at.'
  return [
    `Would be forgotten: ${countLine(plan)}.`,
    ...plan.projects.map((project) => `  project ${project}`),
    ...plan.paths.map((path) => `  log file ${path} (stays where it is, and is not read again)`),
    ...(plan.periods.length === 0 ? [] : [`Told anew: ${plan.periods.join(', ')}.`]),
    bucket,
    ...discordLines(plan),
  ]
}

function countLine(plan: ForgetResult['plan']): string {
  const dates = plan.firstDate === null ? '' : `, begun ${plan.firstDate} to ${plan.lastDate}`
  return `${plan.sessionCount} sessions and ${plan.subagentCount} of sub-agents with ${plan.callCount} calls ($${Number(plan.costUsd).toFixed(2)})${dates}`
}

function discordLines({ postedPeriods }: ForgetResult['plan']): string[] {
  if (postedPeriods.length === 0) return []
  return [
    `Messages already in Discord cannot be taken back from here: ${postedPeriods.join(', ')}.`,
    '  `debrief publish --for …` rewrites one, where something is left to report; else delete it there.',
  ]
}

function resultLines({ plan, bucket }: ForgetResult): string[] {
  return [
    `Forgotten: ${countLine(plan)}.`,
    'Ledger, marts, pages and Parquet are without it, and it does not come back with the next sync.',
    bucketLine(bucket),
    ...discordLines(plan),
  ]
}

function bucketLine(bucket: ForgetResult['bucket']): string {
  if (bucket?.status !== 'failed') return `Bucket: ${bucket?.detail ?? 'not looked at'}.`
  return `Bucket: ${bucket.detail}\nIt still holds what was forgotten. Run the same command again, or publish.`
}

function toJson({ plan, bucket }: ForgetResult, isDryRun: boolean): object {
  return { is_dry_run: isDryRun, ...plan, bucket }
}
