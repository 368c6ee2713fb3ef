-- Usage lines that were left out, by rule: in the period and in all. The counted calls stand beside them as their own row.
-- grain: duplicate_rule
-- columns:
--   duplicate_rule             counted, for the calls; else why lines were left out
--   period_line_count          lines, or calls, in the period
--   period_input_tokens        not from the cache
--   period_output_tokens       answered
--   period_cache_read_tokens   read from the cache
--   period_cache_write_tokens  written to the cache
--   period_total_tokens        all four
--   line_count                 lines, or calls, in all
--   input_tokens               not from the cache, in all
--   output_tokens              answered, in all
--   cache_read_tokens          read from the cache, in all
--   cache_write_tokens         written to the cache, in all
--   total_tokens               all four, in all
with calls as (
    select
        local_date,
        count(*) as line_count,
        sum(input_tokens) as input_tokens,
        sum(output_tokens) as output_tokens,
        sum(cache_read_tokens) as cache_read_tokens,
        sum(cache_write_tokens) as cache_write_tokens
    from marts.llm_calls
    group by local_date
),
lines as (
    select
        'counted' as duplicate_rule, local_date, line_count, input_tokens, output_tokens, cache_read_tokens,
        cache_write_tokens
    from calls
    union all
    select
        duplicate_rule, local_date, line_count, input_tokens, output_tokens, cache_read_tokens, cache_write_tokens
    from marts.duplicates
),
marked as (
    select
        lines.*,
        coalesce(lines.input_tokens, 0) + coalesce(lines.output_tokens, 0)
        + coalesce(lines.cache_read_tokens, 0) + coalesce(lines.cache_write_tokens, 0) as total_tokens,
        case
            when lines.local_date >= period.period_start and lines.local_date < period.period_end then 1 else 0
        end as in_period
    from lines
    cross join period
),
final as (
    select
        duplicate_rule,
        cast(sum(in_period * line_count) as bigint) as period_line_count,
        cast(sum(in_period * input_tokens) as bigint) as period_input_tokens,
        cast(sum(in_period * output_tokens) as bigint) as period_output_tokens,
        cast(sum(in_period * cache_read_tokens) as bigint) as period_cache_read_tokens,
        cast(sum(in_period * cache_write_tokens) as bigint) as period_cache_write_tokens,
        cast(sum(in_period * total_tokens) as bigint) as period_total_tokens,
        cast(sum(line_count) as bigint) as line_count,
        cast(sum(input_tokens) as bigint) as input_tokens,
        cast(sum(output_tokens) as bigint) as output_tokens,
        cast(sum(cache_read_tokens) as bigint) as cache_read_tokens,
        cast(sum(cache_write_tokens) as bigint) as cache_write_tokens,
        cast(sum(total_tokens) as bigint) as total_tokens
    from marked
    group by duplicate_rule
)
select * from final
order by duplicate_rule
