// What is told between reports: by `alerts`, and by the scheduled `sync`.
import type { Alert, Finding } from '../alerts/alert.js'
import { sentenceOf } from '../alerts/words.js'
import { type ExitCode, exitCodes } from '../errors.js'
import { localDate, periodOf } from '../period.js'
import type { Delivery } from '../publish/deliveries.js'
import { findFailedRuns, findInWarehouse, publishAlerts, raiseAlerts, todaysAlerts } from '../stages.js'
import type { Database } from '../warehouse/db.js'
import { type RunContext, type RunEffects, realEffects } from './context.js'
import { buildAndClean } from './removals.js'
import { renderAndFreeze } from './render-period.js'
import { syncLedger } from './sync.js'
import { requireLedger, withLedgerUntil } from './with-ledger.js'

/** What was found worth telling now, and what became of today's messages about it. */
export interface AlertsResult {
  /** Of a dry run all that is found; else what is new. */
  readonly alerts: readonly Pick<Alert, 'kind' | 'cause' | 'message'>[]
  readonly deliveries: readonly Delivery[]
}

/** `alerts`: says between reports what should be known before the next. */
export async function runAlerts(
  ctx: RunContext,
  { isDryRun }: { readonly isDryRun: boolean },
  effects = realEffects,
): Promise<AlertsResult> {
  requireLedger(ctx)
  return withLedgerUntil(ctx, alertsCode, async (ledger) => {
    const failedRuns = await findFailedRuns(ledger, ctx.run.id)
    await buildAndClean(ctx, ledger, effects)
    const findings = [...failedRuns, ...(await findInWarehouse(ctx.config, ctx.now()))]
    if (!isDryRun) return tell(ctx, ledger, findings, effects)
    return {
      alerts: findings.map((finding) => ({ ...finding, message: sentenceOf(finding) })),
      deliveries: [],
    }
  })
}

/** The scheduled `sync`: loads what is new, and tells what that brought; a run that failed is told first, as this one may. */
export async function runWatch(ctx: RunContext, effects = realEffects): Promise<AlertsResult> {
  return withLedgerUntil(ctx, alertsCode, async (ledger) => {
    const failed = await tell(ctx, ledger, await findFailedRuns(ledger, ctx.run.id), effects)
    await syncLedger(ctx, ledger, effects)
    const found = await tell(ctx, ledger, await findInWarehouse(ctx.config, ctx.now()), effects)
    return {
      alerts: [...failed.alerts, ...found.alerts],
      deliveries: [...failed.deliveries, ...found.deliveries],
    }
  })
}

export function alertsCode({ deliveries }: AlertsResult): ExitCode {
  const isOpen = deliveries.some(({ status }) => status === 'failed' || status === 'unknown')
  return isOpen ? exitCodes.undelivered : exitCodes.done
}

/** Writes down what is new, and sends what of today was not sent yet, with a link to the running week's page. */
async function tell(
  ctx: RunContext,
  ledger: Database,
  findings: readonly Finding[],
  effects: RunEffects,
): Promise<AlertsResult> {
  const { timezone, week_starts_on } = ctx.config
  const alerts = await raiseAlerts(ctx, ledger, findings)
  const today = localDate(ctx.now(), timezone)
  const draw = async () => {
    const week = periodOf('weekly', today, week_starts_on)
    await renderAndFreeze(ctx, ledger, week, effects.report)
    return { kind: week.kind, period: week.label }
  }
  const untold = await todaysAlerts(ledger, today)
  return { alerts, deliveries: await publishAlerts(ctx, untold, ledger, effects.publish, draw) }
}
