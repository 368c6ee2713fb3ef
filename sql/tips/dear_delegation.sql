-- What sub-agents cost.
-- floor: 5 sub-agents with a price, and $2 in the week
-- fires: half of the week's cost
-- columns:
--   delegated_cost_usd  what sub-agents cost
--   subagent_count      sub-agents at work
--   subagent_usd        one of them, on average
--   session_count       sessions that called them
with calls as (
    select llm_calls.*, coalesce(sessions.parent_session_id, sessions.session_id) as main_session_id
    from marts.llm_calls
    inner join marts.sessions on sessions.session_id = llm_calls.session_id and not sessions.is_extraction
    inner join period
        on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
),
by_session as (
    select
        main_session_id,
        sum(cost_usd) as cost_usd,
        coalesce(sum(cost_usd) filter (where is_subagent), 0) as delegated_cost_usd,
        count(distinct session_id) filter (where is_subagent and cost_usd > 0) as subagent_count
    from calls
    where cost_usd is not null
    group by main_session_id
),
final as (
    select
        'delegated_cost_share' as metric_name,
        round(cast(sum(delegated_cost_usd) as double) / cast(sum(cost_usd) as double), 4) as metric_value,
        cast(sum(subagent_count) as bigint) as sample_count,
        true as is_less_better,
        2 * sum(delegated_cost_usd) >= sum(cost_usd) as is_firing,
        round(0.5 * cast(sum(delegated_cost_usd) as double) / cast(sum(cost_usd) as double), 4) as size_share,
        coalesce(
            (list(main_session_id order by delegated_cost_usd desc, main_session_id)
                filter (where subagent_count > 0))[1:20], []
        ) as session_ids,
        round(cast(sum(delegated_cost_usd) as double), 4) as delegated_cost_usd,
        cast(sum(subagent_count) as bigint) as subagent_count,
        round(cast(sum(delegated_cost_usd) as double) / nullif(sum(subagent_count), 0), 4) as subagent_usd,
        count(*) filter (where subagent_count > 0) as session_count
    from by_session
    having sum(subagent_count) >= 5 and sum(cost_usd) >= 2
)
select * from final
