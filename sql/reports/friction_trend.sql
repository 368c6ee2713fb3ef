-- Friction in the eight weeks up to the end of the period, those with activity; for a month the last week may reach
-- beyond it. What the facets and loops of a session say counts in the week in which it began.
-- grain: week
-- columns:
--   week                  label of the week
--   week_start            its first local date
--   session_count         main sessions active in it
--   correction_count      prompts that correct
--   loop_count            calls that failed three times or more, unchanged
--   mcp_failure_count     MCP calls that failed, those that a person refused left out
--   cut_short_count       sessions that ended before their end, as their facets tell
--   friction_cost_usd     what was spent between signs of friction and recovery, priced calls only
--   unpriced_call_count   calls of these without a price
--   cost_usd              what the week cost
with weeks as (
    select
        days.week,
        days.week_start,
        count(distinct case when not (days.is_subagent or days.is_extraction) then days.session_id end)
            as session_count,
        sum(case when days.is_subagent then 0 else days.correction_count end) as correction_count,
        cast(sum(days.cost_usd) as decimal(18, 6)) as cost_usd
    from marts.session_days as days
    inner join period
        on days.week_start >= period.period_end - interval '56' day and days.week_start < period.period_end
    group by days.week, days.week_start
),
loops as (
    select week, sum(retry_loop_count) as loop_count from marts.sessions group by week
),
mcp_failures as (
    select week, count(*) as mcp_failure_count
    from marts.tool_calls
    where tool_kind = 'mcp' and is_error and coalesce(error_kind, 'other') not in ('rejected', 'interrupted', 'cancelled')
    group by week
),
cut_short as (
    select week, count(*) as cut_short_count from marts.session_facets where session_cut_short group by week
),
friction as (
    select
        week,
        cast(sum(cost_usd) as decimal(18, 6)) as friction_cost_usd,
        sum(unpriced_call_count) as unpriced_call_count
    from marts.friction_spans
    group by week
),
final as (
    select
        weeks.week,
        weeks.week_start,
        weeks.session_count,
        weeks.correction_count,
        coalesce(loops.loop_count, 0) as loop_count,
        coalesce(mcp_failures.mcp_failure_count, 0) as mcp_failure_count,
        coalesce(cut_short.cut_short_count, 0) as cut_short_count,
        coalesce(friction.friction_cost_usd, 0) as friction_cost_usd,
        coalesce(friction.unpriced_call_count, 0) as unpriced_call_count,
        weeks.cost_usd
    from weeks
    left join loops on loops.week = weeks.week
    left join mcp_failures on mcp_failures.week = weeks.week
    left join cut_short on cut_short.week = weeks.week
    left join friction on friction.week = weeks.week
)
select * from final
order by week_start
