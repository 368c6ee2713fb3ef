// The tables and columns that others build on, as DESIGN promises them; columns may be added freely.

const session = `source user_id machine_id project parent_session_id is_subagent started_at ended_at
  duration_seconds active_seconds prompt_count turn_count assistant_message_count tool_call_count error_count
  delegation_count interruption_count compaction_count model agent_version git_branch files_touched_count
  repos_accessed_count lines_added lines_deleted input_tokens output_tokens cache_read_tokens cache_write_tokens
  cost_usd cost_with_subagents_usd unpriced_call_count completion_status tags local_date week`

const facets = `underlying_goal goal_categories outcome user_satisfaction_counts claude_helpfulness session_type
  friction_counts friction_detail primary_success brief_summary projects businesses priority_alignment
  priority_matched workflow_type initiated_by completion_chain skills_used skills_missed course_corrections
  retry_loops pivot_trigger mcp_failures session_cut_short resumed_from people_mentioned relationship_actions
  outreach_type estimated_time_saved_minutes artifacts_created knowledge_filed decisions_made extraction_model
  extraction_cost_usd extractor prompt_version extracted_at evidence`

/** Grain and columns of each mart. */
export const publicTables: Readonly<Record<string, { grain: string; columns: string }>> = {
  sessions: { grain: 'session_id', columns: session },
  session_days: {
    grain: 'session_id local_date',
    columns: `active_seconds prompt_count turn_count tool_call_count error_count delegation_count interruption_count
      lines_added lines_deleted input_tokens output_tokens cache_read_tokens cache_write_tokens cost_usd
      unpriced_call_count`,
  },
  llm_calls: {
    grain: 'llm_call_id',
    columns: `session_id source called_at model input_tokens output_tokens cache_read_tokens cache_write_5m_tokens
      cache_write_1h_tokens cache_write_tokens context_tokens cost_usd is_subagent local_date week`,
  },
  tool_calls: {
    grain: 'tool_call_id',
    columns: `session_id source tool_name tool_kind called_at duration_ms is_error error_kind is_delegation
      delegated_agent target`,
  },
  file_edits: {
    grain: 'file_edit_id',
    columns: 'session_id edited_at path operation lines_added lines_deleted',
  },
  prompts: { grain: 'prompt_id', columns: 'session_id prompted_at char_count is_correction' },
  events: { grain: 'session_id event_number', columns: 'kind happened_at reference' },
  active_spells: { grain: 'session_id local_date spell_at', columns: 'started_at ended_at active_seconds' },
  main_session_days: {
    grain: 'session_id local_date',
    columns: 'week month active_seconds cost_usd unpriced_call_count',
  },
  session_metrics: {
    grain: 'session_id',
    columns: `unique_tools_used tool_diversity time_per_turn_seconds tool_calls_per_turn error_rate delegation_ratio
      primary_task_category complexity completion_status`,
  },
  period_metrics: {
    grain: 'user_id period_kind period',
    columns: `session_count active_seconds active_union_seconds prompt_count turn_count tool_call_count error_count
      lines_added lines_deleted input_tokens output_tokens cache_read_tokens cache_write_tokens cost_usd
      unpriced_call_count avg_tool_diversity avg_time_per_turn_seconds avg_session_seconds error_rate
      delegation_ratio`,
  },
  session_facets: { grain: 'session_id', columns: facets },
  session_tags: { grain: 'session_id tag', columns: 'is_from_facets week' },
  friction_spans: {
    grain: 'session_id span_number',
    columns: `friction_sign starts_at ends_at start_event_number end_event_number llm_call_count total_tokens cost_usd
      unpriced_call_count is_recovered local_date week`,
  },
  contradictions: {
    grain: 'session_id contradiction_kind',
    columns: 'claimed_outcome event_number happened_at',
  },
  growth: {
    grain: 'user_id period_kind period metric_name',
    columns: `metric_value previous_value recent_change trend_direction trend_strength mean_value std_dev min_value
      max_value period_count improved_count is_less_better is_strongest`,
  },
  anomalies: {
    grain: 'anomaly_id',
    columns: `anomaly_kind subject_kind subject metric_name metric_value baseline_value ratio robust_z
      observation_count happened_on week`,
  },
  facet_coverage: {
    grain: 'session_id',
    columns: `is_eligible ineligible_reason has_facets extractor asked_extractor is_stand_in stand_in_reason
      evidence_count verified_evidence_count`,
  },
  model_requests: {
    grain: 'request_id',
    columns: `run_id month requested_at purpose subject provider model is_batch status input_tokens output_tokens
      cache_read_tokens cache_write_tokens cost_usd`,
  },
  periods: { grain: 'period_kind period', columns: 'frozen_at figures narrative report_link' },
  restatements: {
    grain: 'period_kind period reason',
    columns: 'frozen_at session_count cost_change_usd token_change prompt_change',
  },
  files: {
    grain: 'file_id',
    columns: 'source path line_count loaded_line_count blank_line_count rejected_line_count',
  },
  line_types: { grain: 'source line_type', columns: 'line_use line_count' },
  duplicates: {
    grain: 'source session_id local_date duplicate_rule',
    columns: 'line_count input_tokens output_tokens cache_read_tokens cache_write_tokens',
  },
  undercounts: { grain: 'source local_date undercount_kind', columns: 'affected_count output_tokens' },
  agent_totals: {
    grain: 'source place local_date measure model',
    columns: 'amount covered_from covered_until',
  },
  activity_floor: {
    grain: 'source local_date project',
    columns: 'prompt_count session_count unlogged_prompt_count has_logs',
  },
  session_documents: {
    grain: 'source place document_id',
    columns: `session_id project document_kind path title pending_count in_progress_count completed_count open_count
      session_count modified_at`,
  },
  model_prices: { grain: 'price_model effective_from', columns: 'model_key input_usd output_usd' },
  changes: {
    grain: 'change_id',
    columns: 'change_kind source project subject previous_subject changed_at local_date week edit_count',
  },
  tips: {
    grain: 'tip_id',
    columns: `rule period_kind period generated_at priority category observation recommendation expected_benefit
      metric_name metric_value is_less_better metric_values session_ids feedback feedback_at is_dismissed`,
  },
  tip_effects: {
    grain: 'tip_id period_kind period',
    columns: 'metric_before metric_after metric_latest measured_week_count sample_count effect is_small',
  },
  target_metrics: {
    grain: 'user_id period metric_name',
    columns: 'metric_value is_less_better sample_count is_enough',
  },
  targets: {
    grain: 'target_id',
    columns: `metric_name period target_period target_rank baseline_value sample_count target_value is_less_better
      reference_value reference_period made_at reached_value reached_sample_count is_met`,
  },
  rejects: { grain: 'file_id line_number', columns: 'path reason' },
  runs: { grain: 'run_id', columns: 'command started_at ended_at exit_code' },
  deliveries: { grain: 'delivery_id', columns: 'target period_kind period status' },
}
