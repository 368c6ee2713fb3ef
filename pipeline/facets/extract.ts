// Judges the sessions whose facets are missing or out of date, newest first, and keeps the result in the ledger.
import { createHash } from 'node:crypto'
import { clearSecrets } from '../clear.js'
import type { Config } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import { stableJson } from '../stable-json.js'
import type { Transcript } from '../transcript.js'
import type { Database } from '../warehouse/db.js'
import { verifyEvidence } from './evidence.js'
import { limitFacets } from './privacy.js'
import { type FacetProvider, openProvider, type SessionFacts } from './provider.js'
import { facetsSchema } from './schema.js'
import { limitStored, type StoredFacets, type StoredKey, storedKeys, storeFacets } from './store.js'

export interface ExtractOptions {
  readonly sessionId?: string
  /** First and last local date, YYYY-MM-DD, both included. */
  readonly since?: string
  readonly until?: string
  /** The most sessions to judge in this run; unchanged ones do not count. */
  readonly limit?: number
  readonly force?: boolean
  readonly dryRun?: boolean
}

export interface ExtractResult {
  /** With `dryRun`, the sessions that would be judged. */
  readonly extracted: number
  readonly unchanged: number
  readonly skipped: readonly { readonly session_id: string; readonly reason: string }[]
  readonly costUsd: number
}

export interface FacetsEffects {
  /** The session's conversation, or null where its log is gone. */
  readTranscript(sessionId: string): Promise<Transcript | null>
  openProvider(config: Config): Promise<FacetProvider>
}

/** Only `run.ts` knows the logs, so only the provider has a default. */
export const defaultFacetsEffects = { openProvider } satisfies Partial<FacetsEffects>

const rowsPerWrite = 50
const decimals = 1e6

export async function extractFacets(
  ctx: StageContext<Config>,
  options: ExtractOptions,
  db: Database,
  candidates: readonly SessionFacts[],
  effects: FacetsEffects,
): Promise<ExtractResult> {
  const provider = await effects.openProvider(ctx.config)
  const known = await storedKeys(db)
  const wanted = wantedSessions(candidates, options)
  const isStale = (session: SessionFacts): boolean =>
    options.force === true || !isCurrent(known.get(session.session_id), keyOf(session, provider, ctx.config))
  const stale = wanted.filter(isStale)
  const batch = stale.slice(0, options.limit ?? stale.length)
  const unchanged = wanted.length - stale.length
  ctx.emit({ step: 'facets', action: 'start', subject: provider.name, total: batch.length })
  if (options.dryRun) return { extracted: batch.length, unchanged, skipped: [], costUsd: 0 }
  const judged = await judgeAll(ctx, db, batch, provider, effects)
  ctx.emit({ step: 'facets', action: 'done', subject: provider.name, rows: judged.extracted })
  return { ...judged, unchanged }
}

/** Newest first; equal instants by id, so that a limit always picks the same ones. */
function wantedSessions(candidates: readonly SessionFacts[], options: ExtractOptions): SessionFacts[] {
  const { sessionId, since = '', until = '9999-12-31' } = options
  const wanted = candidates.filter(
    ({ session_id, local_date }) =>
      (sessionId === undefined || session_id === sessionId) && local_date >= since && local_date <= until,
  )
  if (sessionId !== undefined && wanted.length === 0)
    throw new UserError(
      `expected a session that facets can be taken from, got ${sessionId}`,
      'Sub-agents and sessions with fewer prompts than facets.min_prompts have no facets of their own.',
    )
  return wanted.sort((a, b) => compare(b.started_at, a.started_at) || compare(a.session_id, b.session_id))
}

