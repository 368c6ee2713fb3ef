// What each scheduled job does, as a command of its own would: with a journal, and reporting the period it was due for.
import type { Config } from '../pipeline/config.js'
import { type ExitCode, exitCodeOf, exitCodes, messageOf } from '../pipeline/errors.js'
import type { Log } from '../pipeline/log.js'
import { alertsCode, runWatch } from '../pipeline/run/alerts.js'
import { type RunContext, realEffects } from '../pipeline/run/context.js'
import { deliveryCode, runDebrief, runFacets, runSnapshot, snapshotCode } from '../pipeline/run.js'
import { type DueRun, describeRun, periodKindOf } from '../pipeline/schedule/runs.js'
import { journaled } from './job.js'

/** Runs one job in this process; one that fails is reported, and the schedule goes on. */
export async function workOff(config: Config, log: Pick<Log, 'emit'>, run: DueRun): Promise<ExitCode> {
  return journaled(run.job, config, log, (ctx) => doJob(ctx, run)).catch((error: unknown) => {
    log.emit({ step: 'schedule', action: 'fail', subject: describeRun(run), message: messageOf(error) })
    return exitCodeOf(error)
  })
}

/** The same without a journal. */
export async function doJob(ctx: RunContext, run: DueRun, effects = realEffects): Promise<ExitCode> {
  const kind = periodKindOf(run.job)
  if (kind !== null && run.period !== null) {
    const options = { kind, label: run.period, isPublished: true }
    return deliveryCode((await runDebrief(ctx, options, effects)).publish)
  }
  if (run.job === 'sync') return alertsCode(await runWatch(ctx, effects))
  if (run.job === 'facets') await runFacets(ctx, {})
  else return snapshotCode(await runSnapshot(ctx, effects))
  return exitCodes.done
}
