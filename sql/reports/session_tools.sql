-- Which tools each of the period's sessions called, its sub-agents' calls included: the most used first.
-- grain: session_id, tool_rank
-- columns:
--   session_id   id of the main session
--   tool_rank    1 for the tool with most calls
--   tool_name    as logged, null where it has none
--   call_count   calls, in the period
--   error_count  calls that failed, in the period
with calls as (
    select
        coalesce(sessions.parent_session_id, tool_calls.session_id) as session_id,
        tool_calls.tool_name,
        count(*) as call_count,
        sum(case when tool_calls.is_error then 1 else 0 end) as error_count
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
    left join marts.sessions on sessions.session_id = tool_calls.session_id
    group by 1, 2
),
final as (
    select
        session_id,
        row_number() over (
            partition by session_id order by call_count desc, error_count desc, tool_name nulls last
        ) as tool_rank,
        tool_name, call_count, error_count
    from calls
)
select * from final
order by session_id, tool_rank
