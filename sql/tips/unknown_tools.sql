-- Calls of tools, skills and sub-agents that do not exist.
-- floor: 100 tool calls
-- fires: 3 calls in 2 sessions or more
-- columns:
--   unknown_tool_count  calls of what does not exist
--   tool_name           tool through which most of them were made
--   session_count       sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
most_unknown as (
    select tool_name
    from calls
    where error_kind = 'unknown_tool'
    group by tool_name
    order by count(*) desc, tool_name
    limit 1
),
by_session as (
    select
        main_session_id,
        count(*) as call_count,
        count(*) filter (where error_kind = 'unknown_tool') as unknown_tool_count
    from calls
    group by main_session_id
),
final as (
    select
        'unknown_tool_share' as metric_name,
        round(cast(sum(unknown_tool_count) as double) / sum(call_count), 4) as metric_value,
        cast(sum(call_count) as bigint) as sample_count,
        true as is_less_better,
        sum(unknown_tool_count) >= 3 and count(*) filter (where unknown_tool_count > 0) >= 2 as is_firing,
        round(
            0.5 * count(*) filter (where unknown_tool_count > 0) / count(*), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by unknown_tool_count desc, main_session_id) filter (where unknown_tool_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(unknown_tool_count) as bigint) as unknown_tool_count,
        any_value(tool_name) as tool_name,
        count(*) filter (where unknown_tool_count > 0) as session_count
    from by_session
    left join most_unknown on true
    having sum(call_count) >= 100
)
select * from final
