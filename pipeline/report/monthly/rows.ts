// One interface per query that only a month shows, column by column.

export interface MonthRow {
  period: string
  period_start: string
  session_count: number
  day_count: number
  active_seconds: number
  prompt_count: number
  cost_usd: number | null
  unpriced_call_count: number
  unlogged_count: number
  total_tokens: number | null
  tool_call_count: number
  error_rate: number | null
  correction_share: number | null
  friction_cost_share: number | null
  completion_share: number | null
  judged_count: number
  achieved_count: number
  commit_count: number | null
}

export interface WeekSpan {
  week_start: string
  from_date: string
  until_date: string
}

export interface ProjectWeekRow extends WeekSpan {
  project_rank: number
  project: string | null
  is_rest: boolean
  project_count: number
  session_count: number
  active_seconds: number
}

export interface PersonWeekRow extends WeekSpan {
  person: string
  action_count: number
  session_count: number
}

export interface TimeSavedRow {
  estimated_by: string | null
  extraction_model: string | null
  session_count: number
  shared_count: number
  saved_minutes: number | null
  active_seconds: number
  cost_usd: number | null
  unpriced_call_count: number
}

export interface TargetRow {
  target_role: 'checked' | 'set'
  metric_name: string
  target_rank: number
  baseline_value: number
  target_value: number
  is_less_better: boolean
  reference_value: number | null
  reference_period: string | null
  reached_value: number | null
  sample_count: number | null
  is_met: boolean | null
}

/** The rows of sql/reports/<name>.sql, under its name; of a week there are none. */
export interface MonthlyRows {
  readonly month_by_month: MonthRow[]
  readonly project_weeks: ProjectWeekRow[]
  readonly people_weeks: PersonWeekRow[]
  readonly time_saved: TimeSavedRow[]
  readonly targets: TargetRow[]
}

export const monthlyQueries = [
  'month_by_month',
  'project_weeks',
  'people_weeks',
  'time_saved',
  'targets',
] as const satisfies readonly (keyof MonthlyRows)[]
