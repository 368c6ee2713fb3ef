// What Claude Code's /insights wrote about sessions, taken in at no cost: its judgements over those of our rules.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Config } from '../config.js'
import { messageOf, UserError } from '../errors.js'
import type { StageContext } from '../events.js'
import type { Database } from '../warehouse/db.js'
import * as z from '../zod.js'
import { keyOf } from './due.js'
import { keptFacets, readInput, type TranscriptEffects } from './judge.js'
import type { FacetInput, FacetProvider, SessionFacts } from './provider.js'
import { judgeByRules } from './rules.js'
import { type Facets, helpfulnessLevels, outcomes } from './schema.js'
import { type StoredFacets, storedKeys, storeFacets } from './store.js'
import { ownFrictionCounts, ownGoalCategories, ownSatisfactionCounts, ownSessionType } from './vocabulary.js'

const counts = z.record(z.string(), z.number().nonnegative())
const text = z.string().nullish()

/** The shape of one file; keys of later versions are passed over. */
const insightsSchema = z.object({
  session_id: z.string().min(1).optional(),
  underlying_goal: text,
  goal_categories: counts.nullish(),
  outcome: text,
  user_satisfaction_counts: counts.nullish(),
  claude_helpfulness: text,
  session_type: text,
  friction_counts: counts.nullish(),
  friction_detail: text,
  primary_success: text,
  brief_summary: z.string(),
})
type Insights = z.output<typeof insightsSchema>

export interface ImportResult {
  readonly folders: readonly string[]
  readonly fileCount: number
  readonly imported: number
  /** A model that was asked knows more: its facets stay. */
  readonly judgedByModel: number
  /** Of sessions that are not loaded. */
  readonly unknown: number
  /** Whose log is gone: what rules would add is not there. */
  readonly withoutLog: number
  readonly rejected: readonly { readonly file: string; readonly reason: string }[]
}

/** Its name and version in state.facets. */
const insights = { name: 'insights', model: null, promptVersion: 1 } as FacetProvider
const maxSuccessChars = 100

/** Reads `<folder>/*.json`; without a folder, the usual places. */
export async function importInsights(
  ctx: StageContext<Config>,
  db: Database,
  sessions: readonly SessionFacts[],
  folder: string | undefined,
  effects: TranscriptEffects,
): Promise<ImportResult> {
  const folders = folder === undefined ? usualFolders(ctx.config) : [folder]
  const files = filesIn(folders)
  const byId = new Map(sessions.map((session) => [session.session_id, session]))
  const known = await storedKeys(db)
  const tally = { imported: 0, judgedByModel: 0, unknown: 0, withoutLog: 0 }
  const rejected: { file: string; reason: string }[] = []
  const rows = new Map<string, StoredFacets>()
  for (const file of files) {
    const read = readInsights(file)
    if (typeof read === 'string') {
      rejected.push({ file, reason: read })
      ctx.emit({ step: 'facets', action: 'warn', subject: file, message: read })
      continue
    }
    const session = byId.get(read.session_id ?? basename(file, '.json'))
    const extractor = session && known.get(session.session_id)?.extractor
    if (session === undefined) tally.unknown += 1
    else if (extractor !== undefined && !['rules', 'insights'].includes(extractor)) tally.judgedByModel += 1
    else {
      const input = await readInput(session, ctx.config, effects).catch(() => null)
      if (input === null) tally.withoutLog += 1
      rows.set(session.session_id, importedRow(ctx, session, read, input))
      tally.imported += 1
    }
  }
  await storeFacets(db, [...rows.values()])
  return { folders, fileCount: files.length, ...tally, imported: rows.size, rejected }
}

/** Where Claude Code keeps them. */
function usualFolders({ agentEnv, home }: Config): string[] {
  const configured = agentEnv.CLAUDE_CONFIG_DIR?.split(',').map((place) => place.trim())
  const places = configured ?? [join(home, '.claude')]
  return places.filter(Boolean).map((place) => join(place, 'usage-data', 'facets'))
}

function filesIn(folders: readonly string[]): string[] {
  const there = folders.filter((folder) => existsSync(folder))
  if (there.length === 0)
    throw new UserError(
      `there is nothing to import: expected a folder of JSON files at ${folders.join(' or ')}`,
      'Run /insights in Claude Code first, or name the folder: debrief facets import FOLDER.',
    )
  return there.flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => join(folder, name)),
  )
}

/** What the file says; else what was expected of it and what came. */
function readInsights(file: string): Insights | string {
  let raw: unknown
  try {
    raw = JSON.parse(readFileSync(file, 'utf8'))
  } catch (cause) {
    // The parser's own message quotes the file.
    return cause instanceof SyntaxError
      ? 'expected JSON as /insights writes it, and it is not whole'
      : `expected a file that can be read: ${messageOf(cause)}`
  }
  const parsed = insightsSchema.safeParse(raw)
  if (parsed.success) return parsed.data
  const problems = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'the whole'}: ${issue.message}`,
  )
  return `expected facets as /insights writes them: ${problems.join('; ')}`
}

function importedRow(
  ctx: StageContext<Config>,
  session: SessionFacts,
  read: Insights,
  input: FacetInput | null,
): StoredFacets {
  const { context, privacy } = ctx.config
  const transcript = { sessionId: session.session_id, title: null, messages: [] }
  const given = input ?? { session, transcript, context, privacy: privacy.content }
  const byRules = judgeByRules(given)
  const facets = { ...(input === null ? onlyKnown(byRules) : byRules), ...ownWords(read) }
  return keptFacets(ctx, keyOf(session, insights, ctx.config), given, {
    facets: { ...facets, evidence: facets.evidence.filter(({ field }) => !isReplaced(field, read)) },
    costUsd: 0,
  })
}

/** Of an empty conversation rules would say that there was nothing, where it is only not known. */
function onlyKnown(facets: Facets): Facets {
  const unknown = Object.fromEntries(Object.keys(facets).map((key) => [key, null]))
  return { ...(unknown as unknown as Facets), evidence: [] }
}

/** Its fields under our names; what it leaves out stays as the rules have it. */
function ownWords(read: Insights): Partial<Facets> {
  const outcome = outcomes.find((own) => own === read.outcome)
  const helpfulness = helpfulnessLevels.find((own) => own === read.claude_helpfulness)
  const type = read.session_type ? ownSessionType(read.session_type) : null
  const said: { [K in keyof Facets]?: Facets[K] | null | undefined } = {
    underlying_goal: read.underlying_goal,
    goal_categories: read.goal_categories && ownGoalCategories(read.goal_categories),
    outcome,
    user_satisfaction_counts:
      read.user_satisfaction_counts && ownSatisfactionCounts(read.user_satisfaction_counts),
    claude_helpfulness: helpfulness,
    session_type: type,
    friction_counts: read.friction_counts && ownFrictionCounts(read.friction_counts),
    friction_detail: read.friction_detail,
    primary_success: read.primary_success?.slice(0, maxSuccessChars),
    brief_summary: read.brief_summary,
  }
  const given = Object.entries(said).filter(([, value]) => value !== null && value !== undefined)
  return Object.fromEntries(given) as Partial<Facets>
}

/** The rules' grounds are none for another's judgement. */
function isReplaced(field: string, read: Insights): boolean {
  return field in ownWords(read)
}
