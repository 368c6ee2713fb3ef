-- API calls with their list price, exact to a millionth of a millionth of a USD (rules 10 to 13, 15).
-- grain: llm_call_id
-- columns:
--   llm_call_id     as in llm_calls_deduplicated
--   session_id      session that made the call
--   called_at       UTC
--   model           as logged
--   agent_version   version of the agent
--   input_tokens    not from the cache
--   output_tokens   answered
--   cache_read_tokens      read from the cache
--   cache_write_5m_tokens  written for five minutes
--   cache_write_1h_tokens  written for an hour
--   cache_write_tokens     both
--   context_tokens  all that was sent: input, cache reads and cache writes
--   web_search_count searches the server made
--   speed           fast, standard or null, as logged
--   inference_geo   region of inference, as logged
--   speed_multiplier   what fast mode multiplies token prices by, 1 without it, null where the table does not say
--   region_multiplier  what the region multiplies token prices by, null where the table does not say
--   logged_cost_usd what the agent says it cost, null where it does not say
--   is_subagent     a sub-agent made the call
--   price_model     row of the price table that applied, null where the model has none
--   cost_usd        at list price, null where the model has no price
with calls as (
    select *, input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as context_tokens
    from intermediate.llm_calls_deduplicated
),
dated_models as (
    select distinct model, cast(called_at as date) as called_on
    from calls
),
rates as (
    select d.model, d.called_on, p.*
    from dated_models as d
    join staging.model_prices as p on p.model_key = price_key(d.model) and p.effective_from <= d.called_on
    qualify row_number() over (partition by d.model, d.called_on order by p.effective_from desc) = 1
),
searches as (
    select max(use_rate) as search_rate from staging.server_tools where server_tool = 'web_search'
),
rated as (
    select
        c.*, r.price_model, s.search_rate,
        case
            when c.speed = 'fast' then r.fast_thousandths
            when c.speed is null or c.speed = 'standard' then 1000
        end as speed_thousandths,
        case when c.inference_geo is null then 1000 else g.multiplier_thousandths end as region_thousandths,
        -- The band is that of the whole request, not of what exceeds it.
        coalesce(c.context_tokens > r.long_threshold_tokens, false) as is_long,
        if(is_long, r.long_input_rate, r.input_rate) as input_rate,
        if(is_long, r.long_output_rate, r.output_rate) as output_rate,
        if(is_long, r.long_cache_read_rate, r.cache_read_rate) as cache_read_rate,
        if(is_long, r.long_cache_write_5m_rate, r.cache_write_5m_rate) as cache_write_5m_rate,
        if(is_long, r.long_cache_write_1h_rate, r.cache_write_1h_rate) as cache_write_1h_rate
    from calls as c
    cross join searches as s
    left join rates as r on r.model = c.model and r.called_on = cast(c.called_at as date)
    left join staging.inference_regions as g on g.inference_geo = c.inference_geo
),
metered as (
    select
        *,
        (
            cast(input_tokens as hugeint) * input_rate
            + cast(output_tokens as hugeint) * output_rate
            + cast(cache_read_tokens as hugeint) * cache_read_rate
            + cast(cache_write_5m_tokens as hugeint) * cache_write_5m_rate
            + cast(cache_write_1h_tokens as hugeint) * cache_write_1h_rate
        ) as base_picodollars,
        coalesce(speed_thousandths, 1000) * coalesce(region_thousandths, 1000) as multiplier_millionths,
        -- The one place where a fraction of a picodollar is rounded, to the nearest.
        if(
            multiplier_millionths = 1000000, base_picodollars,
            (base_picodollars * multiplier_millionths + 500000) // 1000000
        ) as token_picodollars,
        if(web_search_count = 0, 0, cast(web_search_count as hugeint) * search_rate) as search_picodollars
    from rated
),
final as (
    select
        llm_call_id, session_id, called_at, model, agent_version, input_tokens, output_tokens, cache_read_tokens,
        cache_write_5m_tokens, cache_write_1h_tokens,
        cache_write_5m_tokens + cache_write_1h_tokens as cache_write_tokens,
        context_tokens, web_search_count, speed, inference_geo,
        cast(cast(speed_thousandths as decimal(9, 0)) * cast(0.001 as decimal(3, 3)) as decimal(9, 3))
            as speed_multiplier,
        cast(cast(region_thousandths as decimal(9, 0)) * cast(0.001 as decimal(3, 3)) as decimal(9, 3))
            as region_multiplier,
        logged_cost_usd, is_subagent, price_model,
        cast(
            cast(token_picodollars + search_picodollars as decimal(25, 0))
            * cast(0.000000000001 as decimal(12, 12)) as decimal(18, 12)
        ) as cost_usd
    from metered
)
select * from final