async function judgeAll(
  ctx: StageContext<Config>,
  db: Database,
  sessions: readonly SessionFacts[],
  provider: FacetProvider,
  effects: FacetsEffects,
): Promise<Omit<ExtractResult, 'unchanged'>> {
  const skipped: { session_id: string; reason: string }[] = []
  let unwritten: StoredFacets[] = []
  let extracted = 0
  let costMicros = 0
  for (const [i, session] of sessions.entries()) {
    const judged = await judgeOne(ctx, session, provider, effects).catch((cause: unknown) =>
      skipReason(cause, ctx.config),
    )
    if (typeof judged === 'string') {
      skipped.push({ session_id: session.session_id, reason: judged })
      ctx.emit({ step: 'facets', action: 'warn', subject: session.session_id, message: judged })
    } else {
      unwritten.push(judged)
      extracted += 1
      costMicros += Math.round(Number(judged.cost_usd) * decimals)
    }
    // What cost money is written at once: a crash must not lose it.
    if (unwritten.length >= rowsPerWrite || Number(unwritten.at(-1)?.cost_usd ?? 0) > 0) {
      await storeFacets(db, unwritten)
      unwritten = []
    }
    ctx.emit({
      step: 'facets',
      action: 'progress',
      subject: session.session_id,
      done: i + 1,
      total: sessions.length,
    })
  }
  await storeFacets(db, unwritten)
  return { extracted, skipped, costUsd: costMicros / decimals }
}

/** A message may quote the conversation, so without words only its kind is told. */
function skipReason(cause: unknown, { privacy, secrets }: Config): string {
  if (cause instanceof GoneError) return cause.message
  if (privacy.content !== 'none') return clearSecrets(messageOf(cause), Object.values(secrets))
  return `could not be judged (${cause instanceof Error ? cause.name : typeof cause})`
}

class GoneError extends Error {
  override readonly message = 'expected the session in a log file, but the file is gone'
}

async function judgeOne(
  ctx: StageContext<Config>,
  session: SessionFacts,
  provider: FacetProvider,
  effects: FacetsEffects,
): Promise<StoredFacets> {
  const { config } = ctx
  const read = await effects.readTranscript(session.session_id)
  if (read === null) throw new GoneError()
  const transcript = ownPart(read, session)
  const given = { session, transcript, context: config.context, privacy: config.privacy.content }
  const { facets, costUsd } = await provider.extract(given)
  const verified = verifyEvidence(facetsSchema.parse(facets), transcript)
  return {
    ...keyOf(session, provider, config),
    extracted_at: ctx.now(),
    cost_usd: costUsd,
    facets: limitFacets(verified, provider.name, config),
  }
}

/** What a fork or resume repeats was said before the session began, and belongs to another. */
function ownPart(transcript: Transcript, session: SessionFacts): Transcript {
  const startMs = Math.floor(Date.parse(session.started_at) / 1000) * 1000
  const isOwn = (at: string | null): boolean => at === null || !(Date.parse(at) < startMs)
  const messages = transcript.messages.filter(({ at }) => isOwn(at))
  return messages.length === transcript.messages.length ? transcript : { ...transcript, messages }
}

function keyOf(session: SessionFacts, provider: FacetProvider, config: Config): StoredKey {
  return {
    session_id: session.session_id,
    extractor: provider.name,
    model: provider.model,
    prompt_version: provider.promptVersion,
    content_sha256: createHash('sha256')
      .update(stableJson(contentOf(session, config)))
      .digest('hex'),
  }
}

/** All that a judgement depends on, besides the judge. */
function contentOf({ content_key, completion_status, project }: SessionFacts, config: Config): unknown {
  const { context, privacy } = config
  return [content_key, completion_status, project, context, privacy.content, privacy.redact_paths]
}

function isCurrent(stored: StoredKey | undefined, key: StoredKey): boolean {
  return stored !== undefined && stableJson(stored) === stableJson(key)
}

/** Facets whose log is gone cannot be judged anew: what may not be kept any more goes from them where they are. */
export async function limitKeptFacets(ctx: StageContext<Config>, db: Database): Promise<void> {
  const count = await limitStored(db, (facets, extractor) => limitFacets(facets, extractor, ctx.config))
  const message = 'Facets lost what privacy settings do not let them keep'
  if (count > 0) ctx.emit({ step: 'facets', action: 'note', message, rows: count })
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
