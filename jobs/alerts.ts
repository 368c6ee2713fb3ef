// `debrief alerts`: tells what should be known before the next report, each cause once.
import { alertsCode, runAlerts } from '../pipeline/run/alerts.js'
import { type CommonFlags, runJob } from './job.js'
import { deliveryLine } from './run-result.js'

export async function alerts(flags: CommonFlags & { readonly dryRun?: boolean }): Promise<void> {
  const isDryRun = flags.dryRun === true
  await runJob('alerts', flags, async (ctx) => {
    const result = await runAlerts(ctx, { isDryRun })
    const lines = [...result.alerts.map(({ message }) => message), ...result.deliveries.map(deliveryLine)]
    const nothing = isDryRun ? 'Nothing to tell.' : 'Nothing new to tell.'
    return { text: lines.join('\n') || nothing, json: result, exitCode: alertsCode(result) }
  })
}
