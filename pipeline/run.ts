// The whole program, read top to bottom: logs → ledger → marts → facets → report → Parquet → S3 and Discord.
// Stages talk through tables; only this file and its parts in run/ know them.
import { existsSync, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Alert, Finding } from './alerts/alert.js'
import { sentenceOf } from './alerts/words.js'
import { type ExitCode, exitCodes, LedgerHeld, messageOf, UserError } from './errors.js'
import type { ExtractOptions, ExtractResult } from './facets/extract.js'
import type { ImportResult } from './facets/import-insights.js'
import type { Forgotten } from './forget/forget.js'
import type { Selection } from './forget/selection.js'
import { readSessionTranscript } from './ingest/ingest.js'
import { type InspectedSource, inspectSources } from './ingest/inspect.js'
import type { IngestResult } from './ingest/lanes.js'
import { findSeenProjects, type SeenProject } from './ingest/seen-projects.js'
import { type MachineState, readMachineState } from './machine.js'
import { replayJournal } from './own-ledger.js'
import { listPeriods, localDate, type PeriodKind, periodOf } from './period.js'
import type { Probe } from './probe.js'
import type { Delivery } from './publish/deliveries.js'
import type { PublishResult } from './publish/publish.js'
import type { Renewal } from './publish/renew.js'
import type { Withdrawal } from './publish/withdraw.js'
import type { RenderedReport } from './report/render.js'
import { advise, takeTipAnswers } from './run/advise.js'
import { openFacetsAsker } from './run/askers.js'
import { choosePeriod } from './run/choose-period.js'
import { type RunContext, type RunEffects, realEffects } from './run/context.js'
import { publishPeriod, publishUnlessEmpty } from './run/publish-period.js'
import { buildAndClean, clearJournalsOf, finishRemovals, removeAll, withdraw } from './run/removals.js'
import { renderAndFreeze } from './run/render-period.js'
import { syncLedger } from './run/sync.js'
import { requireLedger, withLedger, withLedgerUntil } from './run/with-ledger.js'
import { findScheduleUnits, type ScheduleUnit } from './schedule-entries.js'
import type { RestoreResult } from './snapshot/restore.js'
import type { SnapshotResult } from './snapshot/snapshot.js'
import {
  carryForgotten,
  extractFacets,
  fillLedger,
  findFailedRuns,
  findInWarehouse,
  forgetSessions,
  giveFeedback,
  importInsights,
  listTips,
  probeModels,
  probePublishing,
  publish,
  publishAlerts,
  raiseAlerts,
  readActiveDates,
  readCandidates,
  readMainSessions,
  readShownTips,
  renderExplore,
  renderSite,
  renewMessages,
  todaysAlerts,
  verifySnapshot,
  writeSnapshot,
} from './stages.js'
import type { Feedback, KeptTip } from './tips/feedback.js'
import { type BuildResult, buildWarehouse } from './warehouse/build.js'
import { type FacetStanding, readFacetStanding } from './warehouse/coverage.js'
import type { Database } from './warehouse/db.js'
import { ledgerSchemaVersion, openLedger } from './warehouse/ledger.js'
import {
  type LedgerState,
  readLedgerState,
  readWarehouseState,
  type WarehouseState,
} from './warehouse/state.js'

export interface RunOptions {
  readonly kind: PeriodKind
  /** 2026-W07 or 2026-02; without it the last complete period, or the latest with data. */
  readonly label: string | undefined
  readonly isPublished: boolean
}

/** What an extraction did, and how many sessions have facets then. */
export interface FacetsResult extends ExtractResult, FacetStanding {}

export interface RunResult {
  readonly ingest: IngestResult
  readonly facets: FacetsResult
  readonly report: RenderedReport
  readonly snapshot: SnapshotResult
  readonly publish: PublishResult | null
}

