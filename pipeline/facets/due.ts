// Which sessions are due: those asked for whose facets are missing, or of another content, judge or prompt than now.
import { createHash } from 'node:crypto'
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import { stableJson } from '../stable-json.js'
import type { FacetProvider, SessionFacts } from './provider.js'
import { rulesProvider } from './rules.js'
import type { StandInReason, StoredKey } from './store.js'

export interface ExtractOptions {
  readonly sessionId?: string
  /** First and last local date, YYYY-MM-DD, both included. */
  readonly since?: string
  readonly until?: string
  /** The most sessions to judge in this run; unchanged ones do not count. */
  readonly limit?: number
  readonly force?: boolean
  readonly dryRun?: boolean
  /** What cannot be asked is the user's to mend, and ends the command; else rules stand in. */
  readonly isAskedFor?: boolean
}

/** With the same question it will not go otherwise. */
export function isLasting(reason: StandInReason): boolean {
  return reason === 'refused' || reason === 'unusable'
}

/** Newest first; equal instants by id, so that a limit always picks the same ones. */
export function wantedSessions(candidates: readonly SessionFacts[], options: ExtractOptions): SessionFacts[] {
  const { sessionId, since = '', until = '9999-12-31' } = options
  const wanted = candidates.filter(
    ({ session_id, local_date }) =>
      (sessionId === undefined || session_id === sessionId) && local_date >= since && local_date <= until,
  )
  if (sessionId !== undefined && wanted.length === 0)
    throw new UserError(
      `expected a session that facets can be taken from, got ${sessionId}`,
      `Why it is none, or whether it is known: debrief query "select * from facet_coverage where session_id = '${sessionId}'"`,
    )
  return wanted.sort((a, b) => compare(b.started_at, a.started_at) || compare(a.session_id, b.session_id))
}

/** Without a provider, where nobody can be asked, only what rules would judge otherwise. */
export function isDue(
  stored: StoredKey | undefined,
  session: SessionFacts,
  provider: FacetProvider | null,
  config: Config,
): boolean {
  if (stored === undefined || !hasContent(stored, session, config)) return true
  if (provider === null) return stored.extractor === 'rules' && !isByTheseRules(stored)
  if (stored.stand_in_reason !== null && provider.name !== 'rules')
    return !(
      isLasting(stored.stand_in_reason) && stored.content_sha256.endsWith(`/${questionDigest(provider)}`)
    )
  // Imported ones know more than rules do, and less than a model that is asked.
  if (provider.name === 'rules' && stored.extractor === 'insights') return false
  const { extractor, model, prompt_version, asked_extractor } = stored
  const isBySame =
    extractor === provider.name && model === provider.model && prompt_version === provider.promptVersion
  return !isBySame || asked_extractor !== null
}

export function isByTheseRules({ extractor, prompt_version }: StoredKey): boolean {
  return extractor === 'rules' && prompt_version === rulesProvider.promptVersion
}

/** Whether facets were taken from what the session holds today. */
export function hasContent(stored: StoredKey, session: SessionFacts, config: Config): boolean {
  return stored.content_sha256.split('/')[0] === contentDigest(session, config)
}

export function keyOf(session: SessionFacts, provider: FacetProvider, config: Config): StoredKey {
  return {
    session_id: session.session_id,
    extractor: provider.name,
    model: provider.model,
    prompt_version: provider.promptVersion,
    content_sha256: contentDigest(session, config),
    asked_extractor: null,
    stand_in_reason: null,
  }
}

/** What stood in for an answer also remembers the question, so that a refusal is not paid for twice. */
export function standInKey(
  session: SessionFacts,
  asked: { readonly name: string; readonly provider: FacetProvider | null },
  reason: StandInReason,
  config: Config,
): StoredKey {
  const question = asked.provider === null ? '' : `/${questionDigest(asked.provider)}`
  return {
    ...keyOf(session, rulesProvider, config),
    content_sha256: contentDigest(session, config) + question,
    asked_extractor: asked.name,
    stand_in_reason: reason,
  }
}

/** All that a judgement depends on, besides the judge. */
export function contentDigest(session: SessionFacts, { context, privacy }: Config): string {
  const { content_key, completion_status, project } = session
  const { hourly_rate_usd: _rate, ...named } = context // Judges nothing.
  return digest([content_key, completion_status, project, named, privacy.content, privacy.redact_paths])
}

function questionDigest({ name, model, promptVersion }: FacetProvider): string {
  return digest([name, model, promptVersion]).slice(0, 16)
}

export function digest(value: unknown): string {
  return createHash('sha256').update(stableJson(value)).digest('hex')
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
