// The rows behind the site's pages, column by column: one interface per file in sql/site.

export interface TotalsRow {
  first_date: string | null
  last_date: string | null
  last_event_at: string | null
  session_count: number
  subagent_count: number
  day_count: number
  project_count: number
  active_seconds: number
  cost_usd: number
  unpriced_call_count: number
  total_tokens: number
  prompt_count: number
  tool_call_count: number
  error_count: number
}

export interface WeekRow {
  week: string
  week_start: string
  session_count: number
  subagent_count: number
  active_seconds: number
  cost_usd: number
  unpriced_call_count: number
  total_tokens: number
  prompt_count: number
  tool_call_count: number
  error_count: number
  judged_count: number
  known_count: number
  achieved_count: number
  friction_count: number
}

export interface MonthRow {
  month: string
  month_start: string
  session_count: number
  subagent_count: number
  active_seconds: number
  cost_usd: number
  unpriced_call_count: number
  total_tokens: number
  prompt_count: number
}

export interface GrowthPoint {
  user_id: string
  period_kind: 'weekly' | 'monthly'
  period: string
  period_start: string
  metric_name: string
  metric_value: number
  previous_value: number | null
  recent_change: number | null
  trend_direction: 'improving' | 'declining' | 'stable'
  trend_strength: number | null
  period_count: number
  is_less_better: boolean
  is_skill: boolean
}

export interface SiteTipRow {
  tip_id: string
  rule: string
  period: string
  priority: string
  category: string
  observation: string
  recommendation: string
  expected_benefit: string
  extractor: string
  feedback: 'helpful' | 'dismissed' | null
  metric_name: string
  metric_before: number
  is_less_better: boolean
  metric_after: number | null
  measured_week_count: number | null
  effect: 'better' | 'worse' | 'same' | null
  is_small: boolean | null
}

export interface SiteSessionRow {
  session_id: string
  week: string
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
  is_extraction: boolean
  primary_task_category: string | null
  outcome: string | null
  friction_count: number | null
  underlying_goal: string | null
  brief_summary: string | null
}

export interface PlanRow {
  source: string
  place: string
  document_id: string
  session_id: string | null
  project: string | null
  title: string | null
  session_count: number
  modified_at: string
}
