-- Friction in dollars: what the period spent between each sign of friction and the recovery from it, dearest first.
-- grain: friction_sign
-- columns:
--   friction_sign        correction, tool_failure, interruption, rejection or api_error
--   span_count           stretches between a sign and its recovery
--   recovered_count      of these, those that were mended
--   llm_call_count       calls within them, each counted once
--   total_tokens         tokens of these calls
--   cost_usd             at list price, priced calls only; null where no log has usage
--   unpriced_call_count  of these calls, those without a price
--   cost_share           of what the period cost, 0 to 1; null where that is nothing
with total as (
    select sum(days.cost_usd) as cost_usd
    from marts.session_days as days
    inner join period on days.local_date >= period.period_start and days.local_date < period.period_end
),
spans as (
    select
        friction_spans.friction_sign,
        count(*) as span_count,
        sum(case when friction_spans.is_recovered then 1 else 0 end) as recovered_count,
        sum(friction_spans.llm_call_count) as llm_call_count,
        sum(friction_spans.total_tokens) as total_tokens,
        sum(friction_spans.cost_usd) as cost_usd,
        sum(friction_spans.unpriced_call_count) as unpriced_call_count
    from marts.friction_spans
    inner join period
        on friction_spans.local_date >= period.period_start and friction_spans.local_date < period.period_end
    group by friction_spans.friction_sign
),
final as (
    select
        spans.friction_sign,
        spans.span_count,
        spans.recovered_count,
        spans.llm_call_count,
        spans.total_tokens,
        cast(spans.cost_usd as decimal(18, 6)) as cost_usd,
        spans.unpriced_call_count,
        round(cast(spans.cost_usd as double) / nullif(cast(total.cost_usd as double), 0), 4) as cost_share
    from spans
    cross join total
)
select * from final
order by cost_usd desc, span_count desc, friction_sign