/** The main job. Publishing comes last, and a failed check has thrown long before. */
export async function runDebrief(
  ctx: RunContext,
  options: RunOptions,
  effects = realEffects,
): Promise<RunResult> {
  return withLedgerUntil(ctx, runCode, async (ledger) => {
    // Read what the agents wrote, and bring the marts up to it.
    const { ingest } = await syncLedger(ctx, ledger, effects)

    // Say what each session was about, and bring that into the marts too.
    const judged = await judgeSessions(ctx, ledger, {})
    await buildWarehouse(ctx, ledger)
    const facets = { ...judged, ...(await readFacetStanding(ctx.config, ctx.now())) }

    // Advise on the period, heeding what was said of earlier advice, and say what became of it.
    if (options.isPublished) await takeTipAnswers(ctx, ledger, effects.publish)
    const period = await choosePeriod(ctx, options.kind, options.label)
    await advise(ctx, ledger, [period])

    // Render it; a complete one is frozen as it was first reported.
    const report = await renderAndFreeze(ctx, ledger, period, effects.report)
    await buildWarehouse(ctx, ledger)

    // Keep everything for the browser, and the pages around the reports, which link there.
    await renderExplore(ctx)
    await renderSite(ctx, effects.report)

    // Keep everything as Parquet, the frozen period included.
    const snapshot = await writeSnapshot(ctx, ledger)

    // Send it out, reading only what lies in out/.
    const sent = options.isPublished ? await publishUnlessEmpty(ctx, ledger, period, effects.publish) : null
    return { ingest, facets, report, snapshot, publish: sent }
  })
}

/** How a run ends that has done its own part: a send that failed or got no answer is still to be mended. */
export function deliveryCode(sent: PublishResult | null): ExitCode {
  return sent === null || sent.isComplete ? exitCodes.done : exitCodes.undelivered
}

function runCode({ publish }: RunResult): ExitCode {
  return deliveryCode(publish)
}

/** `sync`: loads new and changed logs and rebuilds the marts that read them. */
export async function runSync(ctx: RunContext): Promise<{ ingest: IngestResult; build: BuildResult }> {
  return withLedger(ctx, (ledger) => syncLedger(ctx, ledger))
}

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

/** `facets`: extracts facets for the sessions that lack them. */
export async function runFacets(ctx: RunContext, options: ExtractOptions): Promise<FacetsResult> {
  return withLedger(ctx, async (ledger) => {
    await buildAndClean(ctx, ledger)
    const result = await judgeSessions(ctx, ledger, { ...options, isAskedFor: true })
    await buildWarehouse(ctx, ledger)
    return { ...result, ...(await readFacetStanding(ctx.config, ctx.now())) }
  })
}

/** `facets import`: takes in what Claude Code's /insights wrote. */
export async function runImport(
  ctx: RunContext,
  folder: string | undefined,
): Promise<ImportResult & FacetStanding> {
  requireLedger(ctx)
  return withLedger(ctx, async (ledger) => {
    await buildAndClean(ctx, ledger)
    const sessions = await readMainSessions(ctx.config)
    const imported = await importInsights(ctx, ledger, sessions, folder, {
      readTranscript: (sessionId) => readSessionTranscript(ledger, sessionId),
    })
    await buildWarehouse(ctx, ledger)
    return { ...imported, ...(await readFacetStanding(ctx.config, ctx.now())) }
  })
}

/** `report`: renders what is loaded, one period or every one with data; never posts. */
export async function runReport(
  ctx: RunContext,
  options: { readonly kind: PeriodKind; readonly label: string | undefined; readonly isAll: boolean },
  effects = realEffects,
): Promise<{ reports: RenderedReport[]; archive: string }> {
  requireLedger(ctx)
  return withLedger(ctx, async (ledger) => {
    await buildAndClean(ctx, ledger, effects)
    const periods = options.isAll
      ? listPeriods(options.kind, await readActiveDates(ctx.config), ctx.config.week_starts_on)
      : [await choosePeriod(ctx, options.kind, options.label)]
    await advise(ctx, ledger, periods)
    const reports: RenderedReport[] = []
    for (const period of periods) reports.push(await renderAndFreeze(ctx, ledger, period, effects.report))
    await buildWarehouse(ctx, ledger)
    await renderExplore(ctx)
    return { reports, archive: await renderSite(ctx, effects.report) }
  })
}

