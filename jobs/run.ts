// `debrief run weekly|monthly`: the main job; on a machine without logs, the demo instead, and it says so.
import { existsSync } from 'node:fs'
import { hasLogs } from '../pipeline/ingest/ingest.js'
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
    const isDemo = !existsSync(ctx.config.paths.ledger) && !(await hasLogs(ctx.config))
    const own = isDemo ? await demoContext(ctx) : ctx
    const result = await runDebrief(own, { kind, label: flags.for, isPublished: flags.publish !== false })
    return jobResult(own, result, isDemo)
  })
}
