// One period sent out: what was removed is withdrawn first, and links that would expire are renewed after.
import { holdsAnyOf, type Period } from '../period.js'
import type { PublishEffects } from '../publish/effects.js'
import type { PublishResult } from '../publish/publish.js'
import { publish, readActiveDates, renewMessages } from '../stages.js'
import { buildWarehouse } from '../warehouse/build.js'
import type { Database } from '../warehouse/db.js'
import type { RunContext } from './context.js'
import { withdraw } from './removals.js'

/** A digest of nothing would be noise: a period without a session stays here, until `publish` is asked for it by name. */
export async function publishUnlessEmpty(
  ctx: RunContext,
  ledger: Database,
  period: Period,
  effects: PublishEffects,
): Promise<PublishResult> {
  const dates = await readActiveDates(ctx.config)
  if (holdsAnyOf(dates, period)) return publishPeriod(ctx, ledger, period, {}, effects)
  const message = `holds no session, so that nothing is sent; debrief publish --for ${period.label} sends it all the same`
  ctx.emit({ step: 'publish', action: 'note', subject: period.label, message })
  return { deliveries: [], isComplete: true }
}

/** Deliveries change the marts too; the next build takes them in at once. */
export async function publishPeriod(
  ctx: RunContext,
  ledger: Database,
  { kind, label }: Period,
  { repost = false }: { readonly repost?: boolean },
  effects: PublishEffects,
): Promise<PublishResult> {
  const pending = await ledger.rows('select 1 from state.removals where not is_withdrawn limit 1')
  if (pending.length > 0 && ctx.config.publish.s3) {
    const { status, detail } = await withdraw(ctx, ledger, effects)
    ctx.emit({
      step: 'publish',
      action: status === 'failed' ? 'fail' : 'note',
      subject: 's3',
      message: detail,
    })
  }
  const result = await publish(ctx, { kind, period: label, dryRun: false, repost }, ledger, effects)
  const links = await renewMessages(ctx, ledger, effects)
  await buildWarehouse(ctx, ledger)
  return { ...result, isComplete: result.isComplete && links.failedCount === 0 }
}
