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
--   is_less_better   whether less of it is better
--   is_skill         whether it tells how well rather than how much
--   is_strongest     the skill that improved most
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
    growth.is_less_better,
    growth.is_skill,
    growth.is_strongest
from marts.growth
inner join period on period.period_kind = growth.period_kind and period.period = growth.period
order by metric_name
