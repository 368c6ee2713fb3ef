// `debrief run weekly|monthly`: the main job; on a machine without logs, the demo instead, and it says so.
import type { Config } from '../pipeline/config.js'
import { UserError } from '../pipeline/errors.js'
import { configuredSources, hasLogs } from '../pipeline/ingest/ingest.js'
import type { RunContext } from '../pipeline/run/context.js'
import { holdsSessions } from '../pipeline/run/with-ledger.js'
import { runDebrief } from '../pipeline/run.js'
import type { PeriodFlags } from './cli.js'
import { demoContext } from './demo.js'
import { runJob } from './job.js'
import { jobResult } from './run-result.js'

export async function run(
  kind: 'weekly' | 'monthly',
  flags: PeriodFlags & { readonly publish?: boolean },
): Promise<void> {
  await runJob(`run ${kind}`, flags, async (ctx) => {
    if (await hasData(ctx)) {
      const isPublished = flags.publish !== false
      return jobResult(ctx, await runDebrief(ctx, { kind, label: flags.for, isPublished }))
    }
    requireUsualPlaces(ctx.config)
    const own = await demoContext(ctx)
    const result = await runDebrief(own, { kind, label: flags.for, isPublished: false })
    const notice = `Its sessions are made up, kept in ${own.config.paths.out}, never published.`
    return jobResult(
      own,
      result,
      `No agent logs were found on this machine: this is the bundled demo.\n${notice}`,
    )
  })
}

async function hasData(ctx: RunContext): Promise<boolean> {
  return (await hasLogs(ctx.config)) || (await holdsSessions(ctx.config))
}

/** Who names places expects their own logs: a demo would only hide that the places are wrong. */
function requireUsualPlaces(config: Config): void {
  if (!config.sources?.some(({ enabled, paths }) => enabled && paths !== null)) return
  const places = configuredSources(config).flatMap((source) => source.places)
  throw new UserError(
    `there are no agent logs at the configured places: ${places.join(', ')}`,
    `Mend sources in ${config.configFile ?? 'debrief.yaml'}, or see made-up sessions with \`debrief demo\`.`,
  )
}
