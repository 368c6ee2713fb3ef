-- Every month with activity, and what it came to.
-- grain: month
-- columns:
--   month                2026-02
--   month_start          its first local date
--   session_count        main sessions active in it
--   subagent_count       sub-agents active in it
--   active_seconds       active time of main sessions
--   cost_usd             at list price, priced calls only
--   unpriced_call_count  calls whose model has no price
--   total_tokens         input, output and both kinds of cache
--   prompt_count         what people asked
with days as (
    select
        *,
        substr(cast(local_date as varchar), 1, 7) as day_month,
        cast(substr(cast(local_date as varchar), 1, 7) || '-01' as date) as day_month_start
    from marts.session_days
),
final as (
    select
        day_month as month,
        day_month_start as month_start,
        count(distinct case when not (is_subagent or is_extraction) then session_id end) as session_count,
        count(distinct case when is_subagent then session_id end) as subagent_count,
        sum(case when is_subagent then 0 else active_seconds end) as active_seconds,
        cast(coalesce(sum(cost_usd), 0) as decimal(18, 6)) as cost_usd,
        sum(unpriced_call_count) as unpriced_call_count,
        coalesce(sum(total_tokens), 0) as total_tokens,
        sum(prompt_count) as prompt_count
    from days
    group by day_month, day_month_start
)
select * from final
order by month
