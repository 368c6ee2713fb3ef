// Many sessions handed in together at half the price, and collected when they are answered, in this run or a later one.

import { messageOf } from '../errors.js'
import { type LlmAnswer, LlmError, type LlmRequest } from '../llm/client.js'
import { inTransaction } from '../warehouse/db.js'
import {
  type BatchRequest,
  closeRequest,
  dropUnnamed,
  type NewBatchRequest,
  nameBatch,
  type OpenBatch,
  openBatches,
  recordHandIn,
} from './batch-store.js'
import { digest, keyOf } from './due.js'
import { keptFacets, readInput } from './judge.js'
import type { FacetInput, SessionFacts } from './provider.js'
import { standIn } from './stand-in.js'
import type { Work } from './work.js'

/** Results are kept for 29 days; a batch that is older has none any more. */
const keptDays = 29
const dayMs = 86_400_000
/** Each request holds a sampled transcript; so many stay well within what one batch may hold. */
const maxRequests = 1000

/** What became of the sessions in batches. */
export interface Collected {
  readonly taken: ReadonlySet<string>
  /** Whose answer is no judgement: they are asked about once more, on their own. */
  readonly singly: readonly string[]
  readonly waiting: ReadonlySet<string>
}

/** Takes in every batch that is answered, whoever's run handed it in. */
export async function collectBatches(
  work: Work,
  sessions: ReadonlyMap<string, SessionFacts>,
): Promise<Collected> {
  const { db, judge } = work
  const [taken, waiting] = [new Set<string>(), new Set<string>()]
  const singly: string[] = []
  if (judge.asker?.batches) {
    await forgetUnnamed(work)
    for (const batch of await openBatches(db, judge.name)) {
      const answers = await answersOf(work, batch)
      if (answers === null) for (const { session_id } of batch.requests) waiting.add(session_id)
      else
        for (const request of batch.requests) {
          const session = sessions.get(request.session_id) ?? null
          const answer =
            answers.get(request.request_id) ?? new LlmError('unavailable', 'the batch has no answer to it')
          if (await takeIn(work, batch, request, session, answer)) singly.push(request.session_id)
          else taken.add(request.session_id)
        }
    }
    await work.flush()
  }
  return { taken, singly, waiting }
}

/** Who is in a batch that was not collected yet, without asking for it. */
export async function lookAtBatches({ db, judge }: Work): Promise<Collected> {
  const batches = judge.asker?.batches ? await openBatches(db, judge.name) : []
  const waiting = new Set(batches.flatMap(({ requests }) => requests.map(({ session_id }) => session_id)))
  return { taken: new Set(), singly: [], waiting }
}

async function forgetUnnamed({ ctx, db, judge }: Work): Promise<void> {
  const count = await dropUnnamed(db)
  if (count === 0) return
  const message = `a batch of ${count} was being handed in when a run was cut off; whether it arrived, and will be billed, is not known. Its sessions are due again`
  ctx.emit({ step: 'facets', action: 'warn', subject: judge.name, message })
}

/** Null while it is being worked on; a batch that cannot be had any more has no answers. */
async function answersOf(
  { ctx, judge }: Work,
  { batch_id, submitted_at }: OpenBatch,
): Promise<ReadonlyMap<string, LlmAnswer | LlmError> | null> {
  try {
    return (await judge.asker?.batches?.collect(batch_id)) ?? null
  } catch (error) {
    if (!(error instanceof LlmError)) throw error
    const isLost = ctx.now().getTime() - Date.parse(submitted_at) > keptDays * dayMs
    const fate = isLost ? 'its sessions are due again' : 'the next run tries again'
    const message = `batch ${batch_id} could not be collected: ${error.message}; ${fate}`
    ctx.emit({ step: 'facets', action: 'warn', subject: judge.name, message })
    return isLost ? new Map() : null
  }
}

/** The cost is recorded first, once however often; then facets and the end of the wait, both or neither. */
async function takeIn(
  work: Work,
  batch: OpenBatch,
  request: BatchRequest,
  session: SessionFacts | null,
  answer: LlmAnswer | LlmError,
): Promise<boolean> {
  const { ctx, db, judge } = work
  const { request_id, session_id: subject } = request
  const settled = await judge
    .asker!.settle(request_id, { purpose: 'facets', subject }, answer)
    .catch(asFailure)
  let isToAskAgain = false
  await work.flush()
  await inTransaction(db, async () => {
    if (session !== null) isToAskAgain = !(await store(work, request, session, settled))
    await work.flush()
    await closeRequest(db, batch.batch_id, request_id, ctx.now())
  })
  return isToAskAgain
}

type Settled = LlmError | { readonly text: string; readonly costUsd: string | null }

