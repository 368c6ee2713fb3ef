-- What a session's own page tells beyond its line in the list: of the period its counts, of the session its facets. What
-- sub-agents did counts with the session above them, except for turns.
-- grain: session_id
-- columns:
--   session_id            id of the main session
--   ended_at              last event in the whole log, UTC
--   agent_version         the latest logged
--   git_branch            the latest logged
--   tags                  what it held, comma-separated
--   turn_count            a prompt up to the next, in the period
--   interruption_count    times a person interrupted, in the period
--   rejection_count       tool calls a person rejected, in the period
--   input_tokens          not from the cache, in the period; null like all tokens where no log has usage
--   output_tokens         answered, in the period
--   cache_read_tokens     read from the cache, in the period
--   cache_write_tokens    written to the cache, in the period
--   total_tokens          all four, in the period
--   subagent_cost_usd     what sub-agents cost of it, priced calls only; null without sub-agents or their usage
--   file_count            files edited, in the period
--   lines_added           by edits, in the period
--   lines_deleted         by edits, in the period
--   extractor             who judged it: rules, or the provider that was asked; null where nobody did
--   extraction_model      model, null for rules
--   goal_categories       JSON {category: count}
--   session_type          single_task and the like
--   claude_helpfulness    essential to unhelpful
--   user_satisfaction_counts  JSON {kind: count}
--   friction_counts       JSON {friction kind: count}
--   friction_detail       in words
--   primary_success       what worked best
--   workflow_type         kind of work
--   priority_alignment    aligned, supportive, neutral or drift
--   priority_matched      slug
--   skills_used           JSON list
--   skills_missed         JSON list
--   course_corrections    prompts that redirected
--   retry_loops           actions that failed three times or more
--   pivot_trigger         what made the session turn
--   is_cut_short          it ended before its end
--   estimated_time_saved_minutes  estimate
--   evidence              JSON list of {field, value, ordinals, quote, is_verified}
with days as (
    select session_days.*, coalesce(sessions.parent_session_id, session_days.session_id) as root_session_id
    from marts.session_days
    inner join period
        on session_days.local_date >= period.period_start and session_days.local_date < period.period_end
    left join marts.sessions on sessions.session_id = session_days.session_id
),
measures as (
    select
        root_session_id as session_id,
        sum(case when is_subagent then 0 else turn_count end) as turn_count,
        sum(case when is_subagent then 0 else interruption_count end) as interruption_count,
        sum(rejection_count) as rejection_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens,
        sum(total_tokens) as total_tokens,
        cast(sum(case when is_subagent then cost_usd end) as decimal(18, 6)) as subagent_cost_usd,
        sum(lines_added) as lines_added,
        sum(lines_deleted) as lines_deleted
    from days
    group by root_session_id
),
edits as (
    select
        coalesce(sessions.parent_session_id, file_edits.session_id) as session_id,
        count(distinct file_edits.path) as file_count
    from marts.file_edits
    inner join period
        on file_edits.local_date >= period.period_start and file_edits.local_date < period.period_end
    left join marts.sessions on sessions.session_id = file_edits.session_id
    group by 1
),
final as (
    select
        measures.session_id,
        sessions.ended_at, sessions.agent_version, sessions.git_branch, sessions.tags,
        measures.turn_count, measures.interruption_count, measures.rejection_count,
        measures.input_tokens, measures.output_tokens, measures.cache_read_tokens, measures.cache_write_tokens,
        measures.total_tokens, measures.subagent_cost_usd,
        coalesce(edits.file_count, 0) as file_count,
        measures.lines_added, measures.lines_deleted,
        session_facets.extractor, session_facets.extraction_model, session_facets.goal_categories,
        session_facets.session_type, session_facets.claude_helpfulness, session_facets.user_satisfaction_counts,
        session_facets.friction_counts, session_facets.friction_detail, session_facets.primary_success,
        session_facets.workflow_type, session_facets.priority_alignment, session_facets.priority_matched,
        session_facets.skills_used, session_facets.skills_missed, session_facets.course_corrections,
        session_facets.retry_loops, session_facets.pivot_trigger,
        session_facets.session_cut_short as is_cut_short,
        session_facets.estimated_time_saved_minutes, session_facets.evidence
    from measures
    left join edits on edits.session_id = measures.session_id
    left join marts.sessions on sessions.session_id = measures.session_id
    left join marts.session_facets on session_facets.session_id = measures.session_id
)
select * from final
order by session_id
