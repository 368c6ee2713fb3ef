-- Where the time, the tokens and the money went, by model. Time is that of the main sessions in which the model wrote
-- most, so that it adds up; calls, tokens and cost are the model's own, also in sub-agents.
-- grain: model
-- columns:
--   model                null for sessions whose logs name none
--   session_count        main sessions in which it wrote most
--   active_seconds       their active time in the period
--   active_share         of the period's active time, 0 to 1
--   call_count           calls of the model
--   output_tokens        it wrote
--   total_tokens         all kinds, as far as logged
--   cost_usd             at list price, priced calls only
--   unpriced_call_count  calls without a price
--   cost_share           of the period's cost, 0 to 1; null where that is nothing
with calls as (
    select
        llm_calls.model,
        count(*) as call_count,
        sum(coalesce(llm_calls.output_tokens, 0)) as output_tokens,
        sum(
            coalesce(llm_calls.input_tokens, 0) + coalesce(llm_calls.output_tokens, 0)
            + coalesce(llm_calls.cache_read_tokens, 0) + coalesce(llm_calls.cache_write_tokens, 0)
        ) as total_tokens,
        cast(coalesce(sum(llm_calls.cost_usd), 0) as decimal(18, 6)) as cost_usd,
        sum(case when llm_calls.cost_usd is null then 1 else 0 end) as unpriced_call_count
    from marts.llm_calls
    inner join period on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
    group by llm_calls.model
),
times as (
    select
        sessions.model,
        count(distinct case when not days.is_extraction then days.session_id end) as session_count,
        sum(days.active_seconds) as active_seconds
    from marts.session_days as days
    inner join period on days.local_date >= period.period_start and days.local_date < period.period_end
    inner join marts.sessions on sessions.session_id = days.session_id
    where not days.is_subagent
    group by sessions.model
),
models as (
    select model from calls
    union
    select model from times
),
joined as (
    select
        models.model,
        coalesce(times.session_count, 0) as session_count,
        coalesce(times.active_seconds, 0) as active_seconds,
        coalesce(calls.call_count, 0) as call_count,
        coalesce(calls.output_tokens, 0) as output_tokens,
        coalesce(calls.total_tokens, 0) as total_tokens,
        coalesce(calls.cost_usd, 0) as cost_usd,
        coalesce(calls.unpriced_call_count, 0) as unpriced_call_count
    from models
    left join calls on calls.model is not distinct from models.model
    left join times on times.model is not distinct from models.model
),
final as (
    select
        model,
        session_count,
        active_seconds,
        round(coalesce(cast(active_seconds as double) / nullif(sum(active_seconds) over (), 0), 0), 4) as active_share,
        call_count,
        output_tokens,
        total_tokens,
        cost_usd,
        unpriced_call_count,
        round(cast(cost_usd as double) / nullif(cast(sum(cost_usd) over () as double), 0), 4) as cost_share
    from joined
)
select * from final
order by active_seconds desc, cost_usd desc, model nulls last
