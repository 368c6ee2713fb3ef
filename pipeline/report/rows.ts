// One interface per file in sql/reports, column by column; those that the letter alone reads are in letter/rows.ts.

type Role = 'current' | 'previous'

export interface HeadlineRow {
  period_role: Role
  period: string
  session_count: number
  subagent_count: number
  day_count: number
  project_count: number
  active_seconds: number
  active_union_seconds: number
  cost_usd: number
  unpriced_call_count: number
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  total_tokens: number
  unlogged_count: number
  prompt_count: number
  turn_count: number
  tool_call_count: number
  error_count: number
  lines_added: number
  lines_deleted: number
}

export type HeadlineMeasure =
  | 'session_count'
  | 'active_seconds'
  | 'cost_usd'
  | 'total_tokens'
  | 'reached_share'
  | 'friction_cost_usd'
  | 'error_share'

export interface HeadlineHistoryRow {
  measure_name: HeadlineMeasure
  periods_back: number
  span_start: string
  span_session_count: number
  measure_value: number | null
  unpriced_call_count: number
  usual_value: number | null
  usual_count: number
  usual_unpriced_count: number
}

export interface SurpriseRow {
  surprise_rank: number
  subject_kind: 'measure' | 'project' | 'tool'
  subject: string | null
  metric_name: string
  metric_value: number
  usual_value: number
  least_value: number
  most_value: number
  period_count: number
  distance: number
}

export interface CostRow {
  local_date: string
  model_rank: number | null
  model: string | null
  model_count: number
  call_count: number
  unpriced_call_count: number
  total_tokens: number
  cost_usd: number
}

export interface ProjectRow {
  project_rank: number
  project: string | null
  is_rest: boolean
  project_count: number
  session_count: number
  prompt_count: number
  active_seconds: number
  active_share: number
  cost_usd: number | null
  cost_share: number | null
  unpriced_call_count: number
}

export interface AgentRow {
  source: string
  session_count: number
  subagent_count: number
  prompt_count: number
  tool_call_count: number
  active_seconds: number
  active_share: number
  total_tokens: number | null
  cost_usd: number | null
  unpriced_call_count: number
  unlogged_count: number
}

export interface ToolRow {
  tool_rank: number
  tool_name: string | null
  is_rest: boolean
  tool_count: number
  call_count: number
  error_count: number
  error_share: number
}

export interface HourRow {
  local_weekday: number
  weekday_position: number
  local_hour: number
  prompt_count: number
}

export interface SessionRow {
  session_id: string
  first_date: string
  last_date: string
  started_at: string | null
  source: string
  project: string | null
  model: string | null
  prompt_count: number
  tool_call_count: number
  error_count: number
  active_seconds: number
  subagent_count: number
  cost_usd: number | null
  unpriced_call_count: number
  completion_status: string | null
  is_judged: boolean
  primary_task_category: string | null
  brief_summary: string | null
  underlying_goal: string | null
  outcome: string | null
}

export interface FrictionKindRow {
  friction_kind: string
  friction_count: number
  session_count: number
  previous_friction_count: number
  previous_session_count: number
}

export interface FrictionSignalsRow {
  period_role: Role
  prompt_count: number
  correction_count: number
  interruption_count: number
  rejected_action_count: number
  tool_call_count: number
  tool_error_count: number
  session_count: number
  faceted_session_count: number
}

export interface TipRow {
  tip_rank: number
  tip_id: string
  rule: string
  tip_period: string
  priority: string
  category: string
  observation: string
  recommendation: string
  expected_benefit: string
  is_helpful: boolean
  session_count: number
  project: string | null
  local_date: string | null
}

export interface TipEffectRow {
  tip_id: string
  rule: string
  tip_period: string
  metric_name: string
  metric_before: number
  metric_after: number
  metric_latest: number
  measured_week_count: number
  sample_count: number
  effect: string
  is_small: boolean
}

export interface FilesReadRow {
  source: string
  file_count: number
  line_count: number
  loaded_line_count: number
  blank_line_count: number
  rejected_line_count: number
  partly_read_line_count: number
  glued_object_count: number
  gone_file_count: number
  unread_file_count: number
}

export interface RejectedLineRow {
  source: string
  path: string
  line_number: number
  reason: string
}

export interface UnpricedModelRow {
  model: string
  call_count: number
  total_tokens: number
}

export interface LineTypeRow {
  source: string
  line_type: string
  line_use: string
  line_count: number
  file_count: number
}

