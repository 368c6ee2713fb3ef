-- Actions that you refused, most of them of one tool.
-- floor: 100 tool calls
-- fires: 6 refused calls, of which 4 of one tool
-- columns:
--   refused_call_count  calls refused
--   tool_name           tool refused most
--   tool_refused_count  refused calls of that tool
--   session_count       sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
    where tool_calls.tool_name not in ('ExitPlanMode', 'AskUserQuestion')
),
most_refused as (
    select tool_name, count(*) as tool_refused_count
    from calls
    where error_kind = 'rejected'
    group by tool_name
    order by tool_refused_count desc, tool_name
    limit 1
),
by_session as (
    select main_session_id, count(*) as call_count, count(*) filter (where error_kind = 'rejected') as refused_call_count
    from calls
    group by main_session_id
),
final as (
    select
        'refused_call_share' as metric_name,
        round(cast(sum(refused_call_count) as double) / sum(call_count), 4) as metric_value,
        cast(sum(call_count) as bigint) as sample_count,
        true as is_less_better,
        sum(refused_call_count) >= 6 and coalesce(any_value(tool_refused_count), 0) >= 4 as is_firing,
        round(
            cast(count(*) filter (where refused_call_count > 0) as double) / count(*), 4
        ) as size_share,
        coalesce(
            (list(main_session_id order by refused_call_count desc, main_session_id) filter (where refused_call_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(refused_call_count) as bigint) as refused_call_count,
        any_value(tool_name) as tool_name,
        any_value(tool_refused_count) as tool_refused_count,
        count(*) filter (where refused_call_count > 0) as session_count
    from by_session
    left join most_refused on true
    having sum(call_count) >= 100
)
select * from final
