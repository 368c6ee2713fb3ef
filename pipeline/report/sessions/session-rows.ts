// The rows behind the sessions' own pages, column by column: one interface per file sql/reports/session_*.sql.

export interface SessionDetailRow {
  session_id: string
  ended_at: string | null
  agent_version: string | null
  git_branch: string | null
  tags: string | null
  turn_count: number
  interruption_count: number
  rejection_count: number
  input_tokens: number | null
  output_tokens: number | null
  cache_read_tokens: number | null
  cache_write_tokens: number | null
  total_tokens: number | null
  subagent_cost_usd: number | null
  file_count: number
  lines_added: number | null
  lines_deleted: number | null
  extractor: string | null
  extraction_model: string | null
  goal_categories: string | null
  session_type: string | null
  claude_helpfulness: string | null
  user_satisfaction_counts: string | null
  friction_counts: string | null
  friction_detail: string | null
  primary_success: string | null
  workflow_type: string | null
  priority_alignment: string | null
  priority_matched: string | null
  skills_used: string | null
  skills_missed: string | null
  course_corrections: number | null
  retry_loops: number | null
  pivot_trigger: string | null
  is_cut_short: boolean | null
  estimated_time_saved_minutes: number | null
  /** JSON: see Evidence in judgements.ts. */
  evidence: string | null
}

export interface SessionTurnRow {
  session_id: string
  turn_number: number
  started_at: string
  ended_at: string
  pause_seconds: number | null
  reply_count: number
  read_count: number
  edit_count: number
  search_count: number
  shell_count: number
  web_count: number
  delegate_count: number
  mcp_count: number
  other_count: number
  subagent_call_count: number
  error_count: number
  interruption_count: number
  /** Letters with the seconds between them: see sql/reports/session_turns.sql. */
  timeline: string
}

export interface SessionToolRow {
  session_id: string
  tool_rank: number
  tool_name: string | null
  call_count: number
  error_count: number
}

export interface SessionFileRow {
  session_id: string
  file_rank: number
  path: string
  edit_count: number
  lines_added: number
  lines_deleted: number
}
