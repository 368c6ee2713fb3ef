-- Every metric of every week and month, oldest first.
-- grain: user_id, period_kind, metric_name, period
-- columns:
--   user_id          whose logs
--   period_kind      weekly or monthly
--   period           2026-W07 or 2026-02
--   period_start     first local date
--   metric_name      as in sql/seeds/growth_metrics.csv
--   metric_value     in the period
--   previous_value   in the period right before, null where that has none
--   recent_change    relative, null where there is nothing to compare with
--   trend_direction  improving, declining or stable
--   trend_strength   correlation with time over the window, -1 to 1; null where too few periods tell
--   period_count     periods in the window, at most eight
--   is_less_better   whether less of it is better
--   is_skill         whether it tells how well rather than how much
select
    user_id, period_kind, period, period_start, metric_name, metric_value, previous_value, recent_change,
    trend_direction, trend_strength, period_count, is_less_better, is_skill
from marts.growth
order by user_id, period_kind, metric_name, period_start
