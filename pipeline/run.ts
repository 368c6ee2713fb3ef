// The whole program, read top to bottom: logs → ledger → marts → facets → report → Parquet → S3 and Discord.
// Stages talk through tables; only this file and its parts in run/ know them.
import { existsSync, rmSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Alert, Finding } from './alerts/alert.js'
import { sentenceOf } from './alerts/words.js'
import type { Config } from './config.js'
import { type ExitCode, exitCodes, LedgerHeld, messageOf, UserError } from './errors.js'
import type { ExtractOptions, ExtractResult } from './facets/extract.js'
import type { ImportResult } from './facets/import-insights.js'
import type { Forgotten } from './forget/forget.js'
import { clearJournals } from './forget/journals.js'
import type { Selection } from './forget/selection.js'
import { configuredSources, ingestLogs, readSessionTranscript } from './ingest/ingest.js'
import { type InspectedSource, inspectSources } from './ingest/inspect.js'
import type { IngestResult } from './ingest/lanes.js'
import { findSeenProjects, type SeenProject } from './ingest/seen-projects.js'
import type { Asker } from './llm/client.js'
import { type MachineState, readMachineState } from './machine.js'
import { replayJournal } from './own-ledger.js'
import {
  isRunning,
  lastCompletePeriod,
  listPeriods,
  localDate,
  type Period,
  type PeriodKind,
  parsePeriod,
  periodOf,
} from './period.js'
import type { Probe } from './probe.js'
import type { Delivery } from './publish/deliveries.js'
import type { PublishEffects } from './publish/effects.js'
import type { PublishResult } from './publish/publish.js'
import type { Renewal } from './publish/renew.js'
import type { Withdrawal } from './publish/withdraw.js'
import { listRenderedPeriods } from './report/archive.js'
import type { RenderedReport, ReportEffects, WriteLetter } from './report/render.js'
import { type RunContext, type RunEffects, realEffects } from './run/context.js'
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
  freezePeriod,
  giveFeedback,
  importInsights,
  letterByModel,
  listTips,
  makeTips,
  openAsker,
  openClient,
  phraseTips,
  probeModels,
  probePublishing,
  publish,
  publishAlerts,
  raiseAlerts,
  readActiveDates,
  readCandidates,
  readMainSessions,
  readShownTips,
  readTipAnswers,
  recordTipAnswer,
  renderExplore,
  renderReport,
  renderSite,
  renewMessages,
  setTargets,
  todaysAlerts,
  verifySnapshot,
  withdrawFromBucket,
  writeByRules,
  writeSnapshot,
} from './stages.js'
import type { Feedback, KeptTip } from './tips/feedback.js'
import type { PhraseTips } from './tips/generate.js'
import { type BuildResult, buildWarehouse } from './warehouse/build.js'
import { type FacetStanding, readFacetStanding } from './warehouse/coverage.js'
import { type Database, inTransaction } from './warehouse/db.js'
import { ledgerSchemaVersion, openLedger } from './warehouse/ledger.js'
import {
  type LedgerState,
  readLedgerState,
  readWarehouseState,
  type WarehouseState,
} from './warehouse/state.js'
import { dropOldRules, type Removed, rememberShown, removeWithheld } from './warehouse/withhold.js'

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

