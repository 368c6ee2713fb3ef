-- What each model cost on each day; the five dearest models alone, the rest together.
-- grain: local_date, model_rank
-- columns:
--   local_date           every day of the period, also those without a call
--   model_rank           1 is the dearest model of the period, 6 the rest; null on a day without calls
--   model                null where several stand together, or on a day without calls
--   model_count          how many models the row holds
--   call_count           calls to a model
--   unpriced_call_count  calls whose model has no price
--   total_tokens         input, output and cache
--   cost_usd             at list price, priced calls only
with recursive days as (
    select period_start as local_date from period
    union all
    select cast(days.local_date + interval '1' day as date)
    from days
    inner join period on cast(days.local_date + interval '1' day as date) < period.period_end
),
calls as (
    select
        llm_calls.local_date,
        coalesce(llm_calls.model, 'unknown') as model,
        llm_calls.cost_usd,
        coalesce(llm_calls.input_tokens, 0) + coalesce(llm_calls.output_tokens, 0)
        + coalesce(llm_calls.cache_read_tokens, 0) + coalesce(llm_calls.cache_write_tokens, 0) as total_tokens
    from marts.llm_calls
    inner join period
        on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
),
models as (
    select
        model,
        row_number() over (
            order by coalesce(sum(cost_usd), 0) desc, sum(total_tokens) desc, model
        ) as model_rank,
        count(*) over () as model_total
    from calls
    group by model
),
ranked as (
    select
        calls.local_date,
        calls.cost_usd,
        calls.total_tokens,
        calls.model,
        case when models.model_rank > 5 then 6 else models.model_rank end as model_rank,
        models.model_rank > 5 and models.model_total > 6 as is_rest
    from calls
    inner join models on models.model = calls.model
),
costs as (
    select
        local_date,
        model_rank,
        case when not is_rest then min(model) end as model,
        count(distinct model) as model_count,
        count(*) as call_count,
        sum(case when cost_usd is null then 1 else 0 end) as unpriced_call_count,
        sum(total_tokens) as total_tokens,
        cast(sum(coalesce(cost_usd, 0)) as decimal(18, 6)) as cost_usd
    from ranked
    group by local_date, model_rank, is_rest
),
final as (
    select
        days.local_date,
        costs.model_rank,
        costs.model,
        coalesce(costs.model_count, 0) as model_count,
        coalesce(costs.call_count, 0) as call_count,
        coalesce(costs.unpriced_call_count, 0) as unpriced_call_count,
        coalesce(costs.total_tokens, 0) as total_tokens,
        coalesce(costs.cost_usd, 0) as cost_usd
    from days
    left join costs on costs.local_date = days.local_date
)
select * from final
order by local_date, model_rank
