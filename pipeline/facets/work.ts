// What the parts of one extraction share: the judge, what is known, what was done so far, and the one way to write rows.
import { clearSecrets } from '../clear.js'
import type { Config } from '../config.js'
import { messageOf } from '../errors.js'
import type { StageContext } from '../events.js'
import type { Asker } from '../llm/client.js'
import type { Database } from '../warehouse/db.js'
import { GoneError, type Judge, type TranscriptEffects } from './judge.js'
import type { FacetProvider, SessionFacts } from './provider.js'
import { type StandInReason, type StoredFacets, type StoredKey, storeFacets } from './store.js'

export interface FacetsEffects extends TranscriptEffects {
  /** Null where the configuration asks no model; UserError or LlmError `misconfigured` where it cannot be asked. */
  openAsker(config: Config): Promise<Asker | null>
  openProvider(config: Config, asker: Asker | null): Promise<FacetProvider>
  /** Between two looks at a batch. */
  sleep(ms: number): Promise<void>
  /** How long to wait for a batch in the run that handed it in, and how long between two looks. */
  readonly batchPatienceMs: number
  readonly batchPollMs: number
}

export interface Tally {
  extracted: number
  /** Exact: costs are whole micro-dollars. */
  costMicros: number
  readonly skipped: { session_id: string; reason: string }[]
  readonly standIns: Map<StandInReason, number>
}

export interface Work {
  readonly ctx: StageContext<Config>
  readonly db: Database
  readonly judge: Judge
  readonly effects: FacetsEffects
  /** What the ledger held when the run began. */
  readonly known: ReadonlyMap<string, StoredKey>
  readonly tally: Tally
  /** At once where it cost money, a crash must not lose it; else in rows of fifty. */
  write(row: StoredFacets, isAtOnce?: boolean): Promise<void>
  flush(): Promise<void>
  skip(session: SessionFacts, cause: unknown): void
}

const rowsPerWrite = 50
const microsPerUsd = 1e6

export function createWork(given: Pick<Work, 'ctx' | 'db' | 'judge' | 'effects' | 'known'>): Work {
  const { ctx, db } = given
  const tally: Tally = { extracted: 0, costMicros: 0, skipped: [], standIns: new Map() }
  let unwritten: StoredFacets[] = []
  const flush = async () => {
    await storeFacets(db, unwritten)
    unwritten = []
  }
  return {
    ...given,
    tally,
    flush,
    write: async (row, isAtOnce = Number(row.cost_usd) > 0) => {
      unwritten.push(row)
      if (isAtOnce || unwritten.length >= rowsPerWrite) await flush()
      tally.extracted += 1
      tally.costMicros += Math.round(Number(row.cost_usd) * microsPerUsd)
    },
    skip: ({ session_id }, cause) => {
      const reason = skipReason(cause, ctx.config)
      tally.skipped.push({ session_id, reason })
      ctx.emit({ step: 'facets', action: 'warn', subject: session_id, message: reason })
    },
  }
}

/** A message may quote the conversation, so without words only its kind is told. */
function skipReason(cause: unknown, { privacy, secrets }: Config): string {
  if (cause instanceof GoneError) return cause.message
  if (privacy.content !== 'none') return clearSecrets(messageOf(cause), Object.values(secrets))
  return `could not be judged (${cause instanceof Error ? cause.name : typeof cause})`
}
