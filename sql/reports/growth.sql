-- How the period's metrics have grown: against the period before, and over the eight up to it that have a value.
-- grain: metric_name
-- columns:
--   metric_name      as in sql/seeds/growth_metrics.csv
--   metric_value     in the period
--   previous_value   in the period before, null where it has none
--   recent_change    relative, null where there is nothing to compare with
--   trend_direction  improving, declining or stable
--   trend_strength   correlation with time, -1 to 1; null where too few periods tell
--   mean_value       over the window, as the following
--   std_dev          null for one period
--   min_value        least
--   max_value        most
--   period_count     periods in the window
--   improved_count   of these, those better than the one right before
--   better_streak_count  periods in a row up to this one that were better than the one right before
--   worse_streak_count   the same, worse
--   is_less_better   whether less of it is better
--   is_skill         whether it tells how well rather than how much
--   is_strongest     the skill that improved most
with history as (
    select
        growth.metric_name,
        growth.period_start,
        coalesce(growth.metric_value - growth.previous_value, 0) * case when growth.is_less_better then -1 else 1 end
            as improvement
    from marts.growth
    inner join period on period.period_kind = growth.period_kind and growth.period_start <= period.period_start
),
broken as (
    select
        metric_name,
        sum(case when improvement > 0 then 0 else 1 end) over latest as not_better_count,
        sum(case when improvement < 0 then 0 else 1 end) over latest as not_worse_count
    from history
    window latest as (
        partition by metric_name order by period_start desc rows between unbounded preceding and current row
    )
),
streaks as (
    select
        metric_name,
        count(case when not_better_count = 0 then 1 end) as better_streak_count,
        count(case when not_worse_count = 0 then 1 end) as worse_streak_count
    from broken
    group by metric_name
),
final as (
    select
        growth.metric_name,
        growth.metric_value,
        growth.previous_value,
        growth.recent_change,
        growth.trend_direction,
        growth.trend_strength,
        growth.mean_value,
        growth.std_dev,
        growth.min_value,
        growth.max_value,
        growth.period_count,
        growth.improved_count,
        streaks.better_streak_count,
        streaks.worse_streak_count,
        growth.is_less_better,
        growth.is_skill,
        growth.is_strongest
    from marts.growth
    inner join period on period.period_kind = growth.period_kind and period.period = growth.period
    inner join streaks on streaks.metric_name = growth.metric_name
)
select * from final
order by metric_name
