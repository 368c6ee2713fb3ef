-- What the work was: sessions, time and cost of each kind of task.
-- grain: primary_task_category
-- columns:
--   primary_task_category    from the facets
--   session_count            main sessions active in the period
--   active_seconds           their active time in the period
--   active_share             of the active time of all sessions with facets, 0 to 1
--   cost_usd                 at list price with their sub-agents, priced calls only, in the period; null where no log of
--                            theirs has usage
--   unpriced_call_count      their calls of models without a price, in the period
--   previous_session_count   in the period before
--   previous_active_seconds  in the period before
--   previous_active_share    in the period before
with days as (
    select
        days.session_id,
        session_metrics.primary_task_category,
        days.active_seconds,
        days.cost_usd,
        days.unpriced_call_count,
        days.local_date >= period.period_start as is_current
    from marts.main_session_days as days
    inner join period on days.local_date >= period.previous_start and days.local_date < period.period_end
    inner join marts.session_facets on session_facets.session_id = days.session_id
    inner join marts.session_metrics on session_metrics.session_id = days.session_id
),
summed as (
    select
        primary_task_category,
        count(distinct case when is_current then session_id end) as session_count,
        sum(case when is_current then active_seconds else 0 end) as active_seconds,
        cast(sum(case when is_current then cost_usd end) as decimal(18, 6)) as cost_usd,
        sum(case when is_current then unpriced_call_count else 0 end) as unpriced_call_count,
        count(distinct case when not is_current then session_id end) as previous_session_count,
        sum(case when is_current then 0 else active_seconds end) as previous_active_seconds
    from days
    group by primary_task_category
),
final as (
    select
        primary_task_category,
        session_count,
        active_seconds,
        round(coalesce(cast(active_seconds as double) / nullif(sum(active_seconds) over (), 0), 0), 4) as active_share,
        cost_usd,
        unpriced_call_count,
        previous_session_count,
        previous_active_seconds,
        round(coalesce(cast(previous_active_seconds as double) / nullif(sum(previous_active_seconds) over (), 0), 0), 4)
            as previous_active_share
    from summed
)
select * from final
order by active_seconds desc, session_count desc, primary_task_category
