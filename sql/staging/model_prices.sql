-- Rates in millionths of a USD per million tokens (integers, so that costs stay exact), by model and date.
-- grain: model_key, effective_from
with rates as (
    select
        model as price_model,
        price_key(model) as model_key,
        coalesce(effective_from, date '1970-01-01') as effective_from,
        cast(round(input * 1000000) as bigint) as input_rate,
        cast(round(output * 1000000) as bigint) as output_rate,
        cast(round(coalesce(cache_write_5m, input) * 1000000) as bigint) as cache_write_5m_rate,
        cast(round(coalesce(cache_write_1h, cache_write_5m, input) * 1000000) as bigint) as cache_write_1h_rate,
        cast(round(coalesce(cache_read, input) * 1000000) as bigint) as cache_read_rate,
        long_threshold_tokens,
        cast(round(coalesce(long_input, input) * 1000000) as bigint) as long_input_rate,
        cast(round(coalesce(long_output, output) * 1000000) as bigint) as long_output_rate,
        cast(fast_multiplier * 1000 as bigint) as fast_thousandths,
        is_own
    from seeds.model_prices
)
-- Cache rates are multiples of the input rate, so a long request scales them alike.
select
    *,
    long_cache_rate(cache_write_5m_rate, input_rate, long_input_rate) as long_cache_write_5m_rate,
    long_cache_rate(cache_write_1h_rate, input_rate, long_input_rate) as long_cache_write_1h_rate,
    long_cache_rate(cache_read_rate, input_rate, long_input_rate) as long_cache_read_rate
from rates
