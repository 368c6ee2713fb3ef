-- Period measures come from session_days alone, so it must hold every timed call exactly once.
-- severity: fail
with days as (
    select sum(llm_call_count) as call_count, sum(total_tokens) as tokens, sum(cost_usd) as cost_usd
    from marts.session_days
),
calls as (
    select
        count(*) as call_count,
        sum(
            coalesce(input_tokens, 0) + coalesce(output_tokens, 0)
            + coalesce(cache_read_tokens, 0) + coalesce(cache_write_tokens, 0)
        ) as tokens,
        sum(cost_usd) as cost_usd
    from marts.llm_calls
    where called_at is not null
)
select d.call_count, c.call_count as expected_call_count, d.tokens, c.tokens as expected_tokens
from days as d, calls as c
where c.call_count > 0
    and (
        d.call_count <> c.call_count or d.tokens <> c.tokens
        or coalesce(d.cost_usd, 0) <> coalesce(c.cost_usd, 0)
    )
