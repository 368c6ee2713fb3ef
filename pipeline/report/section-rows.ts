// The rows of the queries behind attention, friction's worst moments, tools and growth: one interface per file in sql/reports.
import type { FrictionSign } from './rows.js'

export interface ModelRow {
  model: string | null
  session_count: number
  active_seconds: number
  active_share: number
  call_count: number
  output_tokens: number
  total_tokens: number
  cost_usd: number
  unpriced_call_count: number
  cost_share: number | null
}

export interface WorstMomentRow {
  moment_rank: number
  session_id: string
  is_subagent: boolean
  project: string | null
  friction_sign: FrictionSign
  sign_count: number
  starts_at: string
  ends_at: string
  length_seconds: number
  turn_number: number
  tool_name: string | null
  error_kind: string | null
  tool_call_count: number
  failed_call_count: number
  llm_call_count: number
  cost_usd: number | null
  unpriced_call_count: number
  is_recovered: boolean
}

export interface ToolMixRow {
  tool_kind: string
  call_count: number
  call_share: number
  error_count: number
  error_share: number
  previous_call_count: number
  previous_call_share: number
}

export interface SlowToolRow {
  tool_name: string
  call_count: number
  median_ms: number
  p95_ms: number
  longest_ms: number
  total_ms: number
  previous_call_count: number
  previous_p95_ms: number | null
}

export interface SlowestCallRow {
  call_rank: number
  session_id: string
  is_subagent: boolean
  project: string | null
  tool_name: string | null
  target: string | null
  called_at: string
  duration_ms: number
  is_error: boolean
}

export interface DelegationRow {
  delegated_agent: string | null
  call_count: number
  error_count: number
  timed_count: number
  median_ms: number | null
  longest_ms: number | null
  previous_call_count: number
  previous_error_count: number
}

export interface GrowthValueRow {
  metric_name: string
  period: string
  period_start: string
  metric_value: number
}
