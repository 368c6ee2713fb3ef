// The seam between a session and whoever judges it: rules today, models under the same interface.
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import type { LlmRequest } from '../llm/client.js'
import type { Transcript } from '../transcript.js'
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

/** One factory for each value that `facets.provider` may take: a missing one does not compile. */
const providers: Readonly<
  Record<Config['facets']['provider'], (config: Config) => FacetProvider | Promise<FacetProvider>>
> = {
  rules: () => rulesProvider,
  anthropic: notYet,
  'openai-compatible': notYet,
  'claude-cli': notYet,
}

function notYet({ facets }: Config): never {
  throw new UserError(`facets.provider ${facets.provider} is not there yet`, 'Use rules.')
}

/** The provider that the configuration names. */
export async function openProvider(config: Config): Promise<FacetProvider> {
  return await providers[config.facets.provider](config)
}
