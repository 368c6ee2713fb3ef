-- Work handed to sub-agents, by which: how often, how long they took, and how often it failed.
-- grain: delegated_agent
-- columns:
--   delegated_agent       as logged; null where the log names none
--   call_count            times it was called in the period
--   error_count           of these, those that failed
--   timed_count           of these, those whose time is logged
--   median_ms             half of these took as long or less; null without one
--   longest_ms            the longest; null without one
--   previous_call_count   in the period before
--   previous_error_count  in the period before
with calls as (
    select
        tool_calls.delegated_agent,
        coalesce(tool_calls.is_error, false) as is_error,
        tool_calls.duration_ms,
        tool_calls.local_date >= period.period_start as is_current
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.previous_start and tool_calls.local_date < period.period_end
    where tool_calls.is_delegation
),
final as (
    select
        delegated_agent,
        count(case when is_current then 1 end) as call_count,
        count(case when is_current and is_error then 1 end) as error_count,
        count(case when is_current then duration_ms end) as timed_count,
        quantile_disc(case when is_current then duration_ms end, 0.5) as median_ms,
        max(case when is_current then duration_ms end) as longest_ms,
        count(case when not is_current then 1 end) as previous_call_count,
        count(case when not is_current and is_error then 1 end) as previous_error_count
    from calls
    group by delegated_agent
)
select * from final
order by call_count desc, previous_call_count desc, delegated_agent nulls last
