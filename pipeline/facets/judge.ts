// One session judged: its own part of the log, handed to a provider, its evidence checked, and only what may be kept kept.
import type { Config } from '../config.js'
import type { StageContext } from '../events.js'
import type { Asker } from '../llm/client.js'
import type { Transcript } from '../transcript.js'
import { verifyEvidence } from './evidence.js'
import { limitFacets } from './privacy.js'
import type { FacetInput, FacetProvider, SessionFacts } from './provider.js'
import { type Facets, facetsSchema } from './schema.js'
import type { StoredFacets, StoredKey } from './store.js'

/** Who judges in a run: rules, or a provider through an asker. */
export interface Judge {
  /** As `facets.provider` says. */
  readonly name: string
  /** Null where it cannot be asked at all. */
  readonly provider: FacetProvider | null
  /** Null where no model is asked. */
  readonly asker: Asker | null
}

export interface TranscriptEffects {
  /** The session's conversation, or null where its log is gone. */
  readTranscript(sessionId: string): Promise<Transcript | null>
}

export class GoneError extends Error {
  override readonly name = 'GoneError'
  override readonly message = 'expected the session in a log file, but the file is gone'
}

/** What a provider is given of a session; GoneError where its log is gone. */
export async function readInput(
  session: SessionFacts,
  { context, privacy }: Config,
  effects: TranscriptEffects,
): Promise<FacetInput> {
  const read = await effects.readTranscript(session.session_id)
  if (read === null) throw new GoneError()
  return { session, transcript: ownPart(read, session), context, privacy: privacy.content }
}

/** A judgement as it may be stored. */
export function keptFacets(
  { config, now }: StageContext<Config>,
  key: StoredKey,
  input: FacetInput,
  judged: { readonly facets: Facets; readonly costUsd: number | string },
): StoredFacets {
  const verified = verifyEvidence(facetsSchema.parse(judged.facets), input.transcript)
  return {
    ...key,
    extracted_at: now(),
    cost_usd: judged.costUsd,
    facets: limitFacets(verified, key.extractor, config),
  }
}

/** What a fork or resume repeats was said before the session began, and belongs to another. */
function ownPart(transcript: Transcript, session: SessionFacts): Transcript {
  const startMs = Math.floor(Date.parse(session.started_at) / 1000) * 1000
  const isOwn = (at: string | null): boolean => at === null || !(Date.parse(at) < startMs)
  const messages = transcript.messages.filter(({ at }) => isOwn(at))
  return messages.length === transcript.messages.length ? transcript : { ...transcript, messages }
}