/** `tips list`: what was advised in the latest week, or ever. */
export async function runTipsList(ctx: RunContext, isAll: boolean): Promise<KeptTip[]> {
  requireLedger(ctx)
  if (existsSync(ctx.config.paths.warehouse)) return readShownTips(ctx.config, isAll)
  return withLedger(ctx, (ledger) => listTips(ledger, isAll))
}

/** `tips helpful` and `tips dismiss`: writes down what the user said of a tip. */
export async function runTipFeedback(ctx: RunContext, id: string, feedback: Feedback): Promise<KeptTip> {
  requireLedger(ctx)
  return withLedger(ctx, async (ledger) => {
    const tip = await giveFeedback(ledger, id, feedback, ctx.now())
    await buildAndClean(ctx, ledger)
    return tip
  })
}

/** `snapshot`: writes ledger and marts to Parquet, and renews the links that would expire. */
export async function runSnapshot(
  ctx: RunContext,
  effects = realEffects,
): Promise<SnapshotResult & { readonly links: Renewal }> {
  requireLedger(ctx)
  return withLedgerUntil(ctx, snapshotCode, async (ledger) => {
    await buildAndClean(ctx, ledger)
    const links = await renewMessages(ctx, ledger, effects.publish)
    await buildWarehouse(ctx, ledger)
    return { ...(await writeSnapshot(ctx, ledger)), links }
  })
}

/** A link that could not be renewed is tried again by the next run. */
export function snapshotCode({ links }: { readonly links: Renewal }): ExitCode {
  return links.failedCount === 0 ? exitCodes.done : exitCodes.undelivered
}

/** `publish`: uploads and posts what is rendered; a dry run opens nothing and sends nothing. */
export async function runPublish(
  ctx: RunContext,
  options: {
    readonly kind: PeriodKind
    readonly label: string | undefined
    readonly isDryRun: boolean
    readonly isRepost: boolean
  },
  effects = realEffects,
): Promise<PublishResult> {
  requireLedger(ctx)
  const period = await choosePeriod(ctx, options.kind, options.label)
  const { isDryRun: dryRun, isRepost: repost } = options
  if (dryRun)
    return publish(ctx, { kind: period.kind, period: period.label, dryRun, repost }, null, effects.publish)
  return withLedgerUntil(ctx, deliveryCode, async (ledger) => {
    await buildAndClean(ctx, ledger, effects)
    return publishPeriod(ctx, ledger, period, { repost }, effects.publish)
  })
}

/** What `forget` did, or with `isDryRun` would do. */
export interface ForgetResult extends Forgotten {
  readonly bucket: Withdrawal | null
}

/** `forget`: removes sessions from ledger, marts, Parquet, pages and bucket; a dry run only says which. */
export async function runForget(
  ctx: RunContext,
  options: { readonly selection: Selection; readonly isDryRun: boolean },
  effects = realEffects,
): Promise<ForgetResult> {
  requireLedger(ctx)
  return withLedgerUntil(ctx, forgetCode, async (ledger) => {
    await buildWarehouse(ctx, ledger)
    const forgotten = await forgetSessions(ctx, ledger, options.selection, options.isDryRun)
    if (options.isDryRun) return { ...forgotten, bucket: null }
    await clearJournalsOf(ctx, forgotten.removed)
    await finishRemovals(ctx, ledger, effects)
    return { ...forgotten, bucket: await withdraw(ctx, ledger, effects.publish) }
  })
}

/** What the bucket still holds is withdrawn before the next upload. */
export function forgetCode({ bucket }: ForgetResult): ExitCode {
  return bucket?.status === 'failed' ? exitCodes.undelivered : exitCodes.done
}

/** What `doctor` judges. */
export interface Inspection {
  readonly sources: readonly InspectedSource[]
  readonly ledger: LedgerState
  readonly warehouse: WarehouseState
  readonly machine: MachineState
  /** What starts it by itself. */
  readonly schedule: readonly ScheduleUnit[]
  /** Of what is configured beyond this machine; null where that was not looked at. */
  readonly probes: readonly Probe[] | null
}

