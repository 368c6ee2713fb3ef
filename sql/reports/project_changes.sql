-- The time that went into each project, in the period and in the one before it.
-- grain: project
-- columns:
--   project                  null where a session has none
--   session_count            main sessions active in the period
--   active_seconds           their active time in the period
--   cost_usd                 at list price with sub-agents, priced calls only, in the period
--   previous_session_count   in the period before
--   previous_active_seconds  in the period before
with spans as (
    select 'current' as period_role, period_start, period_end from period
    union all
    select 'previous' as period_role, previous_start, previous_end from period
),
active as (
    select
        spans.period_role,
        coalesce(days.parent_session_id, days.session_id) as session_id,
        sum(case when days.is_subagent then 0 else days.active_seconds end) as active_seconds,
        sum(days.cost_usd) as cost_usd
    from spans
    inner join marts.session_days as days
        on days.local_date >= spans.period_start and days.local_date < spans.period_end
    where not days.is_extraction
    group by spans.period_role, coalesce(days.parent_session_id, days.session_id)
),
placed as (
    select active.*, sessions.project
    from active
    inner join marts.sessions on sessions.session_id = active.session_id
),
final as (
    select
        project,
        count(case when period_role = 'current' then 1 end) as session_count,
        coalesce(sum(case when period_role = 'current' then active_seconds end), 0) as active_seconds,
        cast(coalesce(sum(case when period_role = 'current' then cost_usd end), 0) as decimal(18, 6)) as cost_usd,
        count(case when period_role = 'previous' then 1 end) as previous_session_count,
        coalesce(sum(case when period_role = 'previous' then active_seconds end), 0) as previous_active_seconds
    from placed
    group by project
)
select * from final
order by active_seconds desc, previous_active_seconds desc, project nulls last
