// One interface per file in sql/reports that the letter reads, column by column.

type Role = 'current' | 'previous'

/** What every split of the sessions with facets counts, in the period and in the one before it. */
export interface SplitRow {
  session_count: number
  active_seconds: number
  active_share: number
  cost_usd: number | null
  unpriced_call_count: number
  previous_session_count: number
  previous_active_seconds: number
  previous_active_share: number
}

export type BusinessRow = SplitRow & { business: string }
export type AlignmentRow = SplitRow & { priority_alignment: string }
export type PriorityRow = SplitRow & { priority_matched: string }
export type WorkflowRow = SplitRow & { workflow_type: string }
export type OutcomeRow = SplitRow & { outcome: string }
export type GoalRow = SplitRow & { primary_task_category: string }
export type PersonRow = SplitRow & { person: string }

export interface ProjectChangeRow {
  project: string | null
  session_count: number
  active_seconds: number
  cost_usd: number
  previous_session_count: number
  previous_active_seconds: number
}

export interface RelationshipActionRow {
  person: string
  relationship_action: string | null
  outreach_type: string | null
  action_count: number
  previous_action_count: number
}

export interface SkillRow {
  skill_name: string
  used_count: number
  missed_count: number
  previous_used_count: number
  previous_missed_count: number
}

export interface CompletionRow {
  period_role: Role
  faceted_count: number
  started_count: number
  completed_count: number
  abandoned_count: number
  cut_short_count: number
  saved_minutes: number
  estimated_count: number
  artifact_count: number
}

export interface TroubledSessionRow {
  session_id: string
  friction_count: number
  top_friction_kind: string
  top_friction_count: number
  correction_count: number
  retry_loop_count: number
  is_cut_short: boolean
  failed_call_count: number
}

export interface SystemHealthRow {
  period_role: Role
  api_error_count: number
  compaction_count: number
  mcp_call_count: number
  mcp_error_count: number
  test_run_count: number
  failed_test_run_count: number
  headless_count: number
  headless_cost_usd: number
}

export interface FailingToolRow {
  tool_name: string
  call_count: number
  error_count: number
  error_share: number
  previous_call_count: number
  previous_error_count: number
  previous_error_share: number
}

/** The rows of sql/reports/<name>.sql, under its name. */
export interface LetterRows {
  readonly attention_by_business: BusinessRow[]
  readonly project_changes: ProjectChangeRow[]
  readonly goals: GoalRow[]
  readonly workflow_types: WorkflowRow[]
  readonly outcomes: OutcomeRow[]
  readonly completion: CompletionRow[]
  readonly priority_alignment: AlignmentRow[]
  readonly priorities: PriorityRow[]
  readonly troubled_sessions: TroubledSessionRow[]
  readonly skills: SkillRow[]
  readonly relationship_pulse: PersonRow[]
  readonly relationship_actions: RelationshipActionRow[]
  readonly system_health: SystemHealthRow[]
  readonly failing_tools: FailingToolRow[]
}

/** In the order of the letter. */
export const letterQueries = [
  'attention_by_business',
  'project_changes',
  'goals',
  'workflow_types',
  'outcomes',
  'completion',
  'priority_alignment',
  'priorities',
  'troubled_sessions',
  'skills',
  'relationship_pulse',
  'relationship_actions',
  'system_health',
  'failing_tools',
] as const satisfies readonly (keyof LetterRows)[]