/** `doctor`: looks at logs, databases and, unless it is to stay offline, what is configured; changes nothing. */
export async function inspectMachine(
  { config, now }: RunContext,
  { isOffline = false }: { readonly isOffline?: boolean } = {},
  effects = realEffects,
): Promise<Inspection> {
  const [sources, ledger, warehouse, machine, schedule, probes] = await Promise.all([
    inspectSources(config),
    readLedgerState(config),
    readWarehouseState(config),
    readMachineState(config, now()),
    findScheduleUnits(config),
    isOffline ? null : Promise.all([probePublishing(config, effects.publish), probeModels(config)]),
  ])
  return { sources, ledger, warehouse, machine, schedule, probes: probes?.flat() ?? null }
}

/** What `init` fills in. */
export interface Findings {
  readonly sources: readonly Pick<InspectedSource, 'source' | 'file_count' | 'size_bytes'>[]
  readonly projects: readonly SeenProject[]
}

/** `init`: looks for logs, and for the projects in them. */
export async function inspectForInit({ config }: RunContext): Promise<Findings> {
  const [sources, projects] = await Promise.all([inspectSources(config), findSeenProjects(config)])
  return {
    sources: sources.map(({ source, file_count, size_bytes }) => ({ source, file_count, size_bytes })),
    projects,
  }
}

/** `restore`: makes both databases again from a snapshot alone; what was forgotten since stays forgotten. */
export async function runRestore(
  ctx: RunContext,
  options: { readonly from: string | undefined; readonly isForced: boolean },
): Promise<RestoreResult & { aside: string | null }> {
  const { out, ledger: path, parquet, warehouse } = ctx.config.paths
  const from = options.from ?? parquet
  await verifySnapshot(from, ledgerSchemaVersion)
  if (existsSync(path) && !options.isForced)
    throw new UserError(
      `${path} is already there: expected an out folder without a ledger`,
      'Move it aside, name another folder with --out, or set it aside with --force.',
    )
  const fresh = join(out, '.restoring', 'ledger.duckdb')
  await rm(dirname(fresh), { recursive: true, force: true })
  const former = existsSync(path) ? await formerLedger(ctx) : null
  const ledger = await openLedger(fresh)
  let result: RestoreResult
  try {
    result = await fillLedger(ctx, ledger, from)
    await carryForgotten(ledger, former, parquet)
    await replayJournal(ctx, ledger)
    await removeAll(ctx, ledger)
  } finally {
    ledger.close()
  }
  const aside = existsSync(path) ? await setAside(path) : null
  rmSync(warehouse, { force: true })
  await rename(fresh, path)
  await rm(dirname(fresh), { recursive: true, force: true })
  await withLedger(ctx, async (restored) => {
    await buildWarehouse(ctx, restored)
    await finishRemovals(ctx, restored, realEffects)
  })
  return { ...result, aside }
}

/** The ledger in place, brought up to date, so that its memory can be read; null where it is broken. */
async function formerLedger(ctx: RunContext): Promise<string | null> {
  const { ledger } = ctx.config.paths
  try {
    ;(await openLedger(ledger)).close()
    return ledger
  } catch (error) {
    if (error instanceof LedgerHeld) throw error
    const message = `what was forgotten there is not known: ${messageOf(error)}`
    ctx.emit({ step: 'restore', action: 'warn', subject: ledger, message })
    return null
  }
}

/** Nothing that was set aside before is written over. */
async function setAside(path: string): Promise<string> {
  let aside = `${path}.before-restore`
  for (let n = 2; existsSync(aside); n += 1) aside = `${path}.before-restore-${n}`
  await rename(path, aside)
  if (existsSync(`${path}.wal`)) await rename(`${path}.wal`, `${aside}.wal`)
  return aside
}

async function judgeSessions(
  ctx: RunContext,
  ledger: Database,
  options: ExtractOptions,
): Promise<ExtractResult> {
  return extractFacets(ctx, options, ledger, await readCandidates(ctx.config), {
    ...(await import('./facets/extract.js')).defaultFacetsEffects,
    openAsker: (config) => openFacetsAsker(ctx, config, ledger),
    readTranscript: (sessionId) => readSessionTranscript(ledger, sessionId),
  })
}
