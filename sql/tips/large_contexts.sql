-- Calls that sent more than 100,000 tokens each, because a session had grown long.
-- floor: 100 calls with a price, and $1
-- fires: they cost a third of the week
-- columns:
--   large_call_count  calls with more than 100,000 tokens of context
--   large_cost_usd    what they cost
--   large_call_usd    a call of these, on average
--   other_call_usd    a call of the others, on average; null without any
--   half_saving_usd   what half of them would have saved at the price of the others
--   session_count     sessions in which it happened
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
        count(*) as call_count,
        sum(cost_usd) as cost_usd,
        count(*) filter (where context_tokens > 100000) as large_call_count,
        coalesce(sum(cost_usd) filter (where context_tokens > 100000), 0) as large_cost_usd
    from calls
    where cost_usd is not null
    group by main_session_id
),
totals as (
    select
        sum(call_count) as call_count,
        sum(cost_usd) as cost_usd,
        sum(large_call_count) as large_call_count,
        sum(large_cost_usd) as large_cost_usd,
        count(*) filter (where large_call_count > 0) as session_count,
        coalesce(
            (list(main_session_id order by large_cost_usd desc, main_session_id)
                filter (where large_call_count > 0))[1:20], []
        ) as session_ids
    from by_session
),
priced as (
    select
        *,
        cast(large_cost_usd as double) / nullif(large_call_count, 0) as large_call_usd,
        cast(cost_usd - large_cost_usd as double) / nullif(call_count - large_call_count, 0) as other_call_usd
    from totals
),
final as (
    select
        'large_context_cost_share' as metric_name,
        round(cast(large_cost_usd as double) / cast(cost_usd as double), 4) as metric_value,
        cast(call_count as bigint) as sample_count,
        true as is_less_better,
        3 * large_cost_usd >= cost_usd and coalesce(large_call_usd > other_call_usd, true) as is_firing,
        round(cast(large_cost_usd as double) / cast(cost_usd as double), 4) as size_share,
        session_ids,
        cast(large_call_count as bigint) as large_call_count,
        round(cast(large_cost_usd as double), 4) as large_cost_usd,
        round(large_call_usd, 4) as large_call_usd,
        round(other_call_usd, 4) as other_call_usd,
        round(0.5 * large_call_count * (large_call_usd - other_call_usd), 4) as half_saving_usd,
        session_count
    from priced
    where call_count >= 100 and cost_usd >= 1
)
select * from final
