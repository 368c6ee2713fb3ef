// Other vocabularies' names for what this project calls otherwise: mapped on the way in, never stored.
import {
  type FrictionKind,
  frictionKinds,
  type GoalCategory,
  goalCategories,
  type Outcome,
  outcomes,
  type SatisfactionKind,
  type SessionType,
  satisfactionKinds,
  sessionTypes,
} from './schema.js'

type Counts<K extends string> = Partial<Record<K, number>>

const frictionNames: Readonly<Record<string, FrictionKind>> = {
  misunderstanding: 'misunderstood_request',
  misunderstood: 'misunderstood_request',
  bug: 'buggy_code',
  bugs: 'buggy_code',
  tool_failure: 'tool_limitation',
  tool_failed: 'tool_limitation',
  over_engineering: 'excessive_changes',
  unwanted_changes: 'excessive_changes',
  rejected: 'user_rejected_action',
  user_rejection: 'user_rejected_action',
  loop: 'loop_detected',
  retry_loop: 'loop_detected',
  environment: 'environment_issue',
  environment_error: 'environment_issue',
  external_issue: 'environment_issue',
  empty_result: 'no_results',
}

const goalNames: Readonly<Record<string, GoalCategory>> = {
  feature: 'implement_feature',
  feature_implementation: 'implement_feature',
  debug: 'fix_bug',
  debugging: 'fix_bug',
  debug_investigate: 'fix_bug',
  bug_fix: 'fix_bug',
  refactoring: 'refactor',
  refactor_code: 'refactor',
  testing: 'write_tests',
  code_review: 'review_code',
  understand_codebase: 'explain_explore',
  explain: 'explain_explore',
  question: 'explain_explore',
  documentation: 'docs',
  write_docs: 'docs',
  configuration: 'config_devops',
  configure_system: 'config_devops',
  deploy_infra: 'config_devops',
  deployment: 'config_devops',
  git: 'git_ops',
  git_operations: 'git_ops',
  planning: 'plan_design',
  design: 'plan_design',
}

const satisfactionNames: Readonly<Record<string, SatisfactionKind>> = {
  happy: 'satisfied',
  delighted: 'satisfied',
  very_satisfied: 'satisfied',
  unsure: 'neutral',
  unclear: 'neutral',
  unhappy: 'dissatisfied',
  annoyed: 'frustrated',
}

const outcomeNames: Readonly<Record<string, Outcome>> = {
  success: 'fully_achieved',
  achieved: 'fully_achieved',
  completed: 'fully_achieved',
  partial: 'partially_achieved',
  partially_complete: 'partially_achieved',
  failure: 'not_achieved',
  failed: 'not_achieved',
  abandoned: 'not_achieved',
  unclear: 'unclear_from_transcript',
  unknown: 'unclear_from_transcript',
}

const sessionTypeNames: Readonly<Record<string, SessionType>> = {
  question: 'quick_question',
  quick_query: 'quick_question',
  exploratory: 'exploration',
  iterative: 'iterative_refinement',
}

/** Counts under our friction names; what has no counterpart is a wrong approach, the broadest kind. */
export function ownFrictionCounts(foreign: Readonly<Record<string, number>>): Counts<FrictionKind> {
  return ownCounts(foreign, frictionKinds, frictionNames, 'wrong_approach')
}

/** Counts under our goal categories; what has no counterpart is `other`. */
export function ownGoalCategories(foreign: Readonly<Record<string, number>>): Counts<GoalCategory> {
  return ownCounts(foreign, goalCategories, goalNames, 'other')
}

/** Counts under our satisfaction names; what has no counterpart is neutral. */
export function ownSatisfactionCounts(foreign: Readonly<Record<string, number>>): Counts<SatisfactionKind> {
  return ownCounts(foreign, satisfactionKinds, satisfactionNames, 'neutral')
}

/** Our name for a friction, or null where there is none. */
export function ownFriction(foreign: string): FrictionKind | null {
  return ownName(foreign, frictionKinds, frictionNames)
}

/** Our name for a goal, or null where there is none. */
export function ownGoal(foreign: string): GoalCategory | null {
  return ownName(foreign, goalCategories, goalNames)
}

/** Our name for how content somebody was, or null where there is none. */
export function ownSatisfaction(foreign: string): SatisfactionKind | null {
  return ownName(foreign, satisfactionKinds, satisfactionNames)
}

/** Our name for an outcome, or null where there is none. */
export function ownOutcome(foreign: string): Outcome | null {
  return ownName(foreign, outcomes, outcomeNames)
}

/** Our name for a session type, or null where there is none. */
export function ownSessionType(foreign: string): SessionType | null {
  return ownName(foreign, sessionTypes, sessionTypeNames)
}

function ownCounts<K extends string>(
  foreign: Readonly<Record<string, number>>,
  own: readonly K[],
  names: Readonly<Record<string, K>>,
  rest: K,
): Counts<K> {
  const counts: Counts<K> = {}
  for (const [name, count] of Object.entries(foreign)) {
    if (!(count > 0)) continue
    const key = ownName(name, own, names) ?? rest
    counts[key] = (counts[key] ?? 0) + Math.round(count)
  }
  return counts
}

function ownName<K extends string>(
  foreign: string,
  own: readonly K[],
  names: Readonly<Record<string, K>>,
): K | null {
  const name = foreign
    .trim()
    .toLowerCase()
    .replaceAll(/[^a-z]+/g, '_')
  return own.find((known) => known === name) ?? (Object.hasOwn(names, name) ? (names[name] ?? null) : null)
}
