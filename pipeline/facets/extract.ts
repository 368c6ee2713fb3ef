// Judges the sessions whose facets are due, newest first, and keeps the result in the ledger.
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { LlmError } from '../llm/client.js'
import type { Database } from '../warehouse/db.js'
import { collectBatches, handIn, isForBatch, lookAtBatches, waitForBatches } from './batches.js'
import { type ExtractOptions, isDue, wantedSessions } from './due.js'
import { estimateCostUsd } from './estimate.js'
import type { Judge } from './judge.js'
import { limitFacets } from './privacy.js'
import { openProvider, type SessionFacts } from './provider.js'
import { judgeSingly, misconfigured } from './singly.js'
import { limitStored, type StandInReason, storedKeys } from './store.js'
import { createWork, type FacetsEffects, type Work } from './work.js'

export type { ExtractOptions } from './due.js'

export interface ExtractResult {
  /** `facets.provider`, or who was named in its place. */
  readonly provider: string
  readonly model: string | null
  /** With `dryRun`, the sessions that would be judged. */
  readonly extracted: number
  readonly unchanged: number
  readonly skipped: readonly { readonly session_id: string; readonly reason: string }[]
  /** Sessions for which the provider had no answer, by reason. */
  readonly stand_ins: Readonly<Partial<Record<StandInReason, number>>>
  /** Sessions in a batch that is still being worked on. */
  readonly waiting: number
  readonly costUsd: number
  /** With `dryRun`; null where nobody is paid, or the price of the model is not known. */
  readonly estimatedCostUsd: number | null
}

/** Only `run.ts` knows the logs and the ledger, so the rest has defaults. */
export const defaultFacetsEffects = {
  openProvider,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
  batchPatienceMs: 600_000,
  batchPollMs: 15_000,
} satisfies Partial<FacetsEffects>

export async function extractFacets(
  ctx: StageContext<Config>,
  options: ExtractOptions,
  db: Database,
  candidates: readonly SessionFacts[],
  effects: FacetsEffects,
): Promise<ExtractResult> {
  const wanted = wantedSessions(candidates, options)
  const judge = await openJudge(ctx, options, effects)
  const byId = new Map(candidates.map((session) => [session.session_id, session]))
  const spentBefore = await spentMicros(db)

  // What earlier runs paid for comes first: it is not due then.
  const before = createWork({ ctx, db, judge, effects, known: await storedKeys(db) })
  const { taken, waiting } = options.dryRun ? await lookAtBatches(before) : await collectBatches(before, byId)
  const work: Work = { ...before, known: taken.size > 0 ? await storedKeys(db) : before.known }

  const isStale = (session: SessionFacts): boolean =>
    options.force === true || isDue(work.known.get(session.session_id), session, judge.provider, ctx.config)
  const open = wanted.filter(({ session_id }) => !waiting.has(session_id))
  const due = open.filter(isStale)
  const unchanged = open.filter((session) => !taken.has(session.session_id) && !isStale(session)).length
  const sessions = due.slice(0, options.limit ?? due.length)
  ctx.emit({ step: 'facets', action: 'start', subject: judge.name, total: sessions.length })
  if (options.dryRun) {
    const estimatedCostUsd = await estimateCostUsd(work, sessions)
    return { ...resultOf(work, 0, 0), extracted: sessions.length, unchanged, estimatedCostUsd }
  }
  const waitingCount = await judgeAll(work, sessions, byId, options, waiting.size)
  if (waitingCount > 0) {
    const [wait, them] = waitingCount === 1 ? ['session waits', 'it'] : ['sessions wait', 'them']
    const message = `${waitingCount} ${wait} in a batch; the next run collects ${them}`
    ctx.emit({ step: 'facets', action: 'note', subject: judge.name, message, rows: waitingCount })
  }
  ctx.emit({ step: 'facets', action: 'done', subject: judge.name, rows: work.tally.extracted })
  // What was refused was paid for as well, and stands in no session's facets.
  const costMicros = judge.asker ? (await spentMicros(db)) - spentBefore : work.tally.costMicros
  return { ...resultOf(work, waitingCount, costMicros), unchanged }
}

async function spentMicros(db: Database): Promise<number> {
  const [row] = await db.rows<{ micros: number }>(
    'select cast(coalesce(sum(cost_usd), 0) * 1000000 as bigint) as micros from state.model_requests',
  )
  return row?.micros ?? 0
}

/** In a batch where they are many, else one by one; returns how many still wait. */
async function judgeAll(
  work: Work,
  sessions: readonly SessionFacts[],
  byId: ReadonlyMap<string, SessionFacts>,
  { isAskedFor = false }: ExtractOptions,
  waitingBefore: number,
): Promise<number> {
  if (!isForBatch(work, sessions.length)) {
    await judgeSingly(work, sessions, { isAskedFor })
    return waitingBefore
  }
  await judgeSingly(work, await handIn(work, sessions), { isAskedFor })
  const { singly, waiting } = await waitForBatches(work, byId)
  // An answer that is no judgement gets the one other chance that a single question has.
  await judgeSingly(
    work,
    singly.flatMap((id) => byId.get(id) ?? []),
    { isAskedFor },
  )
  return waiting.size
}

/** Where the provider cannot be asked: the user's to mend if it was asked for; else rules stand in. */
async function openJudge(
  { config, emit }: StageContext<Config>,
  { isAskedFor = false }: ExtractOptions,
  effects: FacetsEffects,
): Promise<Judge> {
  const name = config.facets.provider
  try {
    const asker = await effects.openAsker(config)
    const provider = await effects.openProvider(config, asker)
    return { name: provider.name, provider, asker }
  } catch (error) {
    const isMisconfigured = error instanceof LlmError && error.failure === 'misconfigured'
    if (isAskedFor && isMisconfigured) throw misconfigured(error)
    if (isAskedFor || !(isMisconfigured || error instanceof UserError)) throw error
    emit({ step: 'facets', action: 'warn', subject: name, message: `${error.message}; rules stand in` })
    return { name, provider: null, asker: null }
  }
}

function resultOf({ judge, tally }: Work, waiting: number, costMicros: number): ExtractResult {
  return {
    provider: judge.name,
    model: judge.provider?.model ?? null,
    extracted: tally.extracted,
    unchanged: 0,
    skipped: tally.skipped,
    stand_ins: Object.fromEntries([...tally.standIns].sort()),
    waiting,
    costUsd: costMicros / 1e6,
    estimatedCostUsd: null,
  }
}

/** Facets whose log is gone cannot be judged anew: what may not be kept any more goes from them where they are. */
export async function limitKeptFacets(ctx: StageContext<Config>, db: Database): Promise<void> {
  const count = await limitStored(db, (facets, extractor) => limitFacets(facets, extractor, ctx.config))
  const message = 'Facets lost what privacy settings do not let them keep'
  if (count > 0) ctx.emit({ step: 'facets', action: 'note', message, rows: count })
}
