-- The price table as it applies: list prices in USD per million tokens, by model and the date from which they hold.
-- grain: price_model, effective_from
-- columns:
--   price_model         as in llm_calls
--   model_key           the model's name without what providers add to it; rows with the same key follow each other
--   effective_from      first date (UTC) of this price; 1970-01-01 where it always held
--   input_usd           per million tokens that are not from the cache
--   output_usd          per million tokens answered
--   cache_read_usd      per million tokens read from the cache
--   cache_write_5m_usd  per million tokens written to the cache for five minutes
--   cache_write_1h_usd  per million tokens written to the cache for an hour
--   long_threshold_tokens  context from which the whole request has the long prices, null without such a band
--   long_input_usd      per million tokens of long requests
--   long_output_usd     per million tokens of long requests
--   fast_multiplier     what fast mode multiplies by, null where it is not known
--   is_own              from prices in debrief.yaml
with final as (
    select
        price_model, model_key, effective_from,
        cast(cast(input_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as input_usd,
        cast(cast(output_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as output_usd,
        cast(cast(cache_read_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as cache_read_usd,
        cast(cast(cache_write_5m_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as cache_write_5m_usd,
        cast(cast(cache_write_1h_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as cache_write_1h_usd,
        long_threshold_tokens,
        cast(cast(long_input_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as long_input_usd,
        cast(cast(long_output_rate as decimal(24, 0)) * 0.000001 as decimal(18, 6)) as long_output_usd,
        cast(cast(fast_thousandths as decimal(12, 0)) * 0.001 as decimal(9, 3)) as fast_multiplier,
        is_own
    from staging.model_prices
)
select * from final
