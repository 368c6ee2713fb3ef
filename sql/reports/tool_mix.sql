-- What the tools were used for, by kind, in the period and in the one before it.
-- grain: tool_kind
-- columns:
--   tool_kind            read, edit, write, search, shell, web, delegate, mcp or other
--   call_count           calls, in sessions and their sub-agents
--   call_share           of the period's calls, 0 to 1
--   error_count          calls that failed
--   error_share          failed calls by calls, 0 to 1
--   previous_call_count  in the period before
--   previous_call_share  in the period before
with calls as (
    select
        coalesce(tool_calls.tool_kind, 'other') as tool_kind,
        coalesce(tool_calls.is_error, false) as is_error,
        tool_calls.local_date >= period.period_start as is_current
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.previous_start and tool_calls.local_date < period.period_end
),
counted as (
    select
        tool_kind,
        count(case when is_current then 1 end) as call_count,
        count(case when is_current and is_error then 1 end) as error_count,
        count(case when not is_current then 1 end) as previous_call_count
    from calls
    group by tool_kind
),
final as (
    select
        tool_kind,
        call_count,
        round(coalesce(cast(call_count as double) / nullif(sum(call_count) over (), 0), 0), 4) as call_share,
        error_count,
        round(coalesce(cast(error_count as double) / nullif(call_count, 0), 0), 4) as error_share,
        previous_call_count,
        round(coalesce(cast(previous_call_count as double) / nullif(sum(previous_call_count) over (), 0), 0), 4)
            as previous_call_share
    from counted
)
select * from final
order by call_count desc, previous_call_count desc, tool_kind