export interface DuplicateRow {
  duplicate_rule: string
  period_line_count: number
  period_input_tokens: number
  period_output_tokens: number
  period_cache_read_tokens: number
  period_cache_write_tokens: number
  period_total_tokens: number
  line_count: number
  input_tokens: number
  output_tokens: number
  cache_read_tokens: number
  cache_write_tokens: number
  total_tokens: number
}

export interface UndercountRow {
  source: string
  undercount_kind: string
  first_version: string | null
  last_version: string | null
  affected_count: number
  output_tokens: number
}

export interface MissingUsageRow {
  source: string
  period_session_count: number
  period_unlogged_count: number
  session_count: number
  unlogged_count: number
  unlogged_subagent_count: number
}

export interface ExpiringLogsRow {
  source: string
  kept_days: number
  present_count: number
  due_main_count: number
  due_subagent_count: number
  overdue_count: number
  oldest_modified_at: string | null
  next_deletes_at: string | null
}

export interface AgentTotalRow {
  source: string
  span: 'period' | 'all'
  measure: string
  first_date: string
  last_date: string
  their_amount: number
  our_amount: number
  repeated_amount: number | null
}

export interface UnloggedDaysRow {
  source: string
  day_count: number
  prompt_count: number
  first_date: string
  last_date: string
  period_day_count: number
  period_prompt_count: number
}

export interface FrozenRow {
  period: string
  figures: string
  narrative: string
  timezone: string | null
  starts_at: string | null
  ends_at: string | null
  is_explained: boolean
  has_moved: boolean
}

export type RestatementReason = 'late_session' | 'late_data' | 'new_price' | 'mended_parser' | 'forgotten'

export interface RestatementRow {
  period_role: Role
  period: string
  reason: RestatementReason
  frozen_at: string
  session_count: number
  cost_change_usd: number
  token_change: number
  prompt_change: number
}

export type CostBridgeStep =
  | 'previous'
  | 'calls'
  | 'models'
  | 'context_size'
  | 'cache_share'
  | 'answer_length'
  | 'prices'
  | 'extras'
  | 'current'

export interface CostBridgeRow {
  step_number: number
  step: CostBridgeStep
  change_usd: number | null
  cost_usd: number
}

export interface ChangeRow {
  change_id: string
  change_kind: 'agent_version' | 'model' | 'instructions' | 'skill' | 'settings'
  source: string | null
  project: string | null
  subject: string
  previous_subject: string | null
  local_date: string
  edit_count: number | null
  before_session_count: number
  after_session_count: number
  before_error_rate: number | null
  after_error_rate: number | null
  before_correction_rate: number | null
  after_correction_rate: number | null
  before_session_usd: number | null
  after_session_usd: number | null
}

export interface OpenLoopRow {
  session_id: string
  loop_kind: 'unanswered' | 'cut_short' | 'todo'
  source: string
  project: string | null
  directory: string | null
  local_date: string
  ended_at: string
  open_item_count: number
  underlying_goal: string | null
}

export type FrictionSign = 'correction' | 'tool_failure' | 'interruption' | 'rejection' | 'api_error'

export interface FrictionTrendRow {
  week: string
  week_start: string
  session_count: number
  correction_count: number
  loop_count: number
  mcp_failure_count: number
  cut_short_count: number
  friction_cost_usd: number
  unpriced_call_count: number
  cost_usd: number | null
}

export interface FrictionCostRow {
  friction_sign: FrictionSign
  span_count: number
  recovered_count: number
  llm_call_count: number
  total_tokens: number | null
  cost_usd: number | null
  unpriced_call_count: number
  cost_share: number | null
}

export interface ContradictionRow {
  session_id: string
  contradiction_kind: 'tests_failed_last' | 'last_tool_failed' | 'commit_reverted'
  claimed_outcome: string
  happened_at: string
  event_number: number | null
  project: string | null
}

export interface GrowthRow {
  metric_name: string
  metric_value: number
  previous_value: number | null
  recent_change: number | null
  trend_direction: 'improving' | 'declining' | 'stable'
  trend_strength: number | null
  mean_value: number
  std_dev: number | null
  min_value: number
  max_value: number
  period_count: number
  improved_count: number
  better_streak_count: number
  worse_streak_count: number
  is_less_better: boolean
  is_skill: boolean
  is_strongest: boolean
}

export interface AnomalyRow {
  anomaly_id: string
  anomaly_kind: 'friction_spike' | 'cost_spike' | 'outlier'
  subject_kind: 'day' | 'session'
  subject: string
  project: string | null
  metric_name: string
  metric_value: number
  baseline_value: number
  ratio: number | null
  robust_z: number | null
  observation_count: number
  happened_on: string
}
