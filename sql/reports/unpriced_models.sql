-- Models without a price: their calls cost something, but nobody knows what.
-- grain: model
-- columns:
--   model         as logged
--   call_count    calls in the period
--   total_tokens  input, output and cache
with calls as (
    select
        coalesce(llm_calls.model, 'unknown') as model,
        coalesce(llm_calls.input_tokens, 0) + coalesce(llm_calls.output_tokens, 0)
        + coalesce(llm_calls.cache_read_tokens, 0) + coalesce(llm_calls.cache_write_tokens, 0) as total_tokens
    from marts.llm_calls
    inner join period
        on llm_calls.local_date >= period.period_start and llm_calls.local_date < period.period_end
    where llm_calls.cost_usd is null
),
final as (
    select model, count(*) as call_count, sum(total_tokens) as total_tokens
    from calls
    group by model
)
select * from final
order by total_tokens desc, model
