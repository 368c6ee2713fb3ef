-- The five calls of tools that took longest, of those that took ten seconds or more; delegation is told by itself.
-- grain: call_rank
-- columns:
--   call_rank      1 is the longest
--   session_id     main session, of which it may be a sub-agent's call
--   is_subagent    whether a sub-agent called
--   project        of the session
--   tool_name      as logged
--   target         path, program, host or skill; never a whole command
--   called_at      UTC
--   duration_ms    until the answer
--   is_error       the answer was an error
with calls as (
    select
        coalesce(sessions.parent_session_id, tool_calls.session_id) as session_id,
        tool_calls.is_subagent,
        sessions.project,
        tool_calls.tool_name,
        tool_calls.target,
        tool_calls.called_at,
        tool_calls.duration_ms,
        coalesce(tool_calls.is_error, false) as is_error,
        row_number() over (order by tool_calls.duration_ms desc, tool_calls.tool_call_id) as call_rank
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
    left join marts.sessions on sessions.session_id = tool_calls.session_id
    where tool_calls.duration_ms >= 10000 and not tool_calls.is_delegation
),
final as (
    select call_rank, session_id, is_subagent, project, tool_name, target, called_at, duration_ms, is_error
    from calls
    where call_rank <= 5
)
select * from final
order by call_rank
