// What a session was about: every field that any provider may give, with its list of values.
import * as z from '../zod.js'

export const goalCategories = [
  'implement_feature',
  'fix_bug',
  'refactor',
  'write_tests',
  'review_code',
  'explain_explore',
  'docs',
  'config_devops',
  'git_ops',
  'plan_design',
  'research',
  'other',
] as const

/** From best to worst; the last says that the log does not tell. */
export const outcomes = [
  'fully_achieved',
  'mostly_achieved',
  'partially_achieved',
  'not_achieved',
  'unclear_from_transcript',
] as const

export const sessionTypes = [
  'single_task',
  'multi_task',
  'iterative_refinement',
  'exploration',
  'quick_question',
] as const

export const frictionKinds = [
  'wrong_approach',
  'misunderstood_request',
  'buggy_code',
  'tool_limitation',
  'excessive_changes',
  'user_rejected_action',
  'loop_detected',
  'environment_issue',
  'no_results',
] as const

export const satisfactionKinds = [
  'satisfied',
  'likely_satisfied',
  'neutral',
  'dissatisfied',
  'frustrated',
] as const

export const helpfulnessLevels = [
  'essential',
  'very_helpful',
  'moderately_helpful',
  'slightly_helpful',
  'unhelpful',
] as const

export const priorityAlignments = ['aligned', 'supportive', 'neutral', 'drift'] as const
export const initiators = [
  'user-interactive',
  'discord-mention',
  'scheduled-job',
  'sub-agent',
  'webhook',
] as const
export const outreachTypes = ['proactive', 'reactive', 'automated', 'none'] as const
export const workflowTypes = [
  'email',
  'research',
  'filing',
  'meeting-prep',
  'agreement',
  'event-planning',
  'relationship-maintenance',
  'skill-building',
  'debugging',
  'content-creation',
  'admin',
] as const

/** What worked best, where a rule names it; a model may use its own words. */
export const successKinds = [
  'tests_passing',
  'changes_pushed',
  'changes_committed',
  'pull_request_opened',
  'files_changed',
  'question_answered',
] as const

/** What a rule found against the goal having been reached, weightiest first. */
export const outcomeReasons = [
  'stopped_by_user',
  'log_ends_midway',
  'request_unanswered',
  'failure_admitted',
  'tests_failing',
  'check_failing',
  'failure_unanswered',
  'fix_unchecked',
  'steps_announced',
  'choice_open',
  'tasks_open',
] as const

/** What made a session change course, where a rule names it; a model may use its own words. */
export const pivotTriggers = ['correction', 'interruption', 'rejected_action'] as const

export type GoalCategory = (typeof goalCategories)[number]
export type Outcome = (typeof outcomes)[number]
export type SessionType = (typeof sessionTypes)[number]
export type FrictionKind = (typeof frictionKinds)[number]
export type SatisfactionKind = (typeof satisfactionKinds)[number]
export type Helpfulness = (typeof helpfulnessLevels)[number]
export type Initiator = (typeof initiators)[number]
export type Outreach = (typeof outreachTypes)[number]
export type WorkflowType = (typeof workflowTypes)[number]
export type OutcomeReason = (typeof outcomeReasons)[number]
export type PivotTrigger = (typeof pivotTriggers)[number]
export type SuccessKind = (typeof successKinds)[number]

const count = z.int().nonnegative()
const text = z.string().nullable()
const names = z.array(z.string()).nullable()

/** One judgement's ground: where in the conversation, in whose words, and whether those words are really there. */
export const evidenceSchema = z.strictObject({
  field: z.string(),
  value: z.string().optional(),
  ordinals: z.array(z.int().positive()),
  quote: text,
  is_verified: z.boolean(),
})

/** What is stored per session. Null is "not known"; 0 and [] are "looked, and there was none". */
export const facetsSchema = z.strictObject({
  underlying_goal: text,
  goal_categories: z.partialRecord(z.enum(goalCategories), count).nullable(),
  outcome: z.enum(outcomes).nullable(),
  user_satisfaction_counts: z.partialRecord(z.enum(satisfactionKinds), count).nullable(),
  claude_helpfulness: z.enum(helpfulnessLevels).nullable(),
  session_type: z.enum(sessionTypes).nullable(),
  friction_counts: z.partialRecord(z.enum(frictionKinds), count).nullable(),
  friction_detail: text,
  primary_success: z.string().max(100).nullable(),
  brief_summary: text,

  projects: names,
  businesses: names,
  priority_alignment: z.enum(priorityAlignments).nullable(),
  priority_matched: text,

  workflow_type: z.enum(workflowTypes).nullable(),
  initiated_by: z.enum(initiators).nullable(),
  completion_chain: z.strictObject({ started: count, completed: count, abandoned: count }).nullable(),
  skills_used: names,
  skills_missed: names,

  course_corrections: count.nullable(),
  retry_loops: count.nullable(),
  pivot_trigger: z.string().max(100).nullable(),
  mcp_failures: count.nullable(),
  session_cut_short: z.boolean().nullable(),
  resumed_from: text,

  people_mentioned: names,
  relationship_actions: z.array(z.strictObject({ person: z.string(), action: z.string() })).nullable(),
  outreach_type: z.enum(outreachTypes).nullable(),

  estimated_time_saved_minutes: count.nullable(),
  artifacts_created: count.nullable(),
  knowledge_filed: count.nullable(),
  decisions_made: count.nullable(),

  evidence: z.array(evidenceSchema),
})

export type Facets = z.output<typeof facetsSchema>
export type Evidence = z.output<typeof evidenceSchema>