/** False where the answer is no judgement. */
async function store(
  work: Work,
  request: BatchRequest,
  session: SessionFacts,
  settled: Settled,
): Promise<boolean> {
  const { ctx, judge, effects } = work
  const { provider } = judge
  if (settled instanceof LlmError && settled.failure === 'unusable') return false
  // What was asked in other words is due by itself.
  if (provider?.promptVersion !== request.prompt_version || provider.inBatches === null) return true
  try {
    const input = await readInput(session, ctx.config, effects)
    if (settled instanceof LlmError) {
      // Errored and expired ones are due again.
      await standIn(work, session, settled.failure === 'refused' ? 'refused' : 'unavailable', input)
      return true
    }
    const facets = provider.inBatches.read(input, settled.text)
    const key = { ...keyOf(session, provider, ctx.config), content_sha256: request.content_sha256 }
    await work.write(keptFacets(ctx, key, input, { facets, costUsd: settled.costUsd ?? 0 }), true)
    return true
  } catch (cause) {
    if (cause instanceof LlmError) return false
    work.skip(session, cause)
    return true
  }
}

function asFailure(error: unknown): LlmError {
  if (error instanceof LlmError) return error
  throw error
}

/** Whether so many sessions are handed in together. */
export function isForBatch({ ctx, judge }: Work, sessionCount: number): boolean {
  const { batch_from } = ctx.config.facets
  const canBatch = Boolean(judge.asker?.batches && judge.provider?.inBatches)
  return canBatch && batch_from !== null && sessionCount >= batch_from
}

/** Returns the sessions that are to be judged singly: too long for one request, or over the budget of a batch. */
export async function handIn(work: Work, sessions: readonly SessionFacts[]): Promise<SessionFacts[]> {
  const singly: SessionFacts[] = []
  for (let i = 0; i < sessions.length; i += maxRequests)
    singly.push(...(await handInSome(work, sessions.slice(i, i + maxRequests))))
  return singly
}

interface Prepared {
  readonly session: SessionFacts
  readonly row: NewBatchRequest
  readonly request: LlmRequest
}

async function handInSome(work: Work, sessions: readonly SessionFacts[]): Promise<SessionFacts[]> {
  const singly: SessionFacts[] = []
  let prepared: Prepared[] = []
  for (const session of sessions) {
    const input = await readInput(session, work.ctx.config, work.effects).catch(() => null)
    const request = input && requestOf(work, input)
    // Singly it is also said why a log cannot be read.
    if (request) prepared.push(prepare(work, session, request))
    else singly.push(session)
  }
  // Half of them, and half of these, where the whole might cost more than is left.
  while (prepared.length > 0 && !(await submit(work, prepared))) {
    const half = Math.floor(prepared.length / 2)
    singly.push(...prepared.slice(half).map(({ session }) => session))
    prepared = prepared.slice(0, half)
  }
  return singly
}

function requestOf({ judge }: Work, input: FacetInput): LlmRequest | null {
  return judge.provider?.inBatches?.request(input) ?? null
}

function prepare({ ctx, judge }: Work, session: SessionFacts, request: LlmRequest): Prepared {
  const { session_id } = session
  const key = keyOf(session, judge.provider!, ctx.config)
  const row: NewBatchRequest = {
    // Unlike any before it, also where the same is asked again.
    request_id: digest([key, ctx.now().toISOString()]).slice(0, 40),
    session_id,
    provider: judge.name,
    model: key.model ?? '',
    prompt_version: key.prompt_version,
    content_sha256: key.content_sha256,
    expected_cost_usd: judge.asker!.estimateCostUsd(request, 'facets', true),
  }
  return { session, row, request }
}

/** False where it was not taken. */
async function submit({ ctx, db, judge }: Work, prepared: readonly Prepared[]): Promise<boolean> {
  const rows = prepared.map(({ row }) => row)
  await recordHandIn(db, rows, ctx.now())
  try {
    const id = await judge.asker!.batches!.submit(
      new Map(prepared.map(({ row, request }) => [row.request_id, request])),
    )
    await nameBatch(db, id)
    return true
  } catch (error) {
    await dropUnnamed(db)
    if (!(error instanceof LlmError)) throw error
    const message = `a batch of ${rows.length} was not handed in: ${messageOf(error)}`
    ctx.emit({ step: 'facets', action: 'note', subject: judge.name, message })
    return false
  }
}

/** Looks again and again until all are answered or patience ends. */
export async function waitForBatches(
  work: Work,
  sessions: ReadonlyMap<string, SessionFacts>,
): Promise<Collected> {
  const { ctx, effects, judge } = work
  const singly: string[] = []
  for (let waitedMs = 0; ; waitedMs += effects.batchPollMs) {
    const collected = await collectBatches(work, sessions)
    singly.push(...collected.singly)
    if (collected.waiting.size === 0 || waitedMs >= effects.batchPatienceMs) return { ...collected, singly }
    const message = `${collected.waiting.size} sessions wait in a batch`
    if (waitedMs === 0) ctx.emit({ step: 'facets', action: 'note', subject: judge.name, message })
    await effects.sleep(effects.batchPollMs)
  }
}
