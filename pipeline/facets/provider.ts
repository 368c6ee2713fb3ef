// The seam between a session and whoever judges it: rules today, models under the same interface.
import type { Config } from '../config.js'
import type { Asker, LlmRequest } from '../llm/client.js'
import type { Transcript } from '../transcript.js'
import { modelProvider } from './by-model.js'
import { rulesProvider } from './rules.js'
import type { Facets } from './schema.js'

/** What the marts know of a session without its words. Instants are ISO 8601 in UTC. */
export interface SessionFacts {
  readonly session_id: string
  readonly source: string
  readonly project: string | null
  readonly started_at: string
  readonly ended_at: string
  /** YYYY-MM-DD in the user's time zone; `since` and `until` compare with it. */
  readonly local_date: string
  readonly prompt_count: number
  readonly turn_count: number
  readonly tool_call_count: number
  readonly error_count: number
  readonly interruption_count: number
  readonly files_touched_count: number
  readonly lines_added: number
  readonly lines_deleted: number
  readonly completion_status: string
  readonly primary_task_category: string | null
  readonly is_subagent: boolean
  /** How the agent was started, as logged (`cli`, `sdk-cli`, …), or null. */
  readonly entrypoint: string | null
  /** Changes whenever the session's logged content changes. */
  readonly content_key: string
}

export interface FacetInput {
  readonly session: SessionFacts
  readonly transcript: Transcript
  readonly context: Config['context']
  readonly privacy: Config['privacy']['content']
}

export interface ExtractedFacets {
  readonly facets: Facets
  /** A decimal as text keeps every digit. */
  readonly costUsd: number | string
}

export interface FacetProvider {
  readonly name: string
  /** Raise it when the same session would be judged otherwise: every session is then extracted anew. */
  readonly promptVersion: number
  readonly model: string | null
  /** Throws LlmError where there is no answer to use, even after one attempt to have it repaired. */
  extract(input: FacetInput): Promise<ExtractedFacets>
  /** How to have many sessions judged in one batch; null where nobody is asked. */
  readonly inBatches: FacetBatching | null
}

export interface FacetBatching {
  /** Null for a session that one request does not hold: it is extracted on its own. */
  request(input: FacetInput): LlmRequest | null
  /** What the answer to that request says; LlmError `unusable` where it is no valid judgement. */
  read(input: FacetInput, text: string): Facets
}

/** Who judges by rules or by asking, for each value that `facets.provider` may take: a missing one does not compile. */
const isAsked: Readonly<Record<Config['facets']['provider'], boolean>> = {
  rules: false,
  anthropic: true,
  'openai-compatible': true,
  'claude-cli': true,
}

/** The provider that the configuration names; all but the rules need somebody to ask. */
export async function openProvider(config: Config, asker: Asker | null = null): Promise<FacetProvider> {
  const { provider } = config.facets
  if (!isAsked[provider]) return rulesProvider
  if (asker === null) throw new Error(`expected somebody to ask for facets.provider ${provider}, got nobody`)
  return modelProvider(asker, config)
}
