-- Rates in millionths of a USD per million tokens (integers, so that costs stay exact), by model and date.
-- grain: model_key, effective_from
select
    model as price_model,
    regexp_replace(model, '-\d{8}$', '') as model_key,
    coalesce(effective_from, date '1970-01-01') as effective_from,
    cast(round(input * 1000000) as bigint) as input_rate,
    cast(round(output * 1000000) as bigint) as output_rate,
    cast(round(coalesce(cache_write_5m, input) * 1000000) as bigint) as cache_write_5m_rate,
    cast(round(coalesce(cache_write_1h, cache_write_5m, input) * 1000000) as bigint) as cache_write_1h_rate,
    cast(round(coalesce(cache_read, input) * 1000000) as bigint) as cache_read_rate,
    long_threshold_tokens,
    cast(round(long_input * 1000000) as bigint) as long_input_rate,
    cast(round(long_output * 1000000) as bigint) as long_output_rate,
    coalesce(fast_multiplier, 1) as fast_multiplier
from seeds.model_prices
