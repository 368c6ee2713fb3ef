// The whole program, read top to bottom: logs → ledger → marts → facets → report → Parquet → S3 and Discord.
// Stages talk through tables; only this file and its parts in run/ know them.
import { existsSync } from 'node:fs'
import { type ExitCode, exitCodes } from './errors.js'
import type { ExtractOptions, ExtractResult } from './facets/extract.js'
import type { ImportResult } from './facets/import-insights.js'
import { readSessionTranscript } from './ingest/ingest.js'
import type { IngestResult } from './ingest/lanes.js'
import { listPeriods, type PeriodKind } from './period.js'
import type { PublishResult } from './publish/publish.js'
import type { Renewal } from './publish/renew.js'
import type { RenderedReport } from './report/render.js'
import { advise, takeTipAnswers } from './run/advise.js'
import { openFacetsAsker } from './run/askers.js'
import { choosePeriod } from './run/choose-period.js'
import { type RunContext, realEffects } from './run/context.js'
import { publishPeriod, publishUnlessEmpty } from './run/publish-period.js'
import { buildAndClean } from './run/removals.js'
import { renderAndFreeze } from './run/render-period.js'
import { syncLedger } from './run/sync.js'
import { requireLedger, withLedger, withLedgerUntil } from './run/with-ledger.js'
import type { SnapshotResult } from './snapshot/snapshot.js'
import {
  extractFacets,
  giveFeedback,
  importInsights,
  listTips,
  publish,
  readActiveDates,
  readCandidates,
  readMainSessions,
  readShownTips,
  renderExplore,
  renderSite,
  renewMessages,
  writeSnapshot,
} from './stages.js'
import type { Feedback, KeptTip } from './tips/feedback.js'
import { type BuildResult, buildWarehouse } from './warehouse/build.js'
import { type FacetStanding, readFacetStanding } from './warehouse/coverage.js'
import type { Database } from './warehouse/db.js'

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
