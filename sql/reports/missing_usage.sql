-- Sessions of which no log says how many tokens they used, by agent: in the period and in all.
-- grain: source
-- columns:
--   source                  which agent
--   period_session_count    sessions active in the period, sub-agents each counted
--   period_unlogged_count   of these the ones without usage
--   session_count           sessions in all
--   unlogged_count          of these the ones without usage
--   unlogged_subagent_count of the ones without usage in all the sub-agents
with days as (
    select
        session_days.source, session_days.session_id, session_days.is_subagent,
        session_days.cost_usd is null as is_unlogged,
        session_days.local_date >= period.period_start and session_days.local_date < period.period_end as is_in_period
    from marts.session_days
    cross join period
    where not session_days.is_extraction
),
final as (
    select
        source,
        count(distinct case when is_in_period then session_id end) as period_session_count,
        count(distinct case when is_in_period and is_unlogged then session_id end) as period_unlogged_count,
        count(distinct session_id) as session_count,
        count(distinct case when is_unlogged then session_id end) as unlogged_count,
        count(distinct case when is_unlogged and is_subagent then session_id end) as unlogged_subagent_count
    from days
    group by source
    having count(distinct case when is_unlogged then session_id end) > 0
)
select * from final
order by source
