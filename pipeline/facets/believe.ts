// A model's answer laid over the rules' judgement: what its evidence holds up is taken, for the rest the rules stand.
import { mostMinutesByModel } from '../manual-minutes.js'
import type { Answer } from './answer-shape.js'
import { attributeByModel } from './believe-context.js'
import type { ClearedMessage, ClearedTranscript } from './clear-transcript.js'
import { cutAtWord, quoteFrom } from './evidence.js'
import { names } from './planted-instructions.js'
import { isHuman, isReasonedRefusal, type Log, readLog, tellsOfWork } from './proof.js'
import type { FacetInput } from './provider.js'
import { isInterruption, readConversation } from './rules/conversation.js'
import { judgeSatisfaction } from './rules/satisfaction.js'
import { judgeByRules } from './rules.js'
import {
  type Evidence,
  type Facets,
  type FrictionKind,
  type Outcome,
  outcomes,
  type PivotTrigger,
} from './schema.js'

/** All that a single field is judged from. */
export interface Weighing {
  readonly input: FacetInput
  readonly answer: Answer
  readonly log: Log
  readonly rules: Facets
}

interface Counted<C> {
  readonly counts: C
  readonly evidence: readonly Evidence[]
}

const longest = { goal: 200, summary: 600, detail: 300, success: 100 }
const fewestFailures = 3

export function believe(input: FacetInput, cleared: ClearedTranscript, answer: Answer): Facets {
  const log = readLog(input, cleared)
  const rules = judgeByRules(input)
  if (isObedient(answer, log, rules)) return rules
  const weighing: Weighing = { input, answer, log, rules }
  const goals = believeGoals(weighing)
  const outcome = believeOutcome(weighing)
  const satisfaction = believeSatisfaction(weighing, outcome.counts)
  const frictions = believeFrictions(weighing)
  const corrections = believeCorrections(weighing)
  const loops = believeLoops(weighing)
  const shape = believeShape(weighing)
  return {
    ...rules,
    ...believeWords(weighing, outcome.counts, frictions),
    ...attributeByModel(weighing),
    goal_categories: goals.counts,
    outcome: outcome.counts,
    user_satisfaction_counts: satisfaction.counts,
    claude_helpfulness: chosen(weighing, answer.helpfulness, rules.claude_helpfulness),
    session_type: shape.counts,
    friction_counts: frictions.counts,
    workflow_type: chosen(weighing, answer.workflow_type, rules.workflow_type),
    completion_chain: believeTasks(weighing),
    course_corrections: corrections.counts,
    retry_loops: loops.counts,
    pivot_trigger: pivotOf(corrections.evidence, input),
    estimated_time_saved_minutes: believeMinutes(weighing),
    knowledge_filed: countMessages(weighing, answer.knowledge_filed, ({ role }) => role !== 'human'),
    decisions_made: countMessages(weighing, answer.decisions, isHuman),
    evidence: [
      ...goals.evidence,
      ...outcome.evidence,
      ...shape.evidence,
      ...of(rules, 'session_cut_short'),
      ...satisfaction.evidence,
      ...frictions.evidence,
      ...corrections.evidence,
      ...loops.evidence,
    ],
  }
}

/**
 * It seems to have done as the log told it, and then its word counts for nothing: it gives an instruction as its
 * ground, or, where the log has any, its verdict is far from what the rules see.
 */
function isObedient({ outcome, satisfaction }: Answer, log: Log, rules: Facets): boolean {
  if ([outcome, ...satisfaction].some(({ quote }) => log.isInstruction(quote))) return true
  return log.passages.length > 0 && isFar(outcome.value, rules.outcome ?? unclear)
}

const unclear: Outcome = 'unclear_from_transcript'

/** More than one step, or a verdict where the rules see no ground for any. */
function isFar(said: Outcome, byRules: Outcome): boolean {
  if (said === unclear || said === byRules) return false
  return byRules === unclear || Math.abs(outcomes.indexOf(said) - outcomes.indexOf(byRules)) > 1
}

function of({ evidence }: Facets, field: keyof Facets): Evidence[] {
  return evidence.filter((item) => item.field === field)
}

/** Something in the log asks for this very value. */
function isAskedFor({ log }: Weighing, value: string): boolean {
  return value.includes('_') && names(log.passages, value)
}

function chosen<T extends string | null>(weighing: Weighing, value: T, byRules: T): T {
  return value === null || isAskedFor(weighing, value) ? byRules : value
}

