-- What kind of workflow the sessions followed.
-- grain: workflow_type
-- columns:
--   workflow_type            as in the facets
--   session_count            main sessions active in the period
--   active_seconds           their active time in the period
--   active_share             of the active time of all sessions with facets, 0 to 1
--   cost_usd                 at list price with their sub-agents, priced calls only, in the period
--   previous_session_count   in the period before
--   previous_active_seconds  in the period before
--   previous_active_share    in the period before
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
matched as (
    select active.*, session_facets.workflow_type
    from active
    inner join marts.session_facets on session_facets.session_id = active.session_id
    where session_facets.workflow_type is not null
),
totals as (
    select period_role, sum(active_seconds) as active_seconds
    from active
    where session_id in (select session_id from marts.session_facets)
    group by period_role
),
summed as (
    select
        matched.workflow_type,
        count(case when period_role = 'current' then 1 end) as session_count,
        coalesce(sum(case when period_role = 'current' then active_seconds end), 0) as active_seconds,
        cast(coalesce(sum(case when period_role = 'current' then cost_usd end), 0) as decimal(18, 6)) as cost_usd,
        count(case when period_role = 'previous' then 1 end) as previous_session_count,
        coalesce(sum(case when period_role = 'previous' then active_seconds end), 0) as previous_active_seconds
    from matched
    group by matched.workflow_type
),
final as (
    select
        summed.workflow_type,
        summed.session_count,
        summed.active_seconds,
        round(coalesce(cast(summed.active_seconds as double) / nullif(now.active_seconds, 0), 0), 4) as active_share,
        summed.cost_usd,
        summed.previous_session_count,
        summed.previous_active_seconds,
        round(coalesce(cast(summed.previous_active_seconds as double) / nullif(before.active_seconds, 0), 0), 4)
            as previous_active_share
    from summed
    left join totals as now on now.period_role = 'current'
    left join totals as before on before.period_role = 'previous'
)
select * from final
order by active_seconds desc, session_count desc, workflow_type
