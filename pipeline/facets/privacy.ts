// What of a session's facets may be kept: cleared of secrets always, and without words where `content` is none.

import { clearSecrets, shortenHomePaths } from '../clear.js'
import type { Config } from '../config.js'
import {
  type Evidence,
  type Facets,
  frictionKinds,
  goalCategories,
  outcomeReasons,
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
  ...outcomeReasons,
  ...sessionTypes,
  ...frictionKinds,
  ...satisfactionKinds,
  'true',
  'false',
])

type PrivacyConfig = Pick<Config, 'home' | 'privacy' | 'secrets' | 'context'>

/** The facets as they may be stored under the user's privacy settings. */
export function limitFacets(facets: Facets, extractor: string, config: PrivacyConfig): Facets {
  const limited =
    config.privacy.content === 'none'
      ? withoutWords(facets, templateExtractors.has(extractor), config.context)
      : facets
  return mapTexts(limited, (text) => cleared(text, config)) as Facets
}

/** The same value with every text in it mapped; a model may put a secret into any of its fields. */
function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value)
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map))
  if (value === null || typeof value !== 'object') return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, mapTexts(inner, map)]))
}

function cleared(text: string, { home, privacy, secrets }: PrivacyConfig): string {
  const safe = clearSecrets(text, Object.values(secrets))
  return privacy.redact_paths ? shortenHomePaths(safe, home) : safe
}

/** Numbers, enumerations, ordinals, template sentences and what the user's own settings name stay. */
function withoutWords(facets: Facets, hasTemplates: boolean, context: Config['context']): Facets {
  const slugs = new Set([...context.businesses, ...context.priorities].map(({ slug }) => slug))
  const skills = new Set(context.skills.map(({ name }) => `/${name.replace(/^\//, '')}`))
  const areSlugs = (names: readonly string[] | null) => names?.filter((name) => slugs.has(name)) ?? null
  const areSkills = (names: readonly string[] | null) => names?.filter((name) => skills.has(name)) ?? null
  return {
    ...facets,
    underlying_goal: null,
    friction_detail: hasTemplates ? facets.friction_detail : null,
    brief_summary: hasTemplates ? facets.brief_summary : null,
    primary_success: knownOrNull(successKinds, facets.primary_success),
    // The rules name the folder; a model may name anything.
    projects: hasTemplates ? facets.projects : null,
    businesses: areSlugs(facets.businesses),
    priority_matched: knownOrNull([...slugs], facets.priority_matched),
    skills_used: areSkills(facets.skills_used),
    skills_missed: areSkills(facets.skills_missed),
    pivot_trigger: knownOrNull(pivotTriggers, facets.pivot_trigger),
    resumed_from: /^[0-9a-f-]{36}$/i.test(facets.resumed_from ?? '') ? facets.resumed_from : null,
    people_mentioned: null,
    relationship_actions: null,
    evidence: facets.evidence.filter(({ field }) => field in facets).map(withoutQuote),
  }
}

function withoutQuote({ value, ...evidence }: Evidence): Evidence {
  return { ...evidence, quote: null, ...(value !== undefined && enumerated.has(value) ? { value } : {}) }
}

function knownOrNull<T extends string>(known: readonly T[], text: string | null): T | null {
  return known.find((name) => name === text) ?? null
}
