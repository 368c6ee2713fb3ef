-- The tools whose calls failed most often, with how they did in the period before; what a person refused or stopped is no failure.
-- grain: tool_name
-- columns:
--   tool_name             as logged
--   call_count            calls in the period
--   error_count           those that failed
--   error_share           of its calls, 0 to 1
--   previous_call_count   in the period before
--   previous_error_count  in the period before
--   previous_error_share  in the period before
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
calls as (
    select
        tool_name,
        local_date,
        is_error and coalesce(error_kind, '') not in ('rejected', 'interrupted', 'cancelled') as has_failed
    from marts.tool_calls
    where tool_name is not null
),
counted as (
    select
        calls.tool_name,
        count(case when spans.period_role = 'current' then 1 end) as call_count,
        count(case when spans.period_role = 'current' and calls.has_failed then 1 end) as error_count,
        count(case when spans.period_role = 'previous' then 1 end) as previous_call_count,
        count(case when spans.period_role = 'previous' and calls.has_failed then 1 end) as previous_error_count
    from spans
    inner join calls on calls.local_date >= spans.period_start and calls.local_date < spans.period_end
    group by calls.tool_name
),
ranked as (
    select counted.*, row_number() over (order by error_count desc, call_count desc, tool_name) as failure_rank
    from counted
    where error_count > 0
),
final as (
    select
        tool_name,
        call_count,
        error_count,
        round(cast(error_count as double) / call_count, 4) as error_share,
        previous_call_count,
        previous_error_count,
        round(coalesce(cast(previous_error_count as double) / nullif(previous_call_count, 0), 0), 4)
            as previous_error_share
    from ranked
    where failure_rank <= 10
)
select * from final
order by error_count desc, call_count desc, tool_name
