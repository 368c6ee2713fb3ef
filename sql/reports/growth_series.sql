-- How each metric of growth came to where it is: its values in the eight periods up to this one that have one.
-- grain: metric_name, period
-- columns:
--   metric_name   as in growth
--   period        2026-W07 or 2026-02
--   period_start  first local date
--   metric_value  in that period
with known as (
    select
        growth.metric_name,
        growth.period,
        growth.period_start,
        growth.metric_value,
        growth.period = period.period as is_current,
        row_number() over (partition by growth.metric_name order by growth.period_start desc) as age_rank
    from marts.growth
    inner join period on period.period_kind = growth.period_kind and growth.period_start <= period.period_start
),
final as (
    select known.metric_name, known.period, known.period_start, known.metric_value
    from known
    inner join known as now on now.metric_name = known.metric_name and now.is_current
    where known.age_rank <= 8
)
select * from final
order by metric_name, period_start
