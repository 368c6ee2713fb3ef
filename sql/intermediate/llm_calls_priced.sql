-- API calls with their list price, exact to a millionth of a millionth of a USD (rules 10, 11, 12, 13).
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
--   is_subagent     a sub-agent made the call
--   price_model     row of the price table that applied, null where the model has none
--   cost_usd        at list price, null where the model has no price
with calls as (
    select
        *,
        input_tokens + cache_read_tokens + cache_write_5m_tokens + cache_write_1h_tokens as context_tokens,
        regexp_replace(
            regexp_replace(model, '^(.*/)?((us|eu|apac|global)\.)?(anthropic\.)?', ''),
            '(\[1m\])?([-@]\d{8})?(-v\d+(:\d+)?)?(\[1m\])?$', ''
        ) as model_key
    from intermediate.llm_calls_deduplicated
),
dated_models as (
    select distinct model_key, cast(called_at as date) as called_on
    from calls
),
rates as (
    select d.called_on, p.*
    from dated_models as d
    join staging.model_prices as p on p.model_key = d.model_key and p.effective_from <= d.called_on
    qualify row_number() over (partition by d.model_key, d.called_on order by p.effective_from desc) = 1
),
banded as (
    select
        c.*, r.price_model, r.fast_multiplier,
        coalesce(c.context_tokens > r.long_threshold_tokens, false) as is_long,
        r.input_rate, r.output_rate, r.cache_read_rate, r.cache_write_5m_rate, r.cache_write_1h_rate,
        r.long_input_rate, r.long_output_rate
    from calls as c
    left join rates as r on r.model_key = c.model_key and r.called_on = cast(c.called_at as date)
),
metered as (
    select
        *,
        -- Cache rates are multiples of the input rate, so a long request scales them alike.
        case when is_long then coalesce(long_input_rate, input_rate) else input_rate end as applied_input_rate,
        case when is_long then coalesce(long_output_rate, output_rate) else output_rate end as applied_output_rate,
        cast(cache_read_tokens as hugeint) * cache_read_rate
        + cast(cache_write_5m_tokens as hugeint) * cache_write_5m_rate
        + cast(cache_write_1h_tokens as hugeint) * cache_write_1h_rate as cache_picodollars
    from banded
),
final as (
    select
        llm_call_id, session_id, called_at, model, agent_version, input_tokens, output_tokens, cache_read_tokens,
        cache_write_5m_tokens, cache_write_1h_tokens,
        cache_write_5m_tokens + cache_write_1h_tokens as cache_write_tokens,
        context_tokens, web_search_count, is_subagent, price_model,
        cast(
            cast(
                (
                    cast(input_tokens as hugeint) * applied_input_rate
                    + cast(output_tokens as hugeint) * applied_output_rate
                    + case
                        when is_long and input_rate > 0 then cache_picodollars * applied_input_rate // input_rate
                        else cache_picodollars
                    end
                ) * case when speed = 'fast' then cast(fast_multiplier * 1000 as bigint) else 1000 end // 1000
                + web_search_count * 10000000000
                as decimal(25, 0)
            ) * cast(0.000000000001 as decimal(12, 12)) as decimal(18, 12)
        ) as cost_usd
    from metered
)
select * from final