/** Where the log speaks to models, what the rules found stays, whatever the model leaves out. */
function withRules({ log, rules }: Weighing, field: keyof Facets, proven: readonly Evidence[]): Evidence[] {
  if (log.passages.length === 0) return [...proven]
  if (proven.length === 0) return of(rules, field)
  const known = new Set(proven.map(keyOf))
  return [...proven, ...of(rules, field).filter((item) => !known.has(keyOf(item)))].sort(
    (a, b) => (a.ordinals[0] ?? 0) - (b.ordinals[0] ?? 0),
  )
}

function keyOf({ value, ordinals }: Evidence): string {
  return `${value ?? ''} ${ordinals[0]}`
}

/** One message shows one thing once. */
function distinct(evidence: readonly (Evidence | null)[]): Evidence[] {
  return [...new Map(evidence.flatMap((item) => (item === null ? [] : [[keyOf(item), item]]))).values()]
}

function countValues<K extends string>(evidence: readonly Evidence[]): Partial<Record<K, number>> {
  const counts: Partial<Record<K, number>> = {}
  for (const { value } of evidence)
    if (value !== undefined) counts[value as K] = (counts[value as K] ?? 0) + 1
  return counts
}

function believeGoals(weighing: Weighing): Counted<Facets['goal_categories']> {
  const { answer, input, log, rules } = weighing
  const counted = new Set<number>()
  const goals = answer.goals.flatMap(({ category, prompts }) => {
    const own = [...new Set(prompts)]
      .filter((n) => isHumanAt(log, n) && !counted.has(n))
      .sort((a, b) => a - b)
    for (const n of own) counted.add(n)
    return own.length === 0 || isAskedFor(weighing, category) ? [] : [{ category, own }]
  })
  const [main] = goals
  if (!main) return { counts: rules.goal_categories, evidence: of(rules, 'goal_categories') }
  const counts: NonNullable<Facets['goal_categories']> = {}
  for (const { category, own } of goals) counts[category] = (counts[category] ?? 0) + own.length
  const opening = input.transcript.messages.find(({ ordinal }) => ordinal === main.own[0])
  const evidence = {
    field: 'goal_categories',
    value: main.category,
    ordinals: main.own.slice(0, 5),
    quote: quoteFrom(opening?.text ?? ''),
    is_verified: false,
  }
  return { counts, evidence: [evidence] }
}

function isHumanAt(log: Log, ordinal: number): boolean {
  return log.messages.get(ordinal)?.role === 'human'
}

function believeOutcome(weighing: Weighing): Counted<Facets['outcome']> {
  const { answer, log, rules } = weighing
  const { value } = answer.outcome
  const proven = log.prove('outcome', value, answer.outcome, tellsOfWork)
  if (proven === null || isAskedFor(weighing, value))
    return { counts: rules.outcome, evidence: of(rules, 'outcome') }
  return { counts: value, evidence: [proven] }
}

function believeShape(weighing: Weighing): Counted<Facets['session_type']> {
  const { answer, rules, log } = weighing
  const type = chosen(weighing, answer.session_type, rules.session_type)
  if (type === rules.session_type) return { counts: type, evidence: of(rules, 'session_type') }
  const ordinals = answer.goals
    .flatMap(({ prompts }) => prompts)
    .filter((n) => isHumanAt(log, n))
    .slice(0, 5)
  return {
    counts: type,
    evidence:
      type === null
        ? []
        : [{ field: 'session_type', value: type, ordinals, quote: null, is_verified: false }],
  }
}

function believeSatisfaction(
  weighing: Weighing,
  outcome: Outcome | null,
): Counted<Facets['user_satisfaction_counts']> {
  const { answer, input, log } = weighing
  const proven = answer.satisfaction.map((said) =>
    isAskedFor(weighing, said.kind) ? null : log.prove('user_satisfaction_counts', said.kind, said, isHuman),
  )
  const evidence = withRules(weighing, 'user_satisfaction_counts', distinct(proven))
  if (evidence.length > 0) return { counts: countValues(evidence), evidence }
  // Nobody said anything: what the rules assume then, of the outcome that stands.
  const conversation = readConversation(input)
  return judgeSatisfaction(conversation, { outcome: outcome ?? unclear, ground: conversation.closing })
}

function believeFrictions(weighing: Weighing): Counted<NonNullable<Facets['friction_counts']>> & {
  readonly isOwn: boolean
} {
  const { answer, log, rules } = weighing
  const proven = distinct(
    answer.frictions.map((said) => log.prove('friction_counts', said.kind, said, shows(said.kind))),
  )
  const isUnproven = answer.frictions.length > 0 && proven.length === 0
  const evidence = isUnproven ? of(rules, 'friction_counts') : withRules(weighing, 'friction_counts', proven)
  return { counts: countValues<FrictionKind>(evidence), evidence, isOwn: proven.length > 0 }
}

