-- Plans that you sent back.
-- floor: 5 plans
-- fires: 40 % of them, and 3
-- columns:
--   refused_plan_count  plans sent back
--   session_count       sessions in which it happened
with calls as (
    select tool_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.tool_calls
    inner join marts.sessions on sessions.session_id = tool_calls.session_id and not sessions.is_extraction
    inner join period
        on tool_calls.local_date >= period.period_start and tool_calls.local_date < period.period_end
),
by_session as (
    select
        main_session_id,
        count(*) filter (where tool_name = 'ExitPlanMode') as plan_count,
        count(*) filter (where tool_name = 'ExitPlanMode' and error_kind = 'rejected') as refused_plan_count
    from calls
    group by main_session_id
),
final as (
    select
        'refused_plan_share' as metric_name,
        round(cast(sum(refused_plan_count) as double) / sum(plan_count), 4) as metric_value,
        cast(sum(plan_count) as bigint) as sample_count,
        true as is_less_better,
        sum(refused_plan_count) >= 3
            and sum(refused_plan_count) >= 0.4 * sum(plan_count) as is_firing,
        round(0.3 * sum(refused_plan_count) / sum(plan_count), 4) as size_share,
        coalesce(
            (list(main_session_id order by refused_plan_count desc, main_session_id) filter (where refused_plan_count > 0))[1:20], []
        ) as session_ids,
        cast(sum(refused_plan_count) as bigint) as refused_plan_count,
        count(*) filter (where refused_plan_count > 0) as session_count
    from by_session
    having sum(plan_count) >= 5
)
select * from final
