-- One row per tool call of a main session or sub-agent, with its answer.
-- grain: tool_call_id
-- patched by: session_id
-- columns:
--   tool_call_id   as logged
--   session_id     session that called
--   source         agent that wrote the log
--   project        of the session
--   tool_name      as logged
--   tool_kind      read, edit, write, search, shell, web, delegate, mcp or other
--   called_at      UTC
--   local_date     of called_at in the configured time zone
--   local_hour     0 to 23
--   local_weekday  1 Monday to 7 Sunday
--   week           2026-W07
--   duration_ms    milliseconds until the answer, null without one
--   has_answer     whether the log holds an answer
--   is_error       the answer was an error
--   error_kind     rejected, interrupted, permission_denied, not_found, edit_mismatch, command_failed, timeout, too_large, unknown_tool, cancelled or other; null without an error
--   is_delegation  a sub-agent was called
--   delegated_agent  which
--   target         path, program, host, agent or skill; never a whole command
--   is_commit      a shell call that commits
--   is_test_run    a shell call that runs tests
--   is_retry       the same call failed right before in this session
--   is_subagent    a sub-agent called
with failed as (
    select distinct session_id, tool_name, input_hash
    from intermediate.tool_calls_answered
    where is_error and input_hash is not null
),
alike as (
    select t.tool_call_id, lag(t.is_error) over calls_alike as has_failed_before
    from intermediate.tool_calls_answered as t
    semi join failed using (session_id, tool_name, input_hash)
    window calls_alike as (
        partition by t.session_id, t.tool_name, t.input_hash order by t.called_at, t.tool_call_id
    )
),
retries as (
    select tool_call_id from alike where has_failed_before
),
localized as (
    select
        t.*,
        t.called_at + q.utc_offset as local_at
    from intermediate.tool_calls_answered as t
    left join intermediate.local_quarters as q on q.quarter_at = time_bucket(interval 15 minutes, t.called_at)
),
final as (
    select
        t.tool_call_id, t.session_id, p.source, p.project, t.tool_name, t.tool_kind,
        t.called_at,
        cast(t.local_at as date) as local_date,
        hour(t.local_at) as local_hour,
        d.local_weekday, d.week,
        t.duration_ms, t.has_answer, t.is_error, t.error_kind, t.is_delegation, t.delegated_agent,
        shortened_path(t.target) as target,
        t.is_commit, t.is_test_run,
        r.tool_call_id is not null as is_retry,
        coalesce(p.is_subagent, false) as is_subagent
    from localized as t
    left join retries as r using (tool_call_id)
    left join intermediate.session_spine as p using (session_id)
    left join intermediate.calendar as d on d.local_date = cast(t.local_at as date)
)
select * from final
