-- How long the tools took to answer: the eight slowest of those called five times or more that took a second or more, by
-- the time within which 19 of 20 calls were answered. Each number is the time of a call that there was. Delegation is
-- told by itself.
-- grain: tool_name
-- columns:
--   tool_name              as logged
--   call_count             calls of the period whose time is logged
--   median_ms              half of them took as long or less
--   p95_ms                 95 % of them took as long or less
--   longest_ms             the longest
--   total_ms               all together
--   previous_call_count    in the period before
--   previous_p95_ms        in the period before; null without a call
with calls as (
    select
        tool_calls.tool_name,
        case when tool_calls.local_date >= period.period_start then tool_calls.duration_ms end as duration_ms,
        case when tool_calls.local_date < period.period_start then tool_calls.duration_ms end as previous_ms
    from marts.tool_calls
    inner join period
        on tool_calls.local_date >= period.previous_start and tool_calls.local_date < period.period_end
    where tool_calls.duration_ms is not null and tool_calls.tool_name is not null and not tool_calls.is_delegation
),
measured as (
    select
        tool_name,
        count(duration_ms) as call_count,
        quantile_disc(duration_ms, 0.5) as median_ms,
        quantile_disc(duration_ms, 0.95) as p95_ms,
        max(duration_ms) as longest_ms,
        sum(duration_ms) as total_ms,
        count(previous_ms) as previous_call_count,
        quantile_disc(previous_ms, 0.95) as previous_p95_ms
    from calls
    group by tool_name
),
ranked as (
    select measured.*, row_number() over (order by p95_ms desc, total_ms desc, tool_name) as slowness_rank
    from measured
    where call_count >= 5 and p95_ms >= 1000
),
final as (
    select
        tool_name, call_count, median_ms, p95_ms, longest_ms, total_ms, previous_call_count, previous_p95_ms
    from ranked
    where slowness_rank <= 8
)
select * from final
order by p95_ms desc, total_ms desc, tool_name
