// `debrief publish`: sends what is rendered, once.
import { deliveryCode, runPublish } from '../pipeline/run.js'
import type { PeriodFlags } from './cli.js'
import { runJob } from './job.js'
import { deliveryLine } from './run-result.js'

export async function publish(
  flags: PeriodFlags & { readonly dryRun?: boolean; readonly repost?: boolean },
): Promise<void> {
  await runJob('publish', flags, async (ctx) => {
    const result = await runPublish(ctx, {
      kind: flags.for !== undefined && /^\d{4}-\d{2}$/.test(flags.for) ? 'monthly' : 'weekly',
      label: flags.for,
      isDryRun: flags.dryRun === true,
      isRepost: flags.repost === true,
    })
    return {
      text: result.deliveries.map(deliveryLine).join('\n'),
      json: result,
      exitCode: deliveryCode(result),
    }
  })
}