/** Where a friction of that kind can be seen. */
function shows(kind: FrictionKind): (message: ClearedMessage) => boolean {
  if (kind === 'no_results') return () => true
  if (kind !== 'user_rejected_action') return tellsOfWork
  return (message) =>
    message.role === 'note' || message.role === 'human' || message.answers?.end === 'refused'
}

function believeCorrections(weighing: Weighing): Counted<Facets['course_corrections']> {
  const { answer, input, log, rules } = weighing
  const first = input.transcript.messages.find(({ role }) => role === 'human')?.ordinal
  const canCorrect = (message: ClearedMessage): boolean =>
    (isHuman(message) && message.ordinal !== first) || isReasonedRefusal(message)
  const proven = distinct(
    answer.corrections.map((said) => log.prove('course_corrections', null, said, canCorrect)),
  )
  const isUnproven = answer.corrections.length > 0 && proven.length === 0
  const evidence = isUnproven
    ? of(rules, 'course_corrections')
    : withRules(weighing, 'course_corrections', proven)
  return { counts: evidence.length, evidence }
}

/** The log knows what failed: three failures or more, or it is no loop. */
function believeLoops(weighing: Weighing): Counted<Facets['retry_loops']> {
  const { answer, log, rules } = weighing
  const loops = answer.retry_loops.flatMap(({ failures }) => {
    const failed = [...new Set(failures)].filter((n) => log.messages.get(n)?.answers?.end === 'failed')
    return failed.length < fewestFailures ? [] : [failed.sort((a, b) => a - b)]
  })
  if (loops.length === 0 && (answer.retry_loops.length > 0 || log.passages.length > 0))
    return { counts: rules.retry_loops, evidence: of(rules, 'retry_loops') }
  const evidence = loops.map((ordinals) => ({
    field: 'retry_loops',
    ordinals,
    quote: null,
    is_verified: false,
  }))
  return { counts: evidence.length, evidence }
}

function believeTasks(weighing: Weighing): Facets['completion_chain'] {
  const { answer, log, rules } = weighing
  const set = answer.tasks.filter((task) => isHumanAt(log, task.set_by))
  if (set.length === 0) return rules.completion_chain
  const countOf = (wanted: string) => set.filter(({ state }) => state === wanted).length
  return { started: set.length, completed: countOf('completed'), abandoned: countOf('abandoned') }
}

function believeMinutes(weighing: Weighing): number | null {
  const saved = weighing.answer.time_saved_minutes
  const minutes = saved === null ? null : Math.round(saved)
  if (minutes === null || minutes < 0 || minutes > mostMinutesByModel) return null
  return names(weighing.log.passages, String(minutes)) ? null : minutes
}

function countMessages(
  { log }: Weighing,
  ordinals: readonly number[],
  isMeant: (message: ClearedMessage) => boolean,
): number {
  return [...new Set(ordinals)].filter((n) => {
    const message = log.messages.get(n)
    return message !== undefined && isMeant(message)
  }).length
}

/** The log knows how the first correction came about. */
function pivotOf(corrections: readonly Evidence[], { transcript }: FacetInput): PivotTrigger | null {
  const ordinal = corrections[0]?.ordinals[0]
  const i = transcript.messages.findIndex((message) => message.ordinal === ordinal)
  const [before, message] = [transcript.messages[i - 1], transcript.messages[i]]
  if (!message) return null
  if (message.role === 'tool') return 'rejected_action'
  return before && isInterruption(before) ? 'interruption' : 'correction'
}

/** A sentence that says what some passage wanted said is nobody's judgement. */
function believeWords(
  { answer, log, rules }: Weighing,
  outcome: Outcome | null,
  frictions: { readonly isOwn: boolean; readonly evidence: readonly Evidence[] },
): Pick<Facets, 'underlying_goal' | 'brief_summary' | 'friction_detail' | 'primary_success'> {
  const own = (text: string | null, maxChars: number): string | null => {
    const line = text?.replaceAll(/\s+/g, ' ').trim() ?? ''
    return line === '' || log.isInstruction(line) ? null : cutAtWord(line, maxChars)
  }
  const detail = frictions.isOwn ? own(answer.friction_detail, longest.detail) : null
  return {
    underlying_goal: own(answer.underlying_goal, longest.goal) ?? rules.underlying_goal,
    brief_summary:
      own(answer.brief_summary, longest.summary) ?? (outcome === rules.outcome ? rules.brief_summary : null),
    friction_detail: frictions.evidence.length === 0 ? null : (detail ?? rules.friction_detail),
    primary_success:
      answer.primary_success === null
        ? null
        : (own(answer.primary_success, longest.success) ?? rules.primary_success),
  }
}
