// What of a session's facets may be kept: cleared of secrets always, and without words where `content` is none.

import { clearSecrets, shortenHomePaths } from '../clear.js'
import type { Config } from '../config.js'
import {
  type Evidence,
  type Facets,
  frictionKinds,
  goalCategories,
  outcomes,
  pivotTriggers,
  satisfactionKinds,
  sessionTypes,
  successKinds,
} from './schema.js'

/** Extractors whose sentences are templates of numbers and enumerations. */
const templateExtractors = new Set(['rules'])

const enumerated = new Set<string>([
  ...goalCategories,
  ...outcomes,
  ...sessionTypes,
  ...frictionKinds,
  ...satisfactionKinds,
  'true',
  'false',
])

type PrivacyConfig = Pick<Config, 'home' | 'privacy' | 'secrets'>

/** The facets as they may be stored under the user's privacy settings. */
export function limitFacets(facets: Facets, extractor: string, config: PrivacyConfig): Facets {
  if (config.privacy.content === 'none') return withoutWords(facets, templateExtractors.has(extractor))
  const clear = (text: string | null): string | null => (text === null ? null : cleared(text, config))
  return {
    ...facets,
    underlying_goal: clear(facets.underlying_goal),
    friction_detail: clear(facets.friction_detail),
    brief_summary: clear(facets.brief_summary),
    primary_success: clear(facets.primary_success),
    pivot_trigger: clear(facets.pivot_trigger),
    relationship_actions:
      facets.relationship_actions?.map(({ person, action }) => ({
        person,
        action: cleared(action, config),
      })) ?? null,
    evidence: facets.evidence.map((evidence) => ({ ...evidence, quote: clear(evidence.quote) })),
  }
}

function cleared(text: string, { home, privacy, secrets }: PrivacyConfig): string {
  const safe = clearSecrets(text, Object.values(secrets))
  return privacy.redact_paths ? shortenHomePaths(safe, home) : safe
}

/** Numbers, enumerations, ordinals and template sentences stay. */
function withoutWords(facets: Facets, hasTemplates: boolean): Facets {
  return {
    ...facets,
    underlying_goal: null,
    friction_detail: hasTemplates ? facets.friction_detail : null,
    brief_summary: hasTemplates ? facets.brief_summary : null,
    primary_success: knownOrNull(successKinds, facets.primary_success),
    pivot_trigger: knownOrNull(pivotTriggers, facets.pivot_trigger),
    people_mentioned: null,
    relationship_actions: null,
    evidence: facets.evidence.map(withoutQuote),
  }
}

function withoutQuote({ value, ...evidence }: Evidence): Evidence {
  return { ...evidence, quote: null, ...(value !== undefined && enumerated.has(value) ? { value } : {}) }
}

function knownOrNull<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((name) => name === text) ?? null
}