/** Where logs of enabled sources are looked for, there or not. */
export function logPlaces(config: Config): string[] {
  return [...new Set(configuredSources(config).flatMap(({ places }) => places))]
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
    return { ...forgotten, bucket: await withdraw(ctx, ledger, effects) }
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

async function syncLedger(
  ctx: RunContext,
  ledger: Database,
  effects = realEffects,
): Promise<{ ingest: IngestResult; build: BuildResult }> {
  ctx.emit({ step: 'sync', action: 'start' })
  await dropOldRules(ledger, ctx.config)
  const ingest = await ingestLogs(ctx, ledger)
  await clearJournalsOf(ctx, await removeAll(ctx, ledger))
  const build = await buildWarehouse(ctx, ledger)
  if (await rememberShown(ledger, ctx.config)) await clearJournalsOf(ctx, await removeAll(ctx, ledger))
  await finishRemovals(ctx, ledger, effects)
  ctx.emit({ step: 'sync', action: 'done', rows: ingest.filesRead })
  return { ingest, build }
}

/** Brings the marts up to the ledger, and pages and Parquet where something was taken out of it. */
async function buildAndClean(ctx: RunContext, ledger: Database, effects = realEffects): Promise<void> {
  await buildWarehouse(ctx, ledger)
  await finishRemovals(ctx, ledger, effects)
}

/** Takes out what the settings keep out, also of what was loaded before they said so. */
async function removeAll(ctx: RunContext, ledger: Database): Promise<Removed> {
  const removed = await inTransaction(ledger, () => removeWithheld(ledger, ctx.config, ctx.now(), null))
  const count = removed.sessionIds.length
  if (count > 0) {
    const message = `${count} sessions removed that privacy.exclude or privacy.retention_days keeps out`
    ctx.emit({ step: 'forget', action: 'note', rows: count, message })
  }
  return removed
}

async function clearJournalsOf({ config }: RunContext, { sessionIds, paths }: Removed): Promise<void> {
  for (const folder of [config.paths.runs, config.paths.logs])
    await clearJournals(folder, [...sessionIds, ...paths])
}

/** Renders every page anew and writes the Parquet files, where something was taken out since; a crash is made up for. */
async function finishRemovals(ctx: RunContext, ledger: Database, effects: RunEffects): Promise<void> {
  const unfinished = await ledger.rows('select 1 from state.removals where not is_cleaned limit 1')
  if (unfinished.length === 0) return
  const { config } = ctx
  await buildWarehouse(ctx, ledger)
  const dates = await readActiveDates(config)
  const rendered = listRenderedPeriods(config.paths.site).map(({ kind, label, folder }) => ({
    folder,
    period: parsePeriod(kind, label, config.week_starts_on),
  }))
  const holdsData = ({ period }: { period: Period }) =>
    dates.some((date) => date >= period.startDate && date < period.endDate)
  const kept = rendered.filter(holdsData).map(({ period }) => period)
  await advise(ctx, ledger, kept)
  for (const period of kept) await renderAndFreeze(ctx, ledger, period, effects.report)
  for (const { folder } of rendered.filter((page) => !holdsData(page)))
    await rm(folder, { recursive: true, force: true })
  await buildWarehouse(ctx, ledger)
  if (existsSync(join(config.paths.site, 'explore'))) await renderExplore(ctx)
  if (existsSync(config.paths.site)) await renderSite(ctx, effects.report)
  if (existsSync(config.paths.parquet)) await writeSnapshot(ctx, ledger)
  await ledger.run('update state.removals set is_cleaned = true')
}

/** The bucket as well; where it cannot be reached, before the next upload. */
async function withdraw(ctx: RunContext, ledger: Database, effects: RunEffects): Promise<Withdrawal> {
  const withdrawal = await withdrawFromBucket(ctx, effects.publish)
  if (withdrawal.status !== 'failed') await ledger.run('update state.removals set is_withdrawn = true')
  return withdrawal
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

/** What people answered tips with in Discord becomes feedback, each answer once. */
async function takeTipAnswers(ctx: RunContext, ledger: Database, effects: PublishEffects): Promise<void> {
  const kept = new Set((await listTips(ledger, true)).map(({ tip_id }) => tip_id))
  for (const answer of await readTipAnswers(ctx, ledger, effects))
    await inTransaction(ledger, async () => {
      const { tipId, verdict } = answer
      if (verdict !== null && kept.has(tipId)) {
        await giveFeedback(ledger, tipId, verdict, ctx.now(), 'discord')
        ctx.emit({ step: 'tips', action: 'note', subject: tipId, message: `${verdict}, says Discord` })
      }
      await recordTipAnswer(ledger, answer, ctx.now())
    })
}

/** Makes the tips and sets the targets that the pages of these periods show, and brings them into the marts. */
async function advise(ctx: RunContext, ledger: Database, periods: readonly Period[]): Promise<void> {
  if (periods.length === 0) return
  await makeTips(ctx, ledger, periods, tipPhraser(ctx, ledger))
  await setTargets(ctx, ledger, periods)
  await buildWarehouse(ctx, ledger)
}

/** A model's words are kept only where words are. */
function tipPhraser(ctx: RunContext, ledger: Database): PhraseTips {
  return async (tips, week) => {
    const { narrative, privacy } = ctx.config
    if (narrative.provider === 'rules' || privacy.content === 'none' || tips.length === 0) return tips
    const asker = await openNarrativeAsker(ctx, ledger, 'tips')
    if (asker === null) return tips
    const phrased = await phraseTips(asker, tips, week.label)
    if (phrased.failure !== null)
      ctx.emit({
        step: 'tips',
        action: 'warn',
        subject: week.label,
        message: `${phrased.failure}; the rules' words stay`,
      })
    return phrased.tips
  }
}

/** Null, with a warning, where nobody can be asked: the rules then write. */
async function openNarrativeAsker(
  ctx: RunContext,
  ledger: Database,
  step: 'tips' | 'letter',
): Promise<Asker | null> {
  try {
    const client = await openClient(ctx.config.narrative, ctx.config, 'narrative')
    return await openAsker(client, ledger, ctx, ctx.config.facets.max_cost_usd)
  } catch (error) {
    if (!(error instanceof UserError)) throw error
    ctx.emit({ step, action: 'warn', message: `${error.message}; the rules write. ${error.hint}` })
    return null
  }
}

/** Rules ask nobody; every other provider's requests are kept within the budget and recorded in the ledger. */
async function openFacetsAsker(ctx: RunContext, config: Config, ledger: Database): Promise<Asker | null> {
  if (config.facets.provider === 'rules') return null
  const client = await openClient(config.facets, config, 'facets')
  return openAsker(client, ledger, ctx, config.facets.max_cost_usd)
}

/** By rules, or by the model that `narrative` names; nobody is asked before there is a letter to write. */
function letterWriter(ctx: RunContext, ledger: Database): WriteLetter {
  if (ctx.config.narrative.provider === 'rules') return writeByRules
  return async (source, period) => {
    const asker = await openNarrativeAsker(ctx, ledger, 'letter')
    return asker === null
      ? writeByRules(source, period)
      : letterByModel({ ctx, ledger, asker }, source, period)
  }
}

async function renderAndFreeze(
  ctx: RunContext,
  ledger: Database,
  period: Period,
  effects: ReportEffects,
): Promise<RenderedReport> {
  const readTranscript = (sessionId: string) => readSessionTranscript(ledger, sessionId)
  const rendered = await renderReport(ctx, period, { ...effects, readTranscript }, letterWriter(ctx, ledger))
  if (!rendered.isSoFar) await freezePeriod(ctx.config, ledger, rendered, ctx.now())
  return rendered
}

/** A digest of nothing would be noise: a period without a session stays here, until `publish` is asked for it by name. */
async function publishUnlessEmpty(
  ctx: RunContext,
  ledger: Database,
  period: Period,
  effects: PublishEffects,
): Promise<PublishResult> {
  const dates = await readActiveDates(ctx.config)
  if (dates.some((date) => date >= period.startDate && date < period.endDate))
    return publishPeriod(ctx, ledger, period, {}, effects)
  const message = `holds no session, so that nothing is sent; debrief publish --for ${period.label} sends it all the same`
  ctx.emit({ step: 'publish', action: 'note', subject: period.label, message })
  return { deliveries: [], isComplete: true }
}

/** Deliveries change the marts too; the next build takes them in at once. */
async function publishPeriod(
  ctx: RunContext,
  ledger: Database,
  { kind, label }: Period,
  { repost = false }: { readonly repost?: boolean },
  effects: PublishEffects,
): Promise<PublishResult> {
  const pending = await ledger.rows('select 1 from state.removals where not is_withdrawn limit 1')
  if (pending.length > 0 && ctx.config.publish.s3) {
    const { status, detail } = await withdraw(ctx, ledger, { ...realEffects, publish: effects })
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

/** The period asked for; else the last complete one; else, where that holds nothing, the latest with data. */
export async function choosePeriod(
  ctx: RunContext,
  kind: PeriodKind,
  label: string | undefined,
): Promise<Period> {
  const { timezone, week_starts_on } = ctx.config
  if (label !== undefined) return parsePeriod(kind, label, week_starts_on)
  const usual = lastCompletePeriod(kind, ctx.now(), timezone, week_starts_on)
  const dates = await readActiveDates(ctx.config)
  if (dates.some((date) => date >= usual.startDate && date < usual.endDate)) return usual
  const latest = dates.at(-1)
  if (latest === undefined)
    throw new UserError(
      'there is nothing to report: no session is loaded',
      'Work with an agent and run `debrief sync`, or see made-up sessions with `debrief demo`.',
    )
  const period = periodOf(kind, latest, week_starts_on)
  const state = isRunning(period, ctx.now(), timezone) ? ', which is still running' : ''
  ctx.emit({
    step: 'report',
    action: 'note',
    subject: period.label,
    message: `${usual.label} holds nothing; reporting ${period.label}, the latest with data${state}`,
  })
  return period
}
