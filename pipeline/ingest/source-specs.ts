// What the configuration says of each source, with what it leaves unsaid.
import type { Config } from '../config.js'
import { UserError } from '../errors.js'
import { type Source, sources } from './formats/format.js'

export interface SourceSpec {
  readonly source: Source
  readonly enabled: boolean
  /** Read instead of the usual places; null where these are meant. */
  readonly paths: readonly string[] | null
  /** Whether the configuration names it. */
  readonly isListed: boolean
}

/**
 * Those that the configuration lists, then all others, which are looked for at their usual places: to list one source
 * does not switch off the rest. The demo reads nothing but its own logs.
 */
export function sourceSpecs({ sources: listed, isDemo }: Config): SourceSpec[] {
  const specs = (listed ?? []).map((spec) => ({ ...spec, source: knownSource(spec.source), isListed: true }))
  const named = new Set(specs.map(({ source }) => source))
  const others = sources
    .filter((source) => !isDemo && !named.has(source))
    .map((source) => ({ source, enabled: true, paths: null, isListed: false }))
  return [...specs, ...others]
}

function knownSource(name: string): Source {
  const source = sources.find((known) => known === name)
  if (source !== undefined) return source
  throw new UserError(`sources: unknown source "${name}"`, `Expected one of: ${sources.join(', ')}.`)
}
