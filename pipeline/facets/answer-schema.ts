// A model's answer read: JSON found, foreign names mapped onto ours, validated, and believed as far as the log bears it out.
import type { Config } from '../config.js'
import { type Answer, answerSchema, type Summary, summarySchema } from './answer-shape.js'
import { believe } from './believe.js'
import type { ClearedTranscript } from './clear-transcript.js'
import { findJsonObject, isObject } from './find-json.js'
import type { FacetInput } from './provider.js'
import type { Facets } from './schema.js'
import { ownFriction, ownGoal, ownOutcome, ownSatisfaction, ownSessionType } from './vocabulary.js'

/** An answer that is no valid one; the problems are in our own words, so that they may stand in an instruction. */
export class AnswerError extends Error {
  override readonly name = 'AnswerError'
  constructor(readonly problems: readonly string[]) {
    super(`expected a JSON object of the asked shape: ${problems.join('; ')}`)
  }
}

/** The facets that the answer and the log together give; throws AnswerError. */
export function readAnswer(input: FacetInput, cleared: ClearedTranscript, text: string): Facets {
  return believe(input, cleared, parseAnswer(text, input.context))
}

export function parseAnswer(text: string, context: Config['context']): Answer {
  return validated(answerSchema(context), mapNames(objectIn(text)))
}

export function parseSummary(text: string): Summary {
  return validated(summarySchema, objectIn(text))
}

function objectIn(text: string): Record<string, unknown> {
  const found = findJsonObject(text)
  if (found === null) throw new AnswerError(['it holds no whole JSON object'])
  return found
}

const mostProblems = 12

/** Paths are made of the schema's keys and of positions: no word of the answer gets into a problem. */
function validated<T>(
  schema: { safeParse(value: unknown): { success: true; data: T } | { success: false; error: Issues } },
  value: unknown,
): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    ({ path, message }) => `${path.join('.') || 'the object'}: ${message}`,
  )
  throw new AnswerError(problems.slice(0, mostProblems))
}

interface Issues {
  readonly issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[]
}

/** A name that nobody knows stays as it is, and the schema says so. */
function mapNames(raw: Record<string, unknown>): Record<string, unknown> {
  return {
    ...raw,
    session_type: ownOr(raw.session_type, ownSessionType),
    outcome: mapKey(raw.outcome, 'value', ownOutcome),
    goals: mapEach(raw.goals, 'category', ownGoal),
    satisfaction: mapEach(raw.satisfaction, 'kind', ownSatisfaction),
    frictions: mapEach(raw.frictions, 'kind', ownFriction),
  }
}

type Own = (foreign: string) => string | null

function mapEach(list: unknown, key: string, own: Own): unknown {
  return Array.isArray(list) ? list.map((item) => mapKey(item, key, own)) : list
}

function mapKey(value: unknown, key: string, own: Own): unknown {
  return isObject(value) ? { ...value, [key]: ownOr(value[key], own) } : value
}

function ownOr(name: unknown, own: Own): unknown {
  return typeof name === 'string' ? (own(name) ?? name) : name
}
